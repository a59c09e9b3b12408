package losses

// A Weighing is a loss that may be given by its weights alone, as General Pair Weighting writes every loss (Wang et al., CVPR 2019, eq. 2): its value
// is Σ G_ij·S_ij, and so can be held against G although G is not its derivative.
type Weighing interface {
	// Weighs reports whether the loss is given so.
	Weighs() bool
}

package losses

// An EpochObserver is a loss that looks at the whole training set once an epoch. A
// trainer calls ObserveClasses before the first step and then once an epoch. Until the
// first call the loss uses the batch alone.
type EpochObserver interface {
	Loss
	// ObserveClasses says how the training set is embedded now. The loss reads c during
	// the call only.
	ObserveClasses(c ClassMeans)
}

// ClassMeans are the classes of a training set, each with the mean of its embeddings. For
// unit vectors that is enough for the mean of d² over pairs. Its methods panic if a class
// is out of range.
type ClassMeans struct {
	Labels []int       // ascending
	Sizes  []int       // rows of each, 1 or more
	Means  [][]float64 // of the unit vectors of each; not unit vectors themselves
}

// Between returns the mean d² over the pairs of one row of class i and one of class j,
// i ≠ j: 2 − 2μ_i·μ_j.
func (c ClassMeans) Between(i, j int) float64 { return max(0, 2-2*dot(c.Means[i], c.Means[j])) }

// Within returns the mean d² over the pairs of rows of class i: 2n(1 − ‖μ_i‖²)/(n−1), and
// 0 for a class of one.
func (c ClassMeans) Within(i int) float64 {
	n := float64(c.Sizes[i])
	if n < 2 {
		return 0
	}
	return max(0, 2*n*(1-dot(c.Means[i], c.Means[i]))/(n-1))
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for k, v := range x {
		sum += v * y[k]
	}
	return sum
}

package losses

import "gpwbench/internal/f64"

// TripletSwap is the triplet loss in which the positive and the anchor may change places.
// It is the mean over the triplets with a positive value:
//
//	[d_ap − min(d_an, d_pn) + μ]₊
//
// The source is Balntas et al., BMVC 2016. The mean over active terms is that of
// pytorch-metric-learning. The gradient of the negative goes to the nearer of its two
// pairs, which may be in the row of the positive. Of equally near pairs it goes to the
// anchor's. An anchor that lacks either side has no triplet. Which triplets are active
// depends on two rows, so sorting one row does not help, and every triplet is examined.
type TripletSwap struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"by how much the negative should be farther than the positive"`
}

// Eval implements [Loss].
func (l TripletSwap) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	CheckSquare(b, "the triplet loss with swap")
	return sumTriplets(b, g, l.Margin, func(t *classRows, x, y int, _, bound float64) int {
		return f64.AddNearer(t.row(t.count, x), t.row(t.count, y), t.row(t.d, x), t.row(t.d, y), bound)
	})
}

var tripletSwap = Spec{
	Name:     "triplet_swap",
	Title:    "Triplet with swap",
	Cite:     "Balntas et al., BMVC 2016",
	Year:     2016,
	Family:   Triplets,
	Formula:  "L = (1/k) Σ [d_ap − min(d_an, d_pn) + μ]₊",
	Relation: Square,
	Traits:   BatchCoupled | CountDivisor,
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning with swap", Code: codePML, Form: "losses.TripletSwap", Value: TripletSwap{Margin: 0.05}, Oracle: "golden triplet_all_l2_swap"},
	},
}

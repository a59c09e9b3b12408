package losses

import "gpwbench/internal/f64"

// TripletAngular is the triplet loss over the triplets whose angle at the negative is
// wide. It is the mean over those with a positive value:
//
//	L = (1/k) Σ [d_ap − d_an + μ]₊  over  atan( d_ap / 2‖x_n − (x_a+x_p)/2‖ ) > α
//
// The angle is that of [Angular]. The selection is that of pytorch-metric-learning's
// AngularMiner and has no gradient. It needs S_pn and so the row of the positive. Every
// triplet is examined, by two comparisons.
type TripletAngular struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"by how much the negative should be farther than the positive"`
	Angle  float64 `yaml:"angle" sym:"α" in:"[0,89]" doc:"angle, in degrees, beyond which a triplet takes part"`
}

// Eval implements [Loss].
func (l TripletAngular) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	CheckSquare(b, "the triplet loss with angular selection")
	sin, _ := sincos(l.Angle)
	return sumTriplets(b, g, l.Margin, func(t *classRows, x, y int, s, bound float64) int {
		if x == 0 && y == 1 { // the first pair of a class
			Scaled(t.s, t.s, 1, 1)
		}
		if d, _ := Distance(s); d == 0 { // of duplicates the angle is 0
			return 0
		}

		// With u = 1 − S the squared distance of n to the middle of the pair is
		// u_an + u_pn − u_ap/2. That of a and of p to the middle is u_ap/2. So the angle
		// exceeds α if u_an + u_pn < u_ap / 2sin²α.
		least := (s - 1) / (2 * sin * sin)
		return f64.AddWide(t.row(t.count, x), t.row(t.s, x), t.row(t.s, y), t.row(t.d, x), least, bound)
	})
}

var tripletAngular = Spec{
	Name:     "triplet_angular",
	Title:    "Triplet, angular selection",
	Cite:     "Wang et al., ICCV 2017, for the angle",
	Year:     2017,
	Family:   Triplets,
	Formula:  "L = (1/k) Σ [d_ap − d_an + μ]₊ over atan( d_ap / 2‖x_n − (x_a+x_p)/2‖ ) > α",
	Relation: Square,
	Traits:   BatchCoupled | CountDivisor,
	Revision: 3,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default triplet loss with its angular miner", Code: codePML, Form: "losses.TripletAngular", Value: TripletAngular{Margin: 0.05, Angle: 20}, Oracle: "finite differences; the miner's golden triplets"},
	},
}

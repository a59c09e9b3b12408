package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Margin is the margin-based loss with a fixed boundary β. It is the mean over the active
// pairs of
//
//	[α + d − β]₊  for a positive,  [α + β − d]₊  for a negative
//
// The source is Wu et al., ICCV 2017, whose β is learned, as that of [LearnedMargin] is.
// Their pairs come from distance-weighted sampling, which is the miner distance_weighted;
// here all pairs of the batch take part. The divisor counts both sides together, and an
// anchor that lacks one keeps the other, unless Triplets is set.
type Margin struct {
	Margin float64 `yaml:"margin" alias:"alpha" sym:"α" in:"[0,2]" doc:"half the gap between positives and negatives"`
	Beta   float64 `yaml:"beta" sym:"β" in:"[0,2]" doc:"distance of the boundary between positives and negatives"`

	// Triplets counts a pair once for every triplet that it is in, as in
	// pytorch-metric-learning. An anchor that lacks either side then adds nothing.
	Triplets bool
}

// EvalAnchor implements [AnchorLoss].
func (l Margin) EvalAnchor(a *Anchor) (sum, terms float64) {
	pos, neg := 1.0, 1.0
	if l.Triplets {
		if len(a.Pos) == 0 || len(a.Neg) == 0 {
			return 0, 0
		}
		pos, neg = float64(len(a.Neg)), float64(len(a.Pos))
	}

	sum, far, near := l.weighted(a, pos, neg)
	return sum, far + near
}

// weighted counts every positive pos times and every negative neg times. far and near are
// the counts of the positives and of the negatives that are active.
func (l Margin) weighted(a *Anchor, pos, neg float64) (sum, far, near float64) {
	positives, slopePos, negatives, slopeNeg := AnchorDistances(a)

	active, total := f64.AddBetween(a.GPos, Scaled(positives, positives, 1, l.Beta-l.Margin), 0, math.Inf(1), pos)
	sum, far = pos*total, pos*float64(active)

	active, total = f64.AddBetween(a.GNeg, Scaled(negatives, negatives, -1, l.Beta+l.Margin), 0, math.Inf(1), -neg)
	sum, near = sum+neg*total, neg*float64(active)

	f64.Multiply(a.GPos, slopePos)
	f64.Multiply(a.GNeg, slopeNeg)
	return sum, far, near
}

var margin = Spec{
	Name:     "margin",
	Title:    "Margin",
	Cite:     "Wu et al., ICCV 2017",
	Year:     2017,
	Family:   Pairwise,
	Formula:  "L = (1/k) { Σ_P [α + d − β]₊ + Σ_N [α + β − d]₊ }",
	Traits:   CountDivisor,
	Revision: 1,
	Presets: []Preset{
		{Name: "pairs", Source: "Wu et al., ICCV 2017, over all pairs, β fixed at its start", Form: "losses.Margin", Value: Margin{Margin: 0.2, Beta: 1.2}, Oracle: "golden margin_pairs"},
		{Name: "learned", Source: "Wu et al., ICCV 2017, one β for all, learned; the rate of Roth et al., ICML 2020", Form: "losses.LearnedMargin", Value: LearnedMargin{Margin: 0.2, Beta: 1.2, Boundary: "shared", Rate: 5e-4}, Oracle: "golden margin_pairs"},
		{Name: "per_class", Source: "Wu et al., ICCV 2017, β with an offset for every class, learned; the rate of Roth et al., ICML 2020", Form: "losses.LearnedMargin", Value: LearnedMargin{Margin: 0.2, Beta: 1.2, Boundary: "per_class", Rate: 5e-4}, Oracle: "golden margin_pairs"},
		{Name: "pml", Source: "pytorch-metric-learning's default, over all triplets", Code: codePML, Form: "losses.MarginTriplets", Value: Margin{Margin: 0.2, Beta: 1.2, Triplets: true}, Oracle: "golden margin_triplets_pml"},
	},
}

package losses

// Margin is the margin-based loss with a boundary β that is fixed, the mean over its active pairs:
//
//	[α + d − β]₊  for a positive,  [α + β − d]₊  for a negative
//
// Wu et al., ICCV 2017, where β is learned, with an offset for every class, and pairs come from distance-weighted sampling; here all
// pairs of the batch take part. The divisor counts both sides together.
type Margin struct {
	Margin float64 `yaml:"margin" alias:"alpha" sym:"α" in:"[0,2]" doc:"half the gap between positives and negatives"`
	Beta   float64 `yaml:"beta" sym:"β" in:"[0,2]" doc:"distance of the boundary between positives and negatives"`
}

// Anchor implements [Anchored].
func (l Margin) Anchor(a *Anchor) (sum, terms float64) { return l.weighted(a, 1, 1) }

// weighted counts every positive pos times and every negative neg times.
func (l Margin) weighted(a *Anchor, pos, neg float64) (sum, terms float64) {
	for k, s := range a.Pos {
		d, slope := distance(s)
		if h := l.Margin + d - l.Beta; h > 0 {
			sum, terms = sum+pos*h, terms+pos
			a.GPos[k] = pos * slope
		}
	}
	for k, s := range a.Neg {
		d, slope := distance(s)
		if h := l.Margin + l.Beta - d; h > 0 {
			sum, terms = sum+neg*h, terms+neg
			a.GNeg[k] = -neg * slope
		}
	}
	return sum, terms
}

// MarginTriplets is [Margin] over all triplets: a pair counts once for every triplet that it is in, as in pytorch-metric-learning, so an
// anchor that lacks either side adds nothing.
type MarginTriplets struct {
	Margin float64 `yaml:"margin" alias:"alpha" sym:"α" in:"[0,2]" doc:"half the gap between positives and negatives"`
	Beta   float64 `yaml:"beta" sym:"β" in:"[0,2]" doc:"distance of the boundary between positives and negatives"`
}

// Anchor implements [Anchored].
func (l MarginTriplets) Anchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 0
	}
	return Margin(l).weighted(a, float64(len(a.Neg)), float64(len(a.Pos)))
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
		{Name: "pairs", Source: "Wu et al., ICCV 2017, over all pairs, β fixed at its start", Value: Margin{Margin: 0.2, Beta: 1.2}, Oracle: "golden margin_pairs"},
		{Name: "pml", Source: "pytorch-metric-learning's default, over all triplets", Value: MarginTriplets{Margin: 0.2, Beta: 1.2}, Oracle: "golden margin_triplets_pml"},
	},
}

package losses

import "gpwbench/internal/f64"

// LiftedStructure is the lifted structured loss on cosine similarities, as General Pair
// Weighting states it:
//
//	L = (1/m) Σ_i [ λ + log Σ_{P_i} e^{−S_ij} + log Σ_{N_i} e^{S_ij} ]₊
//
// While the hinge is open, the weights are softmax shares of the positives by −S and of
// the negatives by S. λ only decides whether the hinge is open. The source is Wang et
// al., CVPR 2019, eq. 6, after Song et al., CVPR 2016. That equation sums over anchors
// and does not divide by m. An anchor that lacks either side adds nothing and counts in
// m.
type LiftedStructure struct {
	Lambda float64 `yaml:"lambda" alias:"margin" sym:"λ" in:"[-2,4]" doc:"margin in the exponent of the positives; opens the hinge"`
}

// EvalAnchor implements [AnchorLoss].
func (l LiftedStructure) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 1
	}

	pos := Scaled(a.Scratch(len(a.Pos)), a.Pos, -1, 0)
	neg := Scaled(a.Scratch(len(a.Neg)), a.Neg, 1, 0)
	sum = l.Lambda + LogSumExp(pos) + LogSumExp(neg)
	if sum <= 0 {
		return 0, 1
	}

	f64.Scale(a.GPos, pos, -1, 0)
	copy(a.GNeg, neg)
	return sum, 1
}

// LiftedStar is LiftedStruct* of the ablation of Wang et al., CVPR 2019. It has no hinge,
// and a scale for each side:
//
//	L = (1/m) Σ_i [ (2/α) log Σ_{P_i} e^{−α S_ij} + (2/β) log Σ_{N_i} e^{β S_ij} ]
//
// It is the form of the authors' earlier code, bnu-wangxun/Deep_Metric, with mining and
// without. In that code α and β have each other's names. The weights of a side are
// softmax shares of 2/m. The value can be negative. An anchor that lacks either side adds
// nothing and counts in m.
type LiftedStar struct {
	Alpha float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
	Beta  float64 `yaml:"beta" alias:"scale_neg" sym:"β" in:"(0,inf)" doc:"scale of the negatives"`
}

// EvalAnchor implements [AnchorLoss].
func (l LiftedStar) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, 1
	}

	pos, neg := Scaled(a.GPos, a.Pos, -l.Alpha, 0), Scaled(a.GNeg, a.Neg, l.Beta, 0)
	sum = 2/l.Alpha*LogSumExp(pos) + 2/l.Beta*LogSumExp(neg)
	f64.Scale(pos, pos, -2, 0)
	f64.Scale(neg, neg, 2, 0)
	return sum, 1
}

var liftedStructure = Spec{
	Name:    "lifted_structure",
	Title:   "LiftedStruct",
	Cite:    "Song et al., CVPR 2016; in cosine form Wang et al., CVPR 2019, eq. 6",
	Year:    2016,
	Family:  Tuples,
	Formula: "L = (1/m) Σ_i [ λ + log Σ_{P_i} e^{−S_ij} + log Σ_{N_i} e^{S_ij} ]₊",
	Table1:  Axes{N},
	Notes: []string{
		"star and deep_metric have no hinge and a scale for each side: L = (1/m) Σ_i [ (2/α) log Σ_{P_i} e^{−α S_ij} + (2/β) log Σ_{N_i} e^{β S_ij} ], which may be below 0.",
	},
	Revision: 1,
	Presets: []Preset{
		{Name: "gpw", Source: "Wang et al., CVPR 2019, eq. 6; the paper gives no λ", Form: "losses.LiftedStructure", Value: LiftedStructure{Lambda: 0.5}, Oracle: "golden lifted_gpw"},
		{Name: "star", Source: "LiftedStruct* of Wang et al., CVPR 2019, as in the authors' earlier code; scales as Multi-Similarity's", Code: codeDeepMetric,
			Departs: "in the code α and β carry each other's names",
			Form:    "losses.LiftedStar", Value: LiftedStar{Alpha: 2, Beta: 40}, Oracle: "golden lifted_star"},
		{Name: "deep_metric", Source: "the ablation's row as in the authors' earlier code (bnu-wangxun/Deep_Metric), by its defaults: the same as star", Code: codeDeepMetric,
			Departs: "in the code α and β carry each other's names",
			Form:    "losses.LiftedStar", Value: LiftedStar{Alpha: 2, Beta: 40}, Oracle: "golden lifted_star"},
	},
}

package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// NCA is neighbourhood components analysis as a log loss on unit vectors:
//
//	L = −(1/k) Σ_i log p_i        k anchors that have a positive
//	p_i = Σ_{P_i} e^{2s S_ij} / Σ_{j≠i} e^{2s S_ij}
//
// 2s·S is −s·d² up to a constant, so s scales squared distances. Goldberger et al., NIPS
// 2004, maximise Σ p_i instead of Σ log p_i, as Probability does. pytorch-metric-learning
// drops the anchors whose p_i underflows, which are the hardest ones. Here the logarithm
// is taken first, so they stay. An anchor without negatives has p_i = 1.
type NCA struct {
	Scale float64 `yaml:"scale" alias:"softmax_scale" sym:"s" in:"(0,inf)" doc:"scale of the squared distances, an inverse temperature"`

	// Probability makes it the loss as first stated. That is the negated expected share
	// of anchors that are classified correctly:
	//
	//	L = −(1/m) Σ_i p_i
	//
	// Anchors that are far from a correct classification have almost no gradient, as
	// their p_i is flat. An anchor without positives has p_i = 0 and counts in m.
	Probability bool
}

// EvalAnchor implements [AnchorLoss].
func (l NCA) EvalAnchor(a *Anchor) (sum, terms float64) {
	if !l.Probability {
		return l.logarithm(a)
	}
	if len(a.Pos) == 0 {
		return 0, 1
	}

	loss, _ := l.logarithm(a)
	p := math.Exp(-loss) // the derivative −∂p is p·∂(−log p)
	f64.Scale(a.GPos, a.GPos, p, 0)
	f64.Scale(a.GNeg, a.GNeg, p, 0)
	return -p, 1
}

// logarithm is EvalAnchor of the log loss.
func (l NCA) logarithm(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}
	if len(a.Neg) == 0 {
		return 0, 1
	}

	pos := Scaled(a.GPos, a.Pos, 2*l.Scale, 0)
	neg := Scaled(a.GNeg, a.Neg, 2*l.Scale, 0)

	// L is log(1 + N/P), from the two logarithms. The share of the negatives is the
	// sigmoid.
	z := -LogSumExp(pos) + LogSumExp(neg)
	wrong := Sigmoid(z)
	f64.Scale(pos, pos, -2*l.Scale*wrong, 0)
	f64.Scale(neg, neg, 2*l.Scale*wrong, 0)
	return Softplus(z), 1
}

var nca = Spec{
	Name:     "nca",
	Title:    "NCA",
	Cite:     "Goldberger et al., NIPS 2004",
	Year:     2004,
	Family:   Tuples,
	Formula:  "L = −(1/k) Σ_i log( Σ_{P_i} e^{2s S_ij} / Σ_{j≠i} e^{2s S_ij} )",
	Table1:   Axes{N, P},
	Revision: 1,
	Presets: []Preset{
		{Name: "log", Source: "the log form common in deep metric learning, as in pytorch-metric-learning", Code: codePML,
			Departs: "the library drops the anchors whose probability underflows, the hardest ones; here the logarithm is taken first, and they stay",
			Form:    "losses.NCA", Value: NCA{Scale: 1}, Oracle: "golden nca"},
		{Name: "probability", Source: "Goldberger et al., NIPS 2004, as a mean", Form: "losses.NCAProbability", Value: NCA{Scale: 1, Probability: true}, Oracle: "golden nca_prob_2004"},
	},
}

// SoftNearestNeighbor is [NCA] with a temperature instead of a scale:
//
//	L = −(1/k) Σ_i log( Σ_{P_i} e^{−d²/T} / Σ_{j≠i} e^{−d²/T} )
//
// The sources are Salakhutdinov & Hinton, AISTATS 2007, and Frosst et al., ICML 2019, who
// also learn T.
type SoftNearestNeighbor struct {
	Temperature float64 `yaml:"temperature" sym:"T" in:"(0,inf)" doc:"temperature of the squared distances"`
}

// EvalAnchor implements [AnchorLoss].
func (l SoftNearestNeighbor) EvalAnchor(a *Anchor) (sum, terms float64) {
	return NCA{Scale: 1 / l.Temperature}.EvalAnchor(a)
}

var softNearestNeighbor = Spec{
	Name:     "soft_nearest_neighbor",
	Title:    "Soft nearest neighbour",
	Cite:     "Salakhutdinov & Hinton, AISTATS 2007; Frosst et al., ICML 2019",
	Year:     2007,
	Family:   Tuples,
	Formula:  "L = −(1/k) Σ_i log( Σ_{P_i} e^{−d²/T} / Σ_{j≠i} e^{−d²/T} )",
	Revision: 1,
	Presets: []Preset{
		{Name: "half", Source: "this project's: T 0.5", Form: "losses.SoftNearestNeighbor", Value: SoftNearestNeighbor{Temperature: 0.5}, Oracle: "golden soft_nearest_neighbor_T0.5"},
	},
}

package losses

// NCA is neighbourhood components analysis as a log loss on unit vectors:
//
//	L = −(1/k) Σ_i log( Σ_{P_i} e^{2s S_ij} / Σ_{j≠i} e^{2s S_ij} )        k anchors that have a positive
//
// 2s·S is −s·d² up to a constant, so s scales squared distances. Goldberger et al., NIPS 2004, maximises Σ p_i instead of Σ log p_i.
// pytorch-metric-learning drops the anchors whose p_i underflows, the hardest ones; here the logarithm is taken first and they
// stay. An anchor without negatives has p_i = 1.
type NCA struct {
	Scale float64 `yaml:"scale" alias:"softmax_scale" sym:"s" in:"(0,inf)" doc:"scale of the squared distances, an inverse temperature"`
}

// Anchor implements [Anchored].
func (l NCA) Anchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}
	if len(a.Neg) == 0 {
		return 0, 1
	}
	pos := scaled(a.Scratch(len(a.Pos)), a.Pos, 2*l.Scale, 0)
	neg := scaled(a.Scratch(len(a.Neg)), a.Neg, 2*l.Scale, 0)
	// log(1 + N/P) from the two logarithms: the share of the negatives is its sigmoid.
	z := -logSumExp(pos) + logSumExp(neg)
	wrong := sigmoid(z)
	for k, share := range pos {
		a.GPos[k] = -2 * l.Scale * wrong * share
	}
	for k, share := range neg {
		a.GNeg[k] = 2 * l.Scale * wrong * share
	}
	return softplus(z), 1
}

var nca = Spec{
	Name:     "nca",
	Title:    "NCA",
	Cite:     "Goldberger et al., NIPS 2004",
	Year:     2004,
	Family:   Tuples,
	Formula:  "L = −(1/k) Σ_i log( Σ_{P_i} e^{2s S_ij} / Σ_{j≠i} e^{2s S_ij} )",
	Uses:     NegRel | PosRel,
	Revision: 1,
	Presets: []Preset{
		{Name: "log", Source: "the log form common in deep metric learning, as in pytorch-metric-learning", Value: NCA{Scale: 1}, Oracle: "golden nca"},
	},
}

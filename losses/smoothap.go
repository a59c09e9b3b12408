package losses

// SmoothAP is one minus the average precision of each anchor's ranking, with a sigmoid
// for every comparison:
//
//	L = 1 − (1/k) Σ_q (1/|P_q|) Σ_{i∈P_q} R⁺_i / R_i        k anchors with a positive
//	R⁺_i = 1 + Σ_{j∈P_q, j≠i} σ((S_qj − S_qi)/τ)
//	R_i  = R⁺_i + Σ_{n∈N_q} σ((S_qn − S_qi)/τ)
//
// The source is Brown et al., ECCV 2020. The anchor itself is not in its ranking, as the
// paper says. The authors' code counts it as a positive, which makes values smaller and
// weights different, and cuts exponents at ±50. A positive ahead of other positives can
// have G > 0. Each of two equal similarities counts one half as before the other.
//
// An anchor without negatives has precision 1. An anchor without positives does not
// count. An anchor costs p+n, by [pairSums].
type SmoothAP struct {
	Temperature float64 `yaml:"temperature" alias:"anneal" sym:"τ" in:"(0,inf)" doc:"temperature of the comparisons"`
}

// EvalAnchor implements [AnchorLoss].
func (l SmoothAP) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}

	r := a.rank(l.Temperature)
	each := 1 / float64(len(a.Pos))
	for i := range a.Pos {
		ahead := 0.5 + r.ahead[i] // r.ahead has another ½, of i itself
		behind := r.behind[i]
		all := ahead + behind
		sum += each * behind / all // 1 − R⁺/R
		r.byAhead[i] = -each * behind / (all * all)
		r.byBehind[i] = each * ahead / (all * all)
	}

	r.backward(a)
	return sum, 1
}

var smoothAP = Spec{
	Name:     "smooth_ap",
	Title:    "Smooth-AP",
	Cite:     "Brown et al., ECCV 2020",
	Year:     2020,
	Family:   Ranking,
	Formula:  "L = 1 − (1/k) Σ_q (1/|P_q|) Σ_{i∈P_q} R⁺_i / R_i",
	Traits:   SignChanging,
	Revision: 3,
	Presets: []Preset{
		{Name: "paper", Source: "Brown et al., ECCV 2020, without the anchor in its own ranking",
			Departs: "the authors' code and pytorch-metric-learning 2.9.0 count the anchor as a positive of itself. That library also takes rows a class for the number of groups, so its groups are classes only where there are as many classes as rows a class",
			Form:    "losses.SmoothAP", Value: SmoothAP{Temperature: 0.01}, Oracle: "golden smoothap_0.01"},
	},
}

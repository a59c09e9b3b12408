package losses

import "gpwbench/internal/f64"

// Template is General Pair Weighting's template with weights chosen by hand. The gradient
// of a positive is −1/m and that of a negative is w/m:
//
//	L = (1/m) Σ_i [ Σ_{P_i} (1 − S_ij) + Σ_{N_i} w_ij S_ij ]
//	w = σ(s (S − λ)) held constant
//
// Every pair-based loss has this form with its own weights (Wang et al., CVPR 2019, eq.
// 3). This one is for trying weights that belong to no loss. G is not the derivative of
// the value. The two sides are separate sums, so an anchor that lacks one keeps the
// other.
type Template struct {
	Scale  float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"steepness of the negatives' weight"`
	Lambda float64 `yaml:"lambda" sym:"λ" in:"[-1,1]" doc:"similarity at which a negative weighs one half"`
}

// EvalAnchor implements [AnchorLoss].
func (l Template) EvalAnchor(a *Anchor) (sum, terms float64) {
	for k, s := range a.Pos {
		sum += 1 - s
		a.GPos[k] = -1
	}
	f64.Sigmoid(a.GNeg, a.Scratch(len(a.Neg)), Scaled(a.GNeg, a.Neg, l.Scale, l.Lambda))
	return sum + f64.Dot(a.GNeg, a.Neg), 1
}

var gpwTemplate = Spec{
	Name:     "gpw_template",
	Title:    "GPW template",
	Cite:     "Wang et al., CVPR 2019, eq. 3; Liu et al., arXiv 1905.12837",
	Year:     2019,
	Family:   Pairwise,
	Formula:  "L = (1/m) Σ_i [ Σ_{P_i} (1 − S_ij) + Σ_{N_i} w_ij S_ij ], w = σ(s(S − λ)) constant",
	Traits:   Detached,
	Held:     "the weights w of the negatives",
	Revision: 1,
	Presets: []Preset{
		{Name: "sigmoid", Source: "this project's example of hand-made weights", Form: "losses.Template", Value: Template{Scale: 40, Lambda: 0.5}, Oracle: "golden gpw_generic"},
	},
}

package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Contrastive is the contrastive loss on cosine similarities, as General Pair Weighting
// states it:
//
//	L = (1/m) Σ_i [ Σ_{P_i} (1 − S_ij) + Σ_{N_i} [S_ij − λ]₊ ]
//
// Every positive has the weight 1/m, and so has every negative above λ. The weight of a
// pair depends on its own similarity alone. Wang et al., CVPR 2019, eq. 4, writes −S for
// a positive, with the same gradient. The reference code adds S instead of S − λ for an
// active negative. Its gradient is the same, and its value is larger by λ for each of
// them. Positives and negatives are separate sums, so an anchor that lacks one side keeps
// the other.
type Contrastive struct {
	Lambda float64 `yaml:"lambda" alias:"neg_margin,margin" sym:"λ" in:"[-1,1]" doc:"similarity above which a negative is pushed away"`
}

// EvalAnchor implements [AnchorLoss].
func (l Contrastive) EvalAnchor(a *Anchor) (sum, terms float64) {
	for k, s := range a.Pos {
		sum += 1 - s
		a.GPos[k] = -1
	}

	// λ is subtracted from each, as small excesses would be lost in a difference of sums.
	beyond := Scaled(a.Scratch(len(a.Neg)), a.Neg, 1, l.Lambda)
	_, total := f64.AddBetween(a.GNeg, beyond, 0, math.Inf(1), 1)
	return sum + total, 1
}

// ContrastiveDistance is the contrastive loss on distances, the mean over all ordered
// pairs of
//
//	½ d²  for a positive,  ½ [μ − d]₊²  for a negative
//
// The source is Hadsell et al., CVPR 2006. On unit vectors d² = 2−2S, so all positives
// have the same weight, whatever their similarity. A negative at distance 0 has no
// gradient. The two sides are separate sums, so an anchor that lacks one keeps the other.
type ContrastiveDistance struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"distance below which a negative is pushed away"`
}

// EvalAnchor implements [AnchorLoss].
func (l ContrastiveDistance) EvalAnchor(a *Anchor) (sum, terms float64) {
	for k, s := range a.Pos {
		sum += 1 - s
		a.GPos[k] = -1
	}

	d, slope := a.Scratch(len(a.Neg)), a.Scratch(len(a.Neg))
	f64.Distances(d, slope, a.Neg)
	f64.Ramp(d, Scaled(d, d, -1, 0), -l.Margin)
	sum += f64.Dot(d, d) / 2
	f64.Scale(a.GNeg, d, -1, 0)
	f64.Multiply(a.GNeg, slope)
	return sum, float64(len(a.Pos) + len(a.Neg))
}

// ContrastiveLinear is the contrastive loss of pytorch-metric-learning, with linear
// hinges and a mean over the active pairs of each side:
//
//	L = mean over d > μ₊ of (d − μ₊) + mean over d < μ₋ of (μ₋ − d)
//
// On cosine similarities the terms are μ₊ − S and S − μ₋. Unlike Hadsell et al., CVPR
// 2006, the hinges are not squared and have no factor ½. The two sides are separate
// means. A batch that lacks one has the other, and the mean of a side without active
// pairs is 0.
type ContrastiveLinear struct {
	PosMargin float64 `yaml:"pos_margin" sym:"μ₊" in:"[-1,2]" doc:"distance (similarity) that a positive should stay below (exceed)"`
	NegMargin float64 `yaml:"neg_margin" sym:"μ₋" in:"[-1,2]" doc:"distance (similarity) that a negative should exceed (stay below)"`
	Metric    string  `yaml:"metric" sym:"metric" in:"{distance,cosine}" doc:"what the margins measure"`
}

// EvalSides implements [PerSideLoss].
func (l ContrastiveLinear) EvalSides(a *Anchor) (pos, neg SideSum) {
	near, far := l.PosMargin, l.NegMargin
	if l.Metric == "cosine" {
		near, far = -near, -far
	}

	t, slope := a.Scratch(len(a.Pos)), a.Scratch(len(a.Pos))
	Dissimilarities(l.Metric, t, slope, a.Pos)
	active, total := f64.AddBetween(a.GPos, Scaled(t, t, 1, near), 0, math.Inf(1), 1)
	pos = SideSum{total, float64(active)}
	f64.Multiply(a.GPos, slope)

	t, slope = a.Scratch(len(a.Neg)), a.Scratch(len(a.Neg))
	Dissimilarities(l.Metric, t, slope, a.Neg)
	active, total = f64.AddBetween(a.GNeg, Scaled(t, t, -1, far), 0, math.Inf(1), -1)
	neg = SideSum{total, float64(active)}
	f64.Multiply(a.GNeg, slope)

	return pos, neg
}

var contrastive = Spec{
	Name:     "contrastive",
	Title:    "Contrastive",
	Cite:     "Hadsell et al., CVPR 2006; in cosine form Wang et al., CVPR 2019, eq. 4",
	Year:     2006,
	Family:   Pairwise,
	Formula:  "L = (1/m) Σ_i [ Σ_{P_i} (1 − S_ij) + Σ_{N_i} [S_ij − λ]₊ ]",
	Table1:   Axes{S},
	Revision: 1,
	Presets: []Preset{
		{Name: "gpw", Source: "Wang et al., CVPR 2019, eq. 4; λ as in the authors' earlier code", Code: codeDeepMetric,
			Departs: "λ is the code's; it adds S and not S − λ for a negative above λ, so its value is larger by λ a negative, and G the same",
			Form:    "losses.Contrastive", Value: Contrastive{Lambda: 0.5}, Oracle: "golden contrastive_cos"},
		{Name: "hadsell", Source: "Hadsell et al., CVPR 2006, with margin 1", Form: "losses.ContrastiveDistance", Value: ContrastiveDistance{Margin: 1}, Oracle: "golden contrastive_hadsell"},
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.ContrastiveLinear", Value: ContrastiveLinear{PosMargin: 0, NegMargin: 1, Metric: "distance"}, Traits: CountDivisor, Oracle: "golden contrastive_pml_l2"},
		{Name: "pml_cosine", Source: "pytorch-metric-learning with its cosine similarity and margins 1 and 0", Code: codePML, Form: "losses.ContrastiveLinear", Value: ContrastiveLinear{PosMargin: 1, NegMargin: 0, Metric: "cosine"}, Traits: CountDivisor, Oracle: "golden contrastive_pml_cos"},
	},
}

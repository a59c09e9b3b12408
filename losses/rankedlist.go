package losses

import "gpwbench/internal/f64"

// RankedList keeps the positives of an anchor within a sphere and the negatives outside a
// wider one. Violations are weighted by their size:
//
//	L = (1/m) Σ_i { (1−λ) Σ_{P*} w (d − α + μ) / Σ w + λ Σ_{N*} w (α − d) / Σ w }
//
// The sums are over the violations P* = {d > α − μ}, with w = e^{T₊(d−α+μ)}, and N* = {d
// < α}, with w = e^{T₋(α−d)}. The weights are held constant. The source is Wang et al.,
// CVPR 2019.
//
// pytorch-metric-learning differentiates through the weights. It adds 10⁻⁵ a column to
// the sums, drops negatives at distance 0, and has α = 1 + μ/2. The sides are separate
// sums, so an anchor that lacks one, or has no violation there, keeps the other. m counts
// all anchors.
type RankedList struct {
	Alpha   float64 `yaml:"alpha" sym:"α" in:"[0,2]" doc:"distance that negatives should exceed"`
	Margin  float64 `yaml:"margin" sym:"μ" in:"[0,2]" doc:"gap between the spheres: positives should stay below α − μ"`
	TempPos float64 `yaml:"temp_pos" alias:"tp" sym:"T₊" in:"[0,inf)" doc:"how much more the larger violations of positives weigh"`
	TempNeg float64 `yaml:"temp_neg" alias:"tn" sym:"T₋" in:"[0,inf)" doc:"how much more the larger violations of negatives weigh"`
	Lambda  float64 `yaml:"lambda" alias:"imbalance" sym:"λ" in:"[0,1]" doc:"share of the negatives"`
}

// EvalAnchor implements [AnchorLoss].
func (l RankedList) EvalAnchor(a *Anchor) (sum, terms float64) {
	pos, slopePos, neg, slopeNeg := AnchorDistances(a)
	f64.Scale(pos, pos, 1, l.Alpha-l.Margin)
	f64.Scale(neg, neg, -1, l.Alpha)
	f64.Scale(slopeNeg, slopeNeg, -1, 0)

	keepPos, keepNeg := a.Masks()
	sum = violations(a, a.GPos, pos, slopePos, keepPos, l.TempPos, 1-l.Lambda)
	return sum + violations(a, a.GNeg, neg, slopeNeg, keepNeg, l.TempNeg, l.Lambda), 1
}

// violations returns share times the mean of the positive h, weighted by e^{temp·h},
// and sets g to the gradient with constant weights.
func violations(a *Anchor, g, h, slope []float64, keep []bool, temp, share float64) (sum float64) {
	f64.Above(keep, h, 0)
	positive, weights := a.Scratch(len(h)), a.Scratch(len(h))
	n := f64.Compress(positive, h, keep)

	LogSumExp(Scaled(weights[:n], positive[:n], temp, 0))
	sum = share * f64.Dot(weights[:n], positive[:n])

	f64.Expand(g, weights, keep)
	f64.Scale(g, g, share, 0)
	f64.Multiply(g, slope)
	return sum
}

var rankedList = Spec{
	Name:     "ranked_list",
	Title:    "Ranked list",
	Cite:     "Wang et al., CVPR 2019 (Ranked List Loss)",
	Year:     2019,
	Family:   Ranking,
	Formula:  "L = (1/m) Σ_i { (1−λ) mean_w over d > α−μ of (d − α + μ) + λ mean_w over d < α of (α − d) }",
	Traits:   Detached,
	Held:     "the weights w of the violations and their sums",
	Revision: 1,
	Presets: []Preset{
		{Name: "common", Source: "α 1.2, μ 0.4 and λ 0.5 are common, not read in the paper; T₊ 0 and T₋ 10 as the authors' configuration for CUB",
			Departs: "pytorch-metric-learning 2.9.0 differentiates through the weights, adds 1e−5 a column to their sums and drops negatives at distance 0; here the weights are constant",
			Form:    "losses.RankedList", Value: RankedList{Alpha: 1.2, Margin: 0.4, TempPos: 0, TempNeg: 10, Lambda: 0.5}, Oracle: "golden ranked_list"},
	},
}

package losses

import "gpwbench/internal/f64"

// FastAP is one minus the average precision of each anchor's ranking. The precision comes
// from a histogram of the squared distances with linear binning:
//
//	L = 1 − (1/k) Σ_i (1/|P_i|) Σ_l h⁺_l H⁺_l / H_l
//	k anchors that have a positive
//
// h⁺ is the histogram of the positives on R+1 nodes of [0, 4]. H⁺ is its cumulative sum,
// and H is that of all candidates. Similarities are clamped to [−1, 1] for the binning.
//
// The source is Cakir et al., CVPR 2019. A positive that moves past other positives can
// have G > 0. The authors' own backward pass returns m/2 times this gradient, so their
// learning rates do not transfer. An anchor without negatives has precision 1. An anchor
// without positives does not count.
type FastAP struct {
	Bins int `yaml:"bins" alias:"num_bins" sym:"R" in:"[2,100000]" doc:"number of bins on [0, 4]"`
}

// EvalAnchor implements [AnchorLoss].
func (l FastAP) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Pos) == 0 {
		return 0, 0
	}
	if len(a.Neg) == 0 {
		return 0, 1
	}

	nodes := l.Bins + 1
	hpos, hneg := a.Scratch(nodes), a.Scratch(nodes)
	clear(hpos)
	clear(hneg)

	// The bins of d² = 2−2S are those of the histogram loss for −S.
	bins := Histogram{Bins: l.Bins}
	bins.add(hpos, a.GPos, a.Pos, -1)
	bins.add(hneg, a.GNeg, a.Neg, -1)

	byPos, byNeg := a.Scratch(nodes), a.Scratch(nodes)
	missed := l.slopes(byPos, byNeg, hpos, hneg)

	each := 1 / float64(len(a.Pos))
	perBin := float64(l.Bins) / 2 * each // ∂(position in bins)/∂S is −bins/2
	f64.Scale(byPos, byPos, perBin, 0)
	f64.Scale(byNeg, byNeg, perBin, 0)

	for k, note := range a.GPos {
		a.GPos[k] = slopeOf(note, byPos)
	}
	for k, note := range a.GNeg {
		a.GNeg[k] = slopeOf(note, byNeg)
	}

	return missed * each, 1
}

// slopes returns Σ h⁺H⁻/H. That is |P| less Σ h⁺H⁺/H, computed without cancellation. It
// sets byPos and byNeg to the derivatives of Σ h⁺H⁺/H by a positive and by a negative
// that move from a node towards the next one. These are differences of the derivatives by
// the shares of the two nodes. Their common terms are removed before the subtraction.
func (l FastAP) slopes(byPos, byNeg, hpos, hneg []float64) (missed float64) {
	var pos, neg, lastPos, lastNeg float64 // cumulated to a node and to the one before it
	for r := range hpos {
		lastPos, lastNeg = pos, neg
		pos, neg = pos+hpos[r], neg+hneg[r]
		all, last := pos+neg, lastPos+lastNeg

		byPos[r], byNeg[r] = 0, 0
		if all > 0 {
			missed += hpos[r] * neg / all
			byPos[r] = -hpos[r] * neg / (all * all)
			byNeg[r] = hpos[r] * pos / (all * all)
		}

		if last > 0 {
			byPos[r-1] += (hpos[r]*lastNeg - hneg[r]*lastPos) / (last * all)
		}
	}
	return missed
}

var fastAP = Spec{
	Name:     "fastap",
	Title:    "FastAP",
	Cite:     "Cakir et al., CVPR 2019",
	Year:     2019,
	Family:   Ranking,
	Formula:  "L = 1 − (1/k) Σ_i (1/|P_i|) Σ_l h⁺_l H⁺_l / H_l",
	Traits:   SignChanging,
	Notes:    []string{"The authors' own backward pass returns m/2 times this gradient, so their learning rates do not transfer."},
	Revision: 2,
	Presets: []Preset{
		{Name: "bins10", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.FastAP", Value: FastAP{Bins: 10}, Oracle: "golden fastap_10"},
	},
}

package losses

// FastAP is one minus the average precision of each anchor's ranking, from a histogram of its squared distances with linear binning:
//
//	L = 1 − (1/k) Σ_i (1/|P_i|) Σ_l h⁺_l H⁺_l / H_l        k anchors that have a positive
//
// h⁺ is the histogram of the positives on R+1 nodes of [0, 4], H⁺ its cumulative sum and H that of all candidates. Cakir et al., CVPR 2019.
// A positive that moves across the positives before it can have G > 0. The authors' own backward pass returns m/2 times this
// gradient, so learning rates do not transfer. Similarities are clamped to [−1, 1] for the binning. An anchor without
// negatives has precision 1, one without positives does not count.
type FastAP struct {
	Bins int `yaml:"bins" alias:"num_bins" sym:"R" in:"[2,100000]" doc:"number of bins on [0, 4]"`
}

// Anchor implements [Anchored].
func (l FastAP) Anchor(a *Anchor) (sum, terms float64) {
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
	// The bins of d² = 2−2S are those of −S, so of the histogram loss turned round.
	bins := Histogram{Bins: l.Bins}
	for _, s := range a.Pos {
		r, rest := bins.bin(-s)
		hpos[r] += 1 - rest
		hpos[r+1] += rest
	}
	for _, s := range a.Neg {
		r, rest := bins.bin(-s)
		hneg[r] += 1 - rest
		hneg[r+1] += rest
	}
	// dpos and dneg become the derivatives of Σ h⁺H⁺/H by h⁺ and h⁻: the ratio at the node itself, and sums over the nodes from it on.
	dpos, dneg := a.Scratch(nodes), a.Scratch(nodes)
	var precision, cumPos, cumNeg float64
	for r := range nodes {
		cumPos, cumNeg = cumPos+hpos[r], cumNeg+hneg[r]
		dpos[r], dneg[r] = 0, 0
		if all := cumPos + cumNeg; all > 0 {
			precision += hpos[r] * cumPos / all
			dpos[r] = cumPos / all
			hneg[r] = hpos[r] * cumNeg / (all * all) // hneg is not needed any more
			dneg[r] = hpos[r] * cumPos / (all * all)
		}
	}
	var laterPos, laterNeg float64
	for r := nodes - 1; r >= 0; r-- {
		laterPos, laterNeg = laterPos+hneg[r], laterNeg+dneg[r]
		dpos[r] += laterPos
		dneg[r] = -laterNeg
	}
	perBin := float64(l.Bins) / 2 / float64(len(a.Pos)) // ∂(position in bins)/∂S is −bins/2
	for k, s := range a.Pos {
		if r, _ := bins.bin(-s); inside(s) {
			a.GPos[k] = perBin * (dpos[r+1] - dpos[r])
		}
	}
	for k, s := range a.Neg {
		if r, _ := bins.bin(-s); inside(s) {
			a.GNeg[k] = perBin * (dneg[r+1] - dneg[r])
		}
	}
	return 1 - precision/float64(len(a.Pos)), 1
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
	Revision: 1,
	Presets: []Preset{
		{Name: "bins10", Source: "pytorch-metric-learning's default", Code: codePML, Value: FastAP{Bins: 10}, Oracle: "golden fastap_10"},
	},
}

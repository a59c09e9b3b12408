package losses

import "math"

// Histogram is the probability that a random negative pair is more similar than a random positive one, from histograms of all
// similarities of the batch:
//
//	L = Σ_r h⁻_r Σ_{q≤r} h⁺_q
//
// where h± are histograms with linear binning on the nodes t_r = −1 + rΔ, Δ = 2/bins. Ustinova & Lempitsky, NIPS 2016. The gradient
// is constant within a bin, G_in = h⁺_{r+1}/(Δ|N|) and G_ip = −h⁻_r/(Δ|P|) with r = ⌊(S+1)/Δ⌋, and couples all anchors. Similarities are
// clamped to [−1, 1] for the binning, so a duplicate (S = 1) is in the last bin, where pytorch-metric-learning fails, and has no
// gradient, as beyond any clamp. A batch that lacks positive or negative pairs has L = 0.
type Histogram struct {
	Bins int `yaml:"bins" alias:"n_bins" sym:"R" in:"[2,100000]" doc:"number of bins on [−1, 1]"`
}

// Eval implements [Loss].
func (l Histogram) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	clear(g)
	nodes := l.Bins + 1
	memory := b.scratch(2 * nodes)
	hpos, hneg := memory[:nodes], memory[nodes:2*nodes]
	clear(memory)
	var pairsPos, pairsNeg int
	for i := range b.m {
		a := b.Anchor(i)
		pairsPos += len(a.Pos)
		pairsNeg += len(a.Neg)
		l.add(hpos, a.Pos)
		l.add(hneg, a.Neg)
	}
	if pairsPos == 0 || pairsNeg == 0 {
		return 0
	}
	p, n := float64(pairsPos), float64(pairsNeg)
	value, cumulated := 0.0, 0.0
	for r := range nodes {
		cumulated += hpos[r] / p
		value += hneg[r] / n * cumulated
	}
	// From here the histograms hold the derivatives of a similarity in the bin above a node, hneg those of positives.
	width := 2 / float64(l.Bins)
	for r := range nodes {
		hneg[r] = -hneg[r] / n / (width * p)
		hpos[r] = hpos[r] / p / (width * n)
	}
	for i := range b.m {
		a := b.Anchor(i)
		for k, s := range a.Pos {
			if r, _, _ := l.bin(s); inside(s) {
				a.GPos[k] = hneg[r]
			}
		}
		for k, s := range a.Neg {
			if r, _, _ := l.bin(s); inside(s) {
				a.GNeg[k] = hpos[r+1]
			}
		}
		b.Put(i, a, g)
	}
	return value
}

// add spreads each similarity over the two nodes around it.
func (l Histogram) add(h, similarities []float64) {
	for _, s := range similarities {
		l.put(h, s)
	}
}

func (l Histogram) put(h []float64, s float64) {
	r, toNext, fromNode := l.bin(s)
	h[r] += toNext
	h[r+1] += fromNode
}

// bin returns the node below s, how far it is from s to the next one, and how far s is from it, in bins: the shares of the two nodes, neither of
// which is taken from the other. S is counted from the nearest of −1, −½, 0, ½, 1, from which it is off by an exact number, so that also a share
// of a part in 1e16 has its digits.
func (l Histogram) bin(s float64) (r int, toNext, fromNode float64) {
	if s < -1 { // comparisons, which are foreseen, take less time than min and max
		s = -1
	} else if s > 1 {
		s = 1
	}
	half := float64(l.Bins) / 2
	mark := math.RoundToEven(2*s) / 2
	place := (mark + 1) * half
	start := math.Floor(place)
	at := (s-mark)*half + (place - start)
	node := math.Floor(at)
	if r = int(start + node); r == l.Bins {
		return r - 1, 0, 1
	}
	return r, node + 1 - at, at - node
}

// inside reports whether s is within the binned range, its ends excluded.
func inside(s float64) bool { return -1 < s && s < 1 }

var histogram = Spec{
	Name:     "histogram",
	Title:    "Histogram",
	Cite:     "Ustinova & Lempitsky, NIPS 2016",
	Year:     2016,
	Family:   Ranking,
	Formula:  "L = Σ_r h⁻_r Σ_{q≤r} h⁺_q",
	Uses:     PosRel,
	Traits:   BatchCoupled,
	Notes:    []string{"S = ±1 is at the end of the bins, where a pair has no gradient."},
	Revision: 1,
	Presets: []Preset{
		{Name: "bins100", Source: "pytorch-metric-learning's default", Code: codePML,
			Departs: "the library takes negatives from triplets, so those of an anchor without positives are left out; here they count. It fails on S = 1, which is in the last bin here",
			Value:   Histogram{Bins: 100}, Oracle: "golden histogram_100"},
	},
}

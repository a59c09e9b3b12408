package losses

import "math"

// Histogram is the probability that a random negative pair is more similar than a random
// positive one. It comes from histograms of all similarities of the batch:
//
//	L = Σ_r h⁻_r Σ_{q≤r} h⁺_q
//
// h⁺ and h⁻ are histograms with linear binning on the nodes t_r = −1 + rΔ, with Δ =
// 2/bins. The source is Ustinova & Lempitsky, NIPS 2016. The gradient is constant within
// a bin and couples all anchors:
//
//	G_in = h⁺_{r+1}/(Δ|N|),  G_ip = −h⁻_r/(Δ|P|),  r = ⌊(S+1)/Δ⌋
//
// Similarities are clamped to [−1, 1] for the binning, and beyond a clamp there is no
// gradient. A duplicate, S = 1, is in the last bin and has no gradient either.
// pytorch-metric-learning fails on it. A batch that lacks positive or negative pairs has
// L = 0.
type Histogram struct {
	Bins int `yaml:"bins" alias:"n_bins" sym:"R" in:"[2,100000]" doc:"number of bins on [−1, 1]"`
}

// Eval implements [Loss].
func (l Histogram) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	nodes := l.Bins + 1
	memory := b.Scratch(2 * nodes)
	hpos, hneg := memory[:nodes], memory[nodes:2*nodes]
	clear(memory)

	var pairsPos, pairsNeg int
	for i := range b.m {
		a := b.Anchor(i)
		pairsPos += len(a.Pos)
		pairsNeg += len(a.Neg)
		l.add(hpos, a.GPos, a.Pos, 1)
		l.add(hneg, a.GNeg, a.Neg, 1)
		b.Store(a, g)
	}

	if pairsPos == 0 || pairsNeg == 0 {
		clear(g)
		return 0
	}

	p, n := float64(pairsPos), float64(pairsNeg)
	value, cumulated := 0.0, 0.0
	for r := range nodes {
		cumulated += hpos[r] / p
		value += hneg[r] / n * cumulated
	}

	// From here the histograms hold derivatives by a similarity in the bin above a node.
	// Those by a positive are in hneg, and those by a negative in hpos.
	width := 2 / float64(l.Bins)
	for r := range nodes {
		hneg[r] = -hneg[r] / n / (width * p)
		hpos[r] = hpos[r] / p / (width * n)
	}

	for i := range b.m {
		row := g[i*b.n : (i+1)*b.n]
		slopesAt(row, b.order[:b.from[i]], hpos[1:])
		slopesAt(row, b.order[b.from[i]:b.to[i]], hneg)
		slopesAt(row, b.order[b.to[i]:], hpos[1:])
		if b.self[i] >= 0 {
			row[b.self[i]] = 0
		}
	}

	return value
}

// add adds each similarity, times a sign, to the two nodes around it. It writes into g
// what slopeOf reads: the node below the similarity, or −1 at the ends and beyond them.
func (l Histogram) add(h, g, similarities []float64, sign float64) {
	blur := l.blur()
	for from := 0; from < len(similarities); from += chunkSize {
		chunk := similarities[from:min(from+chunkSize, len(similarities))]
		notes := g[from:][:len(chunk)]

		// Those that are close to a node come last. A call among the others would take
		// their values out of registers.
		var close [chunkSize]uint8
		n := 0
		for k, s := range chunk {
			r, fromNode := l.place(sign * s)
			toNext := 1 - fromNode
			if toNext*fromNode < blur {
				close[n%chunkSize] = uint8(k)
				n++
				continue
			}
			h[r] += toNext
			h[r+1] += fromNode
			notes[k] = float64(r)
		}

		for _, k := range close[:n] { // the ends are among them
			r, toNext, fromNode := l.exact(sign * chunk[k])
			h[r] += toNext
			h[r+1] += fromNode
			if notes[k] = -1; inside(chunk[k]) {
				notes[k] = float64(r)
			}
		}
	}
}

const chunkSize = 64

// slopesAt replaces what add wrote in some columns of a row by the derivatives.
func slopesAt(row []float64, columns []int, by []float64) {
	for _, j := range columns {
		row[j] = slopeOf(row[j], by)
	}
}

// slopeOf returns the element of by for the node that add wrote: the derivative by the
// place in the bin above it. At the ends and beyond them it is 0.
func slopeOf(note float64, by []float64) float64 {
	if note < 0 {
		return 0
	}
	return by[int(note)]
}

// place returns the node below s and the distance of s from it, in bins.
func (l Histogram) place(s float64) (r int, fromNode float64) {
	if s < -1 { // predicted branches take less time than min and max
		s = -1
	} else if s > 1 {
		s = 1
	}

	at := (s + 1) / 2 * float64(l.Bins)
	r = min(int(at), l.Bins-1)
	return r, at - float64(r)
}

// blur is a bound of the product of the two shares. Below it, the result of place has
// fewer than twelve correct digits of the smaller share, and possibly the wrong node.
func (l Histogram) blur() float64 { return 1.5e-4 * float64(l.Bins) }

// exact is place with the shares of both nodes. Each is rounded once, so even a share of
// 1e-16 has all its digits.
func (l Histogram) exact(s float64) (r int, toNext, fromNode float64) {
	s = min(max(s, -1), 1)
	r, _ = l.place(s)
	bins, node := float64(l.Bins), float64(2*r-l.Bins) // s·bins at the node
	toNext, fromNode = math.FMA(-s, bins, node+2)/2, math.FMA(s, bins, -node)/2

	switch {
	case fromNode < 0:
		return r - 1, -fromNode, 1 + fromNode
	case toNext <= 0 && r < l.Bins-1:
		return r + 1, 1 + toNext, -toNext
	}
	return r, toNext, fromNode
}

// inside reports whether s is in the binned range and not at one of its ends.
func inside(s float64) bool { return -1 < s && s < 1 }

var histogram = Spec{
	Name:     "histogram",
	Title:    "Histogram",
	Cite:     "Ustinova & Lempitsky, NIPS 2016",
	Year:     2016,
	Family:   Ranking,
	Formula:  "L = Σ_r h⁻_r Σ_{q≤r} h⁺_q",
	Table1:   Axes{P},
	Traits:   BatchCoupled,
	Notes:    []string{"S = ±1 is at the end of the bins, where a pair has no gradient."},
	Revision: 2,
	Presets: []Preset{
		{Name: "bins100", Source: "pytorch-metric-learning's default", Code: codePML,
			Departs: "the library takes negatives from triplets, so those of an anchor without positives are left out; here they count. It fails on S = 1, which is in the last bin here",
			Form:    "losses.Histogram", Value: Histogram{Bins: 100}, Oracle: "golden histogram_100"},
	},
}

package analysis

import "gpwbench/gpw"

// A Bin is a scatter's positive or negative pairs in one interval of a similarity.
type Bin struct {
	Low, High      float64 // the interval [Low, High)
	Pairs          int     // at least 1
	Mean, Min, Max float64 // of the weights m·w
}

// binWidth is the width of the intervals of a curve.
const binWidth = 0.05

// Curve returns the mean weight of the positive or the negative pairs along a
// similarity, in intervals of width 0.05 from low to high. Intervals without a pair are
// left out, and so are pairs that have no N, or no P.
//
// The intervals cover [−1, 1] of S, and [−2, 2] of N and P. A pair that rounding has put
// outside belongs to the outermost interval.
func (c *Scatter) Curve(along gpw.Axis, positive bool) []Bin {
	if c.read == nil {
		return c.curves(along)[sideNumber(positive)]
	}
	known, ok := c.read.curves[along]
	if !ok {
		known = c.curves(along)
		c.read.curves[along] = known
	}
	return known[sideNumber(positive)]
}

// curves returns those of the negative pairs, and of the positive ones.
func (c *Scatter) curves(along gpw.Axis) (curves [2][]Bin) {
	end := 2.0
	if along == gpw.S {
		end = 1
	}

	n := int(2*end/binWidth + 0.5)

	bins := [2][]Bin{make([]Bin, n), make([]Bin, n)}
	for row := range c.Rows() {
		for _, p := range row {
			if v := p.At(along); v == v {
				bins[sideNumber(p.Positive)][min(max(int((v+end)/2/end*float64(n)), 0), n-1)].add(c.Weight(p))
			}
		}
	}

	for side, bins := range bins {
		curve := bins[:0]
		for k, b := range bins {
			if b.Pairs == 0 {
				continue
			}
			b.Low, b.High = -end+2*end*float64(k)/float64(n), -end+2*end*float64(k+1)/float64(n)
			b.Mean /= float64(b.Pairs)
			curve = append(curve, b)
		}
		curves[side] = curve
	}
	return curves
}

// add takes a pair; until the end, Mean is the sum.
func (b *Bin) add(w float64) {
	if b.Pairs == 0 {
		b.Min, b.Max = w, w
	}
	b.Pairs++
	b.Mean += w
	b.Min, b.Max = min(b.Min, w), max(b.Max, w)
}

package analysis

import (
	"math"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// Heatmaps are the pairs of two heatmaps for the positives and two for the negatives. Of
// a swept pair they show the weight over S and N, and over S and P. Pairs of a batch lie
// on a diagonal of these, because N is S less what hardly differs between anchors; their
// weight is shown over S and that: the pooled similarity of the anchor's others.
type Heatmaps struct {
	Positive, Negative [2]*Scatter // over N, over P

	// Swept says that they show a pair of probe.Plane, in the middle of each cell.
	// Otherwise they show the pairs of a batch.
	Swept bool
}

// sweptRanges are what swept heatmaps cover: S, and N or P.
var sweptRanges = [2]Range{{-0.5, 1, 75}, {-0.75, 0.75, 75}}

// NewHeatmaps moves one pair along S and N, and along S and P. It returns the error of a
// loss that is not finite there.
func NewHeatmaps(c losses.Choice, pooling gpw.Pooling) (*Heatmaps, error) {
	maps := &Heatmaps{Swept: true}
	for k, against := range []gpw.Axis{gpw.N, gpw.P} {
		for positive, to := range map[bool]**Scatter{true: &maps.Positive[k], false: &maps.Negative[k]} {
			w, err := probe.Plane(c, positive, against, pooling, sweptRanges[0].middles(), sweptRanges[1].middles())
			if err != nil {
				return nil, err
			}
			if *to, err = sweepScatter(c, w); err != nil {
				return nil, err
			}
		}
	}

	return maps, nil
}

// Heatmaps takes the pairs of a batch for heatmaps.
func (c *Scatter) Heatmaps() *Heatmaps {
	return &Heatmaps{Positive: [2]*Scatter{c, c}, Negative: [2]*Scatter{c, c}}
}

// batchCells is how many cells a heatmap of a batch has along each axis.
const batchCells = 40

// Ranges returns what a heatmap of one of the scatters covers along S and along N or P.
// Of a swept pair the ranges are fixed; of a batch they hold all its pairs. A nil scatter
// has no pairs.
func (h *Heatmaps) Ranges(c *Scatter, against gpw.Axis) (x, y Range) {
	if h.Swept {
		return sweptRanges[0], sweptRanges[1]
	}
	if c == nil {
		c = new(Scatter)
	}
	return c.rangeOf(func(p gpw.Pair) float64 { return p.S }), c.rangeOf(h.Value(against))
}

// Value returns what a heatmap has along its vertical axis: N or P of a swept pair, and
// of a batch the pooled similarity of the anchor's others.
func (h *Heatmaps) Value(against gpw.Axis) func(gpw.Pair) float64 {
	if h.Swept {
		return func(p gpw.Pair) float64 { return p.At(against) }
	}
	return func(p gpw.Pair) float64 { return p.Others(against) }
}

// rangeOf is the range of a value over all pairs, never empty.
func (c *Scatter) rangeOf(value func(gpw.Pair) float64) Range {
	r := Range{math.Inf(1), math.Inf(-1), batchCells}
	for p := range c.each() {
		if v := value(p); !math.IsNaN(v) {
			r.Low, r.High = min(r.Low, v), max(r.High, v)
		}
	}

	switch {
	case r.Low > r.High: // no pair has it
		r.Low, r.High = -1, 1
	case r.High-r.Low < 1e-9:
		r.Low, r.High = r.Low-0.05, r.High+0.05
	}

	return r
}

// A Range is an interval cut into cells of one size.
type Range struct {
	Low, High float64
	Cells     int
}

// cell returns the cell of v; the ends belong to the outermost cells. It reports false
// for NaN and outside the range.
func (r Range) cell(v float64) (int, bool) {
	k := math.Floor((v - r.Low) / (r.High - r.Low) * float64(r.Cells))
	if v == r.High {
		k = float64(r.Cells - 1)
	}
	return int(k), k >= 0 && k < float64(r.Cells)
}

// Middle returns the middle of a cell, counted from 0.
func (r Range) Middle(cell int) float64 {
	return r.Low + (r.High-r.Low)*(float64(cell)+0.5)/float64(r.Cells)
}

func (r Range) middles() []float64 {
	var all []float64
	for k := range r.Cells {
		all = append(all, r.Middle(k))
	}
	return all
}

// Heatmap returns the mean weight m·w of the positive or the negative pairs in each
// cell: y.Cells rows along a value, from low to high, of x.Cells columns along S,
// row-major. A cell without a pair is NaN. Of a range without cells there is nothing.
func (c *Scatter) Heatmap(value func(gpw.Pair) float64, positive bool, x, y Range) []float64 {
	if x.Cells < 1 || y.Cells < 1 {
		return nil
	}
	sum, pairs := make([]float64, x.Cells*y.Cells), make([]float64, x.Cells*y.Cells)
	for p := range c.each() {
		if p.Positive != positive {
			continue
		}
		column, inX := x.cell(p.S)
		row, inY := y.cell(value(p))
		if inX && inY {
			sum[row*x.Cells+column] += c.Weight(p)
			pairs[row*x.Cells+column]++
		}
	}

	for k := range sum {
		sum[k] /= pairs[k] // 0/0 is NaN
	}
	return sum
}

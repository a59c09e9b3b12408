package analysis

import (
	"math"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// Planes are the pairs of two maps of each kind: their weight over S and N, and over S and P.
type Planes struct {
	Positive, Negative [2]*Cloud // over N, over P
	Swept              bool      // a pair of [probe.Plane], in the middle of each cell of PlaneRanges; or the pairs of a batch
}

// PlaneRanges are what swept planes cover, in cells: S, and N or P.
var PlaneRanges = [2]Range{{-0.5, 1, 75}, {-0.75, 0.75, 75}}

// NewPlanes sweeps S with N, and S with P.
func NewPlanes(c losses.Choice, pooling gpw.Pooling) (*Planes, error) {
	planes := &Planes{Swept: true}
	for k, against := range []Similarity{N, P} {
		for positive, to := range map[bool]**Cloud{true: &planes.Positive[k], false: &planes.Negative[k]} {
			w, err := probe.Plane(c, positive, groups[against], pooling, PlaneRanges[0].middles(), PlaneRanges[1].middles())
			if err != nil {
				return nil, err
			}
			if *to, err = named(c, w); err != nil {
				return nil, err
			}
		}
	}
	return planes, nil
}

// Planes takes the pairs of a batch for maps.
func (c *Cloud) Planes() *Planes {
	return &Planes{Positive: [2]*Cloud{c, c}, Negative: [2]*Cloud{c, c}}
}

// batchCells is how many cells a map of a batch has along each axis.
const batchCells = 40

// Ranges returns what the maps of one of the clouds cover: PlaneRanges, or of a batch all its pairs.
func (p *Planes) Ranges(c *Cloud, against Similarity) (x, y Range) {
	if p.Swept {
		return PlaneRanges[0], PlaneRanges[1]
	}
	over := func(s Similarity) Range {
		r := Range{math.Inf(1), math.Inf(-1), batchCells}
		for _, q := range c.Points {
			if v := q.At(s); !math.IsNaN(v) {
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
	return over(S), over(against)
}

// A Range is an interval cut into cells of one size.
type Range struct {
	Low, High float64
	Cells     int
}

// cell returns in which cell v lies; the ends belong to the outermost. It reports false for NaN and for what is outside.
func (r Range) cell(v float64) (int, bool) {
	k := math.Floor((v - r.Low) / (r.High - r.Low) * float64(r.Cells))
	if v == r.High {
		k = float64(r.Cells - 1)
	}
	return int(k), k >= 0 && k < float64(r.Cells)
}

// Middle returns the middle of a cell.
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

// Map returns the mean weight of a cloud's positive or negative pairs over S (columns) and N or P (rows, from low to high), row-major;
// NaN where there is no pair.
func (c *Cloud) Map(against Similarity, positive bool, x, y Range) []float64 {
	sum, pairs := make([]float64, x.Cells*y.Cells), make([]float64, x.Cells*y.Cells)
	for _, p := range c.Points {
		if p.Positive != positive {
			continue
		}
		column, inX := x.cell(p.S)
		row, inY := y.cell(p.At(against))
		if inX && inY {
			sum[row*x.Cells+column] += p.W
			pairs[row*x.Cells+column]++
		}
	}
	for k := range sum {
		sum[k] /= pairs[k] // 0/0 is NaN
	}
	return sum
}

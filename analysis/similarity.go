package analysis

import (
	"math"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// A Similarity is one of the three of a pair: an axis of a figure.
type Similarity int

// The similarities of Wang et al., CVPR 2019, §3.
const (
	S Similarity = iota // the pair's own
	N                   // relative to the anchor's other negatives
	P                   // relative to its other positives
)

func (s Similarity) String() string { return [...]string{"S", "N", "P"}[s] }

// At returns a similarity of the pair; NaN where there is none.
func (p Point) At(s Similarity) float64 { return [...]float64{p.S, p.N, p.P}[s] }

// A Sweep is what a loss does to one pair while one group of its anchor's similarities moves and all the rest is held.
type Sweep struct {
	Moves              Similarity // S: the pair itself; N: the other negatives; P: the other positives
	Positive, Negative *Cloud     // the same pair many times, in the order in which it moves
}

// groups are what moves with a similarity.
var groups = [...]gpw.Movement{S: gpw.Itself, N: gpw.OtherNegatives, P: gpw.OtherPositives}

// NewSweep sweeps a pair of the batch of [gpw.Sweep], once as a positive and once as a negative.
func NewSweep(c losses.Choice, moves Similarity, pooling gpw.Pooling) (*Sweep, error) {
	s := &Sweep{Moves: moves}
	for _, kind := range []struct {
		positive bool
		to       **Cloud
	}{{true, &s.Positive}, {false, &s.Negative}} {
		w, err := gpw.Sweep(c, kind.positive, groups[moves], pooling)
		if err != nil {
			return nil, err
		}
		if *kind.to, err = named(c, w); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// PlaneRanges are what [NewPlane] covers, in cells: S from low to high, and N or P.
var PlaneRanges = [2]Range{{-0.5, 1, 75}, {-0.75, 0.75, 75}}

// NewPlane returns a pair of the batch of [gpw.Plane] at the middle of every cell of PlaneRanges, S against N or P.
func NewPlane(c losses.Choice, against Similarity, positive bool, pooling gpw.Pooling) (*Cloud, error) {
	w, err := gpw.Plane(c, positive, groups[against], pooling, PlaneRanges[0].middles(), PlaneRanges[1].middles())
	if err != nil {
		return nil, err
	}
	return named(c, w)
}

func named(c losses.Choice, w *gpw.Weights) (*Cloud, error) {
	cloud, err := NewCloud(w)
	if err != nil {
		return nil, err
	}
	cloud.Loss, cloud.Title, cloud.Caption = c.Name(), c.Spec.Title, c.Caption()
	return cloud, nil
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

func (r Range) middles() []float64 {
	var all []float64
	for k := range r.Cells {
		all = append(all, r.Low+(r.High-r.Low)*(float64(k)+0.5)/float64(r.Cells))
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

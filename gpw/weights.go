package gpw

import (
	"math"

	"gpwbench/losses"
)

// Weights are all ordered pairs of a batch with what a loss makes of them, row by row: the row is the anchor.
type Weights struct {
	Loss       float64
	Anchors    int
	Pairs      []Pair
	Violations int // pairs whose G has the sign that eq. 3 excludes: > 0 on a positive or < 0 on a negative
}

// A Pair is one anchor with one candidate.
type Pair struct {
	Anchor, Candidate int
	Positive          bool
	S                 float64 // the pair's own similarity
	N                 float64 // S − mean over the anchor's other negatives; NaN where there are none
	P                 float64 // S − mean over the anchor's other positives; NaN where there are none
	G                 float64 // signed ∂L/∂S
}

// Weight returns w = |G|.
func (p Pair) Weight() float64 { return math.Abs(p.G) }

// Of evaluates l on b and reads the weights from the gradient it returned.
func Of(l losses.Loss, b *losses.Batch) *Weights {
	g := make([]float64, b.Anchors()*b.Candidates())
	value := l.Eval(b, g)
	w := Read(b, g)
	w.Loss = value
	return w
}

// Read reads the weights from a gradient already computed: what a training step hands to an observer.
func Read(b *losses.Batch, g []float64) *Weights {
	m, n := b.Anchors(), b.Candidates()
	w := &Weights{Anchors: m, Pairs: make([]Pair, 0, m*n)}
	for i := range m {
		var pos, neg mean
		for j := range n {
			if b.IsPositive(i, j) {
				pos.add(b.S(i, j))
			} else if b.IsNegative(i, j) {
				neg.add(b.S(i, j))
			}
		}
		for j := range n {
			positive := b.IsPositive(i, j)
			if !positive && !b.IsNegative(i, j) {
				continue // self
			}
			p := Pair{Anchor: i, Candidate: j, Positive: positive, S: b.S(i, j), G: g[i*n+j]}
			if positive {
				p.N, p.P = p.S-neg.all(), p.S-pos.without(p.S)
			} else {
				p.N, p.P = p.S-neg.without(p.S), p.S-pos.all()
			}
			if positive && p.G > 0 || !positive && p.G < 0 {
				w.Violations++
			}
			w.Pairs = append(w.Pairs, p)
		}
	}
	return w
}

// A mean pools the similarities of one anchor's positives or negatives. Of nothing it is NaN.
type mean struct {
	sum   float64
	count int
}

func (m *mean) add(s float64) { m.sum += s; m.count++ }

func (m mean) all() float64 { return m.sum / float64(m.count) }

func (m mean) without(s float64) float64 {
	if m.count == 1 {
		return math.NaN()
	}
	return (m.sum - s) / float64(m.count-1)
}

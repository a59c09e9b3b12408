package gpw

import (
	"math"

	"gpwbench/losses"
)

// Weights lists all ordered pairs of a batch under a loss, row by row. The row is the
// anchor.
type Weights struct {
	Loss    float64
	Anchors int
	Pooling Pooling // of N and P
	Pairs   []Pair

	// Violations counts the pairs whose G has the sign that eq. 3 excludes: > 0 on a
	// positive or < 0 on a negative.
	Violations int
}

// A Pair is one anchor with one candidate.
type Pair struct {
	Anchor, Candidate int
	Positive          bool

	// S is the pair's own similarity. N is S less the pooled similarity of the anchor's
	// other negatives, and P is S less that of its other positives. They are NaN if there
	// are none.
	S, N, P float64

	G float64 // signed ∂L/∂S
}

// Weight returns w = |G|.
func (p Pair) Weight() float64 { return math.Abs(p.G) }

// Weigh evaluates l on b and returns the weights of its gradient. N and P are by the
// mean. It panics if l or b is nil, and as l.Eval does; [Evaluate] returns errors.
func Weigh(l losses.Loss, b *losses.Batch) *Weights {
	g := make([]float64, b.Anchors()*b.Candidates())
	value := l.Eval(b, g)
	w := FromGradient(b, g)
	w.Loss = value
	return w
}

// FromGradient returns the weights of a gradient that is already computed, such as that
// of a training step: m×n values, row-major, for m anchors and n candidates. N and P are
// by the mean, and the caller sets Loss. It panics if b is nil or g has another length.
func FromGradient(b *losses.Batch, g []float64) *Weights { return FromGradientPooled(b, g, Pooling{}) }

// FromGradientPooled is [FromGradient] with another pooling of N and P.
func FromGradientPooled(b *losses.Batch, g []float64, pooling Pooling) *Weights {
	losses.CheckLength(b, g)
	m, n := b.Anchors(), b.Candidates()
	w := &Weights{Anchors: m, Pooling: pooling, Pairs: make([]Pair, 0, m*n)}
	var positives, negatives []float64

	for i := range m {
		positives, negatives = positives[:0], negatives[:0]
		for j := range n {
			if b.IsPositive(i, j) {
				positives = append(positives, b.S(i, j))
			} else if b.IsNegative(i, j) {
				negatives = append(negatives, b.S(i, j))
			}
		}

		pos, neg := pooling.side(positives, true), pooling.side(negatives, false)
		allPos, allNeg := pos.all(), neg.all()
		seenPos, seenNeg := 0, 0

		for j := range n {
			positive := b.IsPositive(i, j)
			if !positive && !b.IsNegative(i, j) {
				continue // the anchor itself
			}

			p := Pair{Anchor: i, Candidate: j, Positive: positive, S: b.S(i, j), G: g[i*n+j]}
			if positive {
				p.N, p.P = p.S-allNeg, p.S-pos.without(seenPos)
				seenPos++
			} else {
				p.N, p.P = p.S-neg.without(seenNeg), p.S-allPos
				seenNeg++
			}
			if positive && p.G > 0 || !positive && p.G < 0 {
				w.Violations++
			}

			w.Pairs = append(w.Pairs, p)
		}
	}

	return w
}

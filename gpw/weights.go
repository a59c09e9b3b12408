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

	Violations int // pairs that violate eq. 3, see [Pair.Violates]
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

// Violates reports whether G has the sign that eq. 3 excludes: > 0 on a positive or < 0
// on a negative.
func (p Pair) Violates() bool { return p.Positive && p.G > 0 || !p.Positive && p.G < 0 }

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
	m, n := b.Anchors(), b.Candidates()
	w := &Weights{Anchors: m, Pooling: pooling, Pairs: make([]Pair, 0, m*n)}
	for row := range PairRows(b, g, pooling) {
		w.Pairs = append(w.Pairs, row...)
	}
	for _, p := range w.Pairs {
		if p.Violates() {
			w.Violations++
		}
	}
	return w
}

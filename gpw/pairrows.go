package gpw

import (
	"iter"

	"gpwbench/losses"
)

// PairRows yields the ordered pairs of a batch under a gradient, those of one anchor
// after the other: what [FromGradientPooled] returns at once. The pairs are computed
// while they are read, so the memory is that of one anchor. A row is valid until the next
// one, and may be empty. It panics if b is nil or g has another length.
func PairRows(b *losses.Batch, g []float64, pooling Pooling) iter.Seq[[]Pair] {
	losses.CheckLength(b, g)
	return func(yield func([]Pair) bool) {
		r := pairRow{b: b, g: g, pooling: pooling}
		for i := range b.Anchors() {
			if !yield(r.of(i)) {
				return
			}
		}
	}
}

// A pairRow computes the pairs of one anchor in memory that it keeps.
type pairRow struct {
	b                    *losses.Batch
	g                    []float64
	pooling              Pooling
	positives, negatives []float64 // similarities
	pairs                []Pair
}

func (r *pairRow) of(i int) []Pair {
	b, n := r.b, r.b.Candidates()
	r.positives, r.negatives, r.pairs = r.positives[:0], r.negatives[:0], r.pairs[:0]
	for j := range n {
		if b.IsPositive(i, j) {
			r.positives = append(r.positives, b.S(i, j))
		} else if b.IsNegative(i, j) {
			r.negatives = append(r.negatives, b.S(i, j))
		}
	}

	pos, neg := r.pooling.side(r.positives, true), r.pooling.side(r.negatives, false)
	allPos, allNeg := pos.all(), neg.all()
	seenPos, seenNeg := 0, 0

	for j := range n {
		positive := b.IsPositive(i, j)
		if !positive && !b.IsNegative(i, j) {
			continue // the anchor itself
		}

		p := Pair{Anchor: i, Candidate: j, Positive: positive, S: b.S(i, j), G: r.g[i*n+j]}
		if positive {
			p.N, p.P = p.S-allNeg, p.S-pos.without(seenPos)
			seenPos++
		} else {
			p.N, p.P = p.S-neg.without(seenNeg), p.S-allPos
			seenNeg++
		}
		r.pairs = append(r.pairs, p)
	}
	return r.pairs
}

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
		n := b.Candidates()
		r := pairRow{pooling: pooling, sides: make([]side, n)}
		s := make([]float64, n)
		for i := range b.Anchors() {
			for j := range n {
				s[j], r.sides[j] = b.S(i, j), itself
				if b.IsPositive(i, j) {
					r.sides[j] = positive
				} else if b.IsNegative(i, j) {
					r.sides[j] = negative
				}
			}
			if !yield(r.of(i, s, g[i*n:(i+1)*n])) {
				return
			}
		}
	}
}

// ReadPairRows is [PairRows] for a batch that is compared with itself and is not in
// memory: read returns S and G of an anchor's pairs, which hold until the next call.
// classes are those of the rows.
func ReadPairRows(classes []int, read func(anchor int) (s, g []float64), pooling Pooling) iter.Seq[[]Pair] {
	return func(yield func([]Pair) bool) {
		r := pairRow{pooling: pooling, sides: make([]side, len(classes))}
		for i, class := range classes {
			for j, other := range classes {
				r.sides[j] = negative
				if other == class {
					r.sides[j] = positive
				}
			}
			r.sides[i] = itself

			s, g := read(i)
			if !yield(r.of(i, s, g)) {
				return
			}
		}
	}
}

// A side is what a candidate is to an anchor.
type side uint8

const (
	itself side = iota // or neither of the others
	positive
	negative
)

// A pairRow computes the pairs of one anchor in memory that it keeps.
type pairRow struct {
	pooling              Pooling
	sides                []side    // of the candidates
	positives, negatives []float64 // similarities
	pairs                []Pair
}

// of returns the pairs of an anchor with the similarities s and the gradient g.
func (r *pairRow) of(i int, s, g []float64) []Pair {
	r.positives, r.negatives, r.pairs = r.positives[:0], r.negatives[:0], r.pairs[:0]
	for j, side := range r.sides {
		switch side {
		case positive:
			r.positives = append(r.positives, s[j])
		case negative:
			r.negatives = append(r.negatives, s[j])
		}
	}

	pos, neg := r.pooling.side(r.positives, true), r.pooling.side(r.negatives, false)
	allPos, allNeg := pos.all(), neg.all()
	seenPos, seenNeg := 0, 0

	for j, side := range r.sides {
		if side == itself {
			continue
		}

		p := Pair{Anchor: i, Candidate: j, Positive: side == positive, S: s[j], G: g[j]}
		if p.Positive {
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

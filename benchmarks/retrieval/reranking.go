package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gpwbench/matrix"
)

// A Reranking orders the gallery of each query anew by k-reciprocal encodings (Zhong et
// al., Re-ranking Person Re-identification with k-reciprocal Encoding, CVPR 2017). The
// distance of a query and a row becomes (1−λ)·J + λ·d.
//
// d is the squared Euclidean distance of the two at length 1, over the largest one of the
// query to any row. It is that of the paper's code, which normalises by row. J is the
// Jaccard distance of the encodings of the two. Queries and gallery are encoded together,
// as there, or the rows themselves where they search each other:
//
//   - R(p, k) are the rows among the k nearest of p, and p itself, that have p among
//     theirs.
//   - R(p, k1) is joined by R(r, k1/2) of each r in it, with more than two thirds of
//     R(r, k1/2) in R(p, k1). A half is rounded to even.
//   - The encoding of p has exp(−d) of these rows, scaled to the sum 1.
//   - It is replaced by the mean of the encodings of p and its k2 − 1 nearest rows.
//
// J is 1 for rows whose encodings share nothing, so those are in the order of d. Of rows
// at equal distance the first are nearer, and a row is always nearest to itself.
//
// K1 and K2 are 1 or more, and Lambda is between 0 and 1. With 0 rows that share nothing
// are tied, with 1 nothing is ordered anew. The zero Reranking does nothing.
type Reranking struct {
	K1, K2 int
	Lambda float64
}

// On reports whether anything is ordered anew.
func (x Reranking) On() bool { return x != Reranking{} }

// check refuses numbers out of their ranges, and similarities that have no such distance.
func (x Reranking) check(s Similarity) error {
	switch {
	case !x.On():
		return nil
	case x.K1 < 1 || x.K2 < 1:
		return fmt.Errorf("retrieval: re-ranking with k1 = %d and k2 = %d: both are 1 at least; the paper has 20 and 6", x.K1, x.K2)
	case !(x.Lambda >= 0 && x.Lambda <= 1):
		return fmt.Errorf("retrieval: re-ranking with λ = %v: it is between 0, the Jaccard distance alone, and 1; the paper has 0.3", x.Lambda)
	case s != Cosine:
		return errors.New("retrieval: re-ranking is of rows at length 1, so of cosines alone")
	}
	return nil
}

// reranked moves the rows that share a neighbour with a query. Others are ordered by
// t = 1 − S, so t of these becomes t − c·(1 − J), with c = far·(1−λ)/λ and far the
// greatest t of the query. That is the order of the whole distance. With λ = 0 it is
// 1 − (1 − J).
type reranked struct {
	lambda  float64
	plain   doubles   // of the pairs before any row is moved
	far     []float64 // of each query in class order
	queries [][]entry // the encoding of each query
	holders [][]entry // of each encoded row, the gallery rows in whose encodings it is
	moves   [][]entry // of each query in work, the rows that move, and by how much
	wide    float64   // half of the width of an interval around a moved t
	most    float64   // the greatest move
}

// An entry is a row with a value of it.
type entry struct {
	row   int32
	value float64
}

// rerank makes the encodings of a ranking's rows. Besides the memory of [Neighbours], and
// a copy of queries and gallery where these are two sets, it takes 16 bytes for each
// entry of an encoding, which has (k1 + 1)·(k1/2 + 2)·k2 at most, and usually a small
// part of it. The time is that of two passes over all pairs.
func (r *ranking) rerank(x Reranking) error {
	pool, offset := r.queries.given, 0
	if !r.self {
		pool, offset = bothRows(r.queries.given, r.gallery.given), r.queries.given.Rows
	}
	e, err := newEncoder(r.ctx, pool, x)
	if err != nil {
		return err
	}
	all := e.averaged(e.encodings())
	if err := r.ctx.Err(); err != nil {
		return err
	}

	n := len(r.queries.rows)
	m := &reranked{lambda: x.Lambda, plain: r.doubles, far: make([]float64, n), queries: make([][]entry, n), moves: make([][]entry, n), holders: make([][]entry, pool.Rows)}
	for i, row := range r.queries.rows {
		m.far[i], m.queries[i] = e.far[row], all[row]
		m.most = max(m.most, m.scale(i))
	}
	for j, row := range r.gallery.rows {
		for _, v := range all[offset+row] {
			m.holders[v.row] = append(m.holders[v.row], entry{int32(j), v.value})
		}
	}
	m.wide = e.uncertainty(all)*m.most + (2+m.most)*0x1p-50
	if x.Lambda > 0 {
		m.wide += e.doubles.radius(e.farthest())
	}

	r.doubles.moved = m
	r.doubles.exact = x.Lambda == 0 // rows that share nothing are equal then
	r.error32 += (1+m.most)*0x1p-23 + 4*m.wide
	r.moved = m
	return nil
}

// scale is by how much a Jaccard similarity of 1 moves t.
func (m *reranked) scale(query int) float64 {
	if m.lambda == 0 {
		return 1
	}
	return m.far[query] * (1 - m.lambda) / m.lambda
}

// open finds the rows that move for the queries from to to-1, and close forgets them.
func (m *reranked) open(from, to, gallery int) {
	shared := make([]float64, gallery)
	for i := from; i < to; i++ {
		for _, own := range m.queries[i] {
			for _, other := range m.holders[own.row] {
				shared[other.row] += min(own.value, other.value)
			}
		}

		scale := m.scale(i)
		m.moves[i] = m.moves[i][:0]
		for row, s := range shared {
			if s > 0 {
				m.moves[i] = append(m.moves[i], entry{int32(row), scale * s / (2 - s)}) // both encodings have the sum 1
				shared[row] = 0
			}
		}
	}
}

func (m *reranked) close(from, to int) { clear(m.moves[from:to]) }

// move returns by how much nearer a row is to a query that is open.
func (m *reranked) move(query, row int) float64 {
	moves := m.moves[query]
	if k := firstFrom(moves, row); k < len(moves) && int(moves[k].row) == row {
		return moves[k].value
	}
	return 0
}

// firstFrom returns the place of the first entry of a row or a later one.
func firstFrom(entries []entry, row int) int {
	low, high := 0, len(entries)
	for low < high {
		if middle := (low + high) / 2; int(entries[middle].row) < row {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// adjust changes the similarities of queries from and following with gallery rows start
// and following into those of moved rows.
func (m *reranked) adjust(s matrix.Matrix, from, start int) {
	for i := range s.Rows {
		row, moves := s.Row(i), m.moves[from+i]
		if m.lambda == 0 {
			clear(row)
		}
		for k := firstFrom(moves, start); k < len(moves) && int(moves[k].row) < start+len(row); k++ {
			at := int(moves[k].row) - start
			row[at] = float32(float64(row[at]) + moves[k].value)
		}
	}
}

// interval is that of a moved t.
func (m *reranked) interval(query, row int) interval {
	t := 1.0
	if m.lambda > 0 {
		t = m.plain.best(query, row).at
	}
	t -= m.move(query, row)
	return interval{t - m.wide, t, t + m.wide}
}

// bothRows returns the rows of both, in float32 if both are.
func bothRows(q, g Vectors) Vectors {
	if q.wide == nil && g.wide == nil {
		all := matrix.New(q.Rows+g.Rows, q.Cols)
		for i := range all.Rows {
			if i < q.Rows {
				copy(all.Row(i), q.narrow.Row(i))
			} else {
				copy(all.Row(i), g.narrow.Row(i-q.Rows))
			}
		}
		return Float32(all)
	}

	all := Vectors{Rows: q.Rows + g.Rows, Cols: q.Cols, wide: make([]float64, 0, (q.Rows+g.Rows)*q.Cols)}
	for _, v := range []Vectors{q, g} {
		for i := range v.Rows {
			for k := range v.Cols {
				all.wide = append(all.wide, v.at(i, k))
			}
		}
	}
	return all
}

// newEncoder finds the neighbours of all rows, and how far from each its farthest is.
func newEncoder(ctx context.Context, pool Vectors, x Reranking) (*encoder, error) {
	// The rows and their opposites are held beside each other.
	rows := orderedByClass(pool, nil, !windowed(2*pool.Rows, pool.Cols))
	e := &encoder{Reranking: x, pass: newPass(ctx, rows, rows, tiles), doubles: newDoubles(rows, rows), far: make([]float64, pool.Rows)}
	near, err := Neighbours(ctx, pool, max(x.K1, x.K2-1))
	if err != nil {
		return nil, err
	}
	e.near = make([][]int32, pool.Rows)
	for i, list := range near.Of {
		e.near[i] = make([]int32, 1, 1+len(list))
		e.near[i][0] = int32(i)
		for _, n := range list {
			e.near[i] = append(e.near[i], int32(n.Row))
		}
	}

	farthest, err := listsIn(ctx, rows.opposite(), rows, false, 1, tiles).all()
	if err != nil {
		return nil, err
	}
	for i, list := range farthest.Of {
		e.far[i] = e.t(i, list[0].Row)
	}
	return e, nil
}

// farthest returns the largest t of all.
func (e *encoder) farthest() float64 {
	most := 0.0
	for _, t := range e.far {
		most = max(most, t)
	}
	return most
}

// uncertainty bounds the error of J. The t of a pair, over the greatest of its row, is
// off by two radii of that, so an entry by twice as much of itself, and by the roundings
// of its sums. J changes by at most twice what the sums of its minima change by.
func (e *encoder) uncertainty(all [][]entry) float64 {
	off, longest := 0.0, 16
	for i, far := range e.far {
		if far > 0 {
			off = max(off, 2*e.doubles.radius(far)/far)
		}
		longest = max(longest, 16+len(all[i]))
	}
	return math.Min(1, 8*off+float64(longest)*0x1p-49)
}

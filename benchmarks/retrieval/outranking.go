package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A Found is a row of the gallery as a query meets it.
type Found struct {
	Row        int
	Similarity float64 // cosine, also where rows are re-ranked; or inner product; for Euclidean the distance
	Positive   bool
}

// Outranking returns for each of some queries its best positive, with its rank from 1,
// and the first rows that rank before it: negatives that are more similar, or that
// float64 cannot order. Rows that are equal are in the order of the gallery, negatives
// before the positive, so the rank is that of ties against the query. All of it is
// computed in float64, one query after the other: the time is that of so many rows of
// similarities. Queries without a positive have rank 0. For the other arguments and the
// error see [EvaluateGallery]; g is nil where rows search each other.
func Outranking(ctx context.Context, q Vectors, ql []int, g *Vectors, gl []int, rules Rules, queries []int, first int) (before [][]Found, best []Found, ranks []int, err error) {
	self := g == nil
	if self {
		g, gl = &q, ql
	}
	if err := checkSide("queries", q, rules.one(ql, q)); err != nil {
		return nil, nil, nil, err
	}
	if err := checkSide("gallery", *g, rules.one(gl, *g)); err != nil {
		return nil, nil, nil, err
	}
	if err := rules.check(q, *g, self); err != nil {
		return nil, nil, nil, err
	}

	sideQ, sideG := rules.sides(q, ql, *g, gl, self)
	r := newRanking(cmp.Or(ctx, context.Background()), sideQ, sideG, self, Options{Rules: rules}, tiles)
	if err := r.apply(rules); err != nil {
		return nil, nil, nil, err
	}
	place := make([]int, q.Rows) // of the caller's rows
	for i, row := range sideQ.rows {
		place[row] = i
	}

	before, best, ranks = make([][]Found, len(queries)), make([]Found, len(queries)), make([]int, len(queries))
	for k, query := range queries {
		if err := r.ctx.Err(); err != nil {
			return nil, nil, nil, err
		}
		at := place[query]
		r.moving(at, at+1, func() { before[k], best[k], ranks[k] = r.outranking(at, first) })
	}
	return before, best, ranks, nil
}

// outranking is that of one query.
func (r *ranking) outranking(query, first int) (before []Found, best Found, rank int) {
	type measured struct {
		interval
		row      int // of the caller
		place    int // in class order
		positive bool
	}
	var all []measured
	nearest := interval{math.Inf(1), math.Inf(1), math.Inf(1)}
	bestRow := -1
	for j := range r.gallery.rows {
		within := j >= int(r.lo[query]) && j < int(r.hi[query])
		positive := within && !(r.self && j == query) && (r.rules == nil || r.rules.positive(query, j))
		negative := !within
		if r.rules != nil {
			negative = r.rules.negative(query, j, within)
		}
		if !positive && !negative {
			continue
		}

		t := r.doubles.best(query, j)
		all = append(all, measured{t, r.gallery.rows[j], j, positive})
		if positive && t.at < nearest.at {
			nearest, bestRow = t, j
		}
	}
	if bestRow < 0 {
		return nil, Found{}, 0
	}

	all = slices.DeleteFunc(all, func(m measured) bool { return m.positive || m.beside(nearest) == farther })
	slices.SortFunc(all, func(a, b measured) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.row, b.row)) })
	for _, m := range all[:min(first, len(all))] {
		before = append(before, Found{m.row, r.shown(query, m.place, m.at), false})
	}
	row := r.gallery.rows[bestRow]
	return before, Found{row, r.shown(query, bestRow, nearest.at), true}, len(all) + 1
}

// shown is the similarity that a t stands for, in the caller's units. Of rows that are
// ordered anew it is the cosine.
func (r *ranking) shown(query, row int, t float64) float64 {
	switch {
	case r.moved != nil:
		return r.doubles.similarity(r.moved.plain.best(query, row).at)
	case r.doubles.kind == Dot:
		return (1 - t) / (r.queries.inverse[query] * r.gallery.inverse[0])
	case r.doubles.kind == Euclidean:
		return math.Sqrt(2*t) / r.queries.inverse[query]
	}
	return r.doubles.similarity(t)
}

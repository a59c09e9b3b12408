package benchmarks

import "gpwbench/internal/f32"

// worthWords returns from how many gallery rows on the search in words is faster, 0 if it never is.
func worthWords() int {
	if f32.FastWords() {
		return 128
	}
	return 0
}

// coarse returns what decides most pairs of queries and negatives in words of 16 bits, or nil where the similarities themselves are asked
// for, or words do not pay.
func (r *ranking) coarse() *f32.Coarse {
	if least := r.tiling.words; least == 0 || r.g.Rows < least || r.topR != nil {
		return nil
	}
	gallery := f32.NewWords(r.g)
	queries := gallery
	if !r.self {
		queries = f32.NewWords(r.q)
	}
	if queries == nil || gallery == nil {
		return nil
	}
	return f32.NewCoarse(queries, gallery, r.best, r.lo, r.hi)
}

// inWords counts the negatives of queries from to to-1. Tiles that words would not decide sooner are left to the similarities.
func (r *ranking) inWords(c *f32.Coarse, w *worker, from, to int) {
	start := 0
	if r.self {
		start = from
	}
	for ; start < r.g.Rows; start += r.tiling.cols {
		end := min(start+r.tiling.cols, r.g.Rows)
		switch {
		case c.Count(&w.tally, from, to, start, end):
			r.add(w, from, to, start, end)
		case r.self:
			r.upper(w, from, to, start, end, r.count, r.countColumns)
		default:
			r.across(w, from, to, start, end, r.count)
		}
	}
}

// add adds what a worker counted in a tile, and decides the pairs that were left open.
func (r *ranking) add(w *worker, from, to, start, end int) {
	t := &w.tally
	r.hold(from, to, func(i, k int) { addTo(r.above[i:k], t.Queries[i-from:]) })
	if r.self {
		r.hold(start, end, func(i, k int) { addTo(r.above[i:k], t.Gallery[i-start:]) })
	}
	sims := matrixOn(&w.sims, 1, len(t.Open)).Data
	f32.MulPairs(sims, r.q, r.g, t.Open)
	for n, pair := range t.Open {
		query := int(pair.A)
		r.hold(query, query+1, func(int, int) { r.negative(query, sims[n]) })
	}
}

func addTo(sums, counts []int32) {
	for i := range sums {
		sums[i] += counts[i]
	}
}

// negative counts one negative.
func (r *ranking) negative(query int, s float32) {
	if s > r.best[query] {
		r.above[query]++
	}
	if s == r.best[query] {
		r.equal[query]++
	}
}

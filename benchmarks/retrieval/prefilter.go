package retrieval

import "gpwbench/internal/f32"

// worthIntegers returns the number of gallery rows from which integers are faster, or 0
// if they never are.
func worthIntegers() int {
	if f32.FastIntegers() {
		return 256
	}
	return 0
}

// prefilter returns the prefilter that counts negatives with integers. It is nil where
// the similarities themselves are needed, or where integers are not faster.
func (r *ranking) prefilter() *f32.Prefilter {
	if least := r.tiling.integers; least == 0 || r.g.Rows < least || r.topR != nil || r.rules != nil || r.moved != nil {
		return nil
	}
	return f32.NewPrefilter(f32.Search{Queries: r.q, Gallery: r.g, Both: r.self, Low: r.low, High: r.high, Lo: r.lo, Hi: r.hi})
}

// byIntegers counts the negatives of queries from to to-1. Tiles in which integers decide
// too few pairs are computed as similarities.
func (r *ranking) byIntegers(c *f32.Prefilter, w *worker, from, to int) {
	start := 0
	if r.self {
		start = from
	}

	for ; start < r.g.Rows && r.ctx.Err() == nil; start += r.tiling.cols {
		end := min(start+r.tiling.cols, r.g.Rows)
		switch {
		case c.Count(&w.tally, from, to, start, end):
			r.add(w, from, to, start, end)
		case r.self:
			r.eachUpperTileOf(w, from, to, start, end, r.count, r.countColumns)
		default:
			r.eachTileOf(w, from, to, start, end, r.count)
		}
	}
}

// add adds the counts of a worker in a tile.
func (r *ranking) add(w *worker, from, to, start, end int) {
	t := &w.tally
	r.withQueries(from, to, func(i, k int) { addTo(r.above[i:k], t.Queries[i-from:]) })
	if r.self {
		r.withQueries(start, end, func(i, k int) { addTo(r.above[i:k], t.Gallery[i-start:]) })
	}
	for _, p := range t.Between {
		r.withQueries(int(p.Query), int(p.Query)+1, func(i, _ int) { r.countUndecided(i, int(p.Row)) })
	}
}

func addTo(sums, counts []int32) {
	for i := range sums {
		sums[i] += counts[i]
	}
}

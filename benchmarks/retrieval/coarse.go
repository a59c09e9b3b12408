package retrieval

import "gpwbench/internal/f32"

// worthIntegers returns from how many gallery rows on integers are faster, 0 if they
// never are.
func worthIntegers() int {
	if f32.FastIntegers() {
		return 256
	}
	return 0
}

// coarse returns what counts negatives by integers, or nil where the similarities
// themselves are asked for, or integers do not pay.
func (r *ranking) coarse() *f32.Prefilter {
	if least := r.tiling.integers; least == 0 || r.g.Rows < least || r.topR != nil {
		return nil
	}
	return f32.NewPrefilter(f32.Search{Queries: r.q, Gallery: r.g, Both: r.self, Low: r.low, High: r.high, Lo: r.lo, Hi: r.hi})
}

// byIntegers counts the negatives of queries from to to-1. Tiles that integers do not
// decide sooner are left to the similarities.
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
			r.upper(w, from, to, start, end, r.count, r.countColumns)
		default:
			r.across(w, from, to, start, end, r.count)
		}
	}
}

// add adds what a worker counted in a tile.
func (r *ranking) add(w *worker, from, to, start, end int) {
	t := &w.tally
	r.hold(from, to, func(i, k int) { addTo(r.above[i:k], t.Queries[i-from:]) })
	if r.self {
		r.hold(start, end, func(i, k int) { addTo(r.above[i:k], t.Gallery[i-start:]) })
	}
	for _, p := range t.Between {
		r.hold(int(p.Query), int(p.Query)+1, func(i, _ int) { r.settle(i, int(p.Row)) })
	}
}

func addTo(sums, counts []int32) {
	for i := range sums {
		sums[i] += counts[i]
	}
}

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

// integers reports whether pairs are decided with integers: where that is faster, and
// where rules leave no single rows out.
func (r *ranking) integers() bool { return r.rules == nil && r.moved == nil && r.pass.integers() }

func (p *pass) integers() bool {
	least := p.tiling.integers
	return least > 0 && len(p.g.side.rows) >= least
}

// prefilter returns the prefilter of the windows that are compared, or nil without
// integers.
func (r *ranking) prefilter() *prefilter {
	if !r.integers() {
		return nil
	}
	return r.pass.prefilter(r.symmetric(), r.lo, r.hi)
}

// A prefilter is one of the windows of a pass. It counts rows from the beginnings of the
// windows.
type prefilter struct {
	*f32.Prefilter
	both                bool
	firstQuery, firstOf int32 // of the queries, and of the gallery
}

// prefilter returns the prefilter of the windows that are compared, or nil if their rows
// are none for integers. Query k skips gallery rows lo[k]..hi[k]-1. With both, the
// queries are the gallery and a tile counts for all of its rows.
func (p *pass) prefilter(both bool, lo, hi []int32) *prefilter {
	s := f32.Search{Queries: p.q.rows, Gallery: p.g.rows, Both: both, Lo: lo, Hi: hi}
	if n := p.q.to - p.q.from; n < len(lo) || p.g.to-p.g.from < len(p.g.side.rows) {
		s.Lo, s.Hi = make([]int32, n), make([]int32, n)
		inside := func(row int32) int32 { return int32(max(p.g.from, min(int(row), p.g.to)) - p.g.from) }
		for k := range n {
			s.Lo[k], s.Hi[k] = inside(lo[p.q.from+k]), inside(hi[p.q.from+k])
		}
	}

	c := f32.NewPrefilter(s)
	if c == nil {
		return nil
	}
	return &prefilter{c, both, int32(p.q.from), int32(p.g.from)}
}

// count counts a tile, and reports false where its similarities are needed.
func (c *prefilter) count(t *f32.TileCounts, from, to, start, end int, rows, cols f32.Thresholds) bool {
	q, g := int(c.firstQuery), int(c.firstOf)
	return c.Count(t, from-q, to-q, start-g, end-g, rows, cols)
}

// pair returns the rows that a pair of a tile stands for.
func (c *prefilter) pair(p f32.Pair) (query, row int) {
	return int(p.Query + c.firstQuery), int(p.Row + c.firstOf)
}

// byIntegers counts the negatives of queries from to to-1. Tiles in which integers decide
// too few pairs are computed as similarities.
func (r *ranking) byIntegers(c *prefilter, w *worker, from, to int) {
	start := r.g.from
	if c.both {
		start = from
	}

	for ; start < r.g.to && r.ctx.Err() == nil; start += r.tiling.cols {
		end := min(start+r.tiling.cols, r.g.to)
		rows, cols := r.thresholds(&w.thresholds[0], from, to), f32.Thresholds{}
		if c.both {
			cols = r.thresholds(&w.thresholds[1], start, end)
		}

		switch {
		case c.count(&w.tally, from, to, start, end, rows, cols):
			r.add(c, w, from, to, start, end)
			r.told.pairs(to-from, end-start)
		case c.both:
			r.eachUpperTileOf(w, from, to, start, end, r.count, r.countColumns)
		default:
			r.eachTileOf(w, from, to, start, end, r.count)
		}
	}
}

// thresholds returns those of queries from to to-1 at this time. Others may raise them
// meanwhile; then more is listed than is needed.
func (r *ranking) thresholds(memory *f32.Thresholds, from, to int) f32.Thresholds {
	if r.topR == nil {
		return f32.Thresholds{Low: r.low[from:to], High: r.high[from:to]}
	}
	memory.Low, memory.High = memory.Low[:0], memory.High[:0]
	r.withQueries(from, to, func(i, k int) {
		for ; i < k; i++ {
			memory.Low = append(memory.Low, min(r.low[i], r.list[i]))
			memory.High = append(memory.High, r.high[i])
		}
	})
	return *memory
}

// add adds the counts of a worker in a tile, and what it lists.
func (r *ranking) add(c *prefilter, w *worker, from, to, start, end int) {
	t := &w.tally
	r.withQueries(from, to, func(i, k int) { r.addTo(c, t, t.Queries[i-from:], i, k) })
	if c.both {
		r.withQueries(start, end, func(i, k int) {
			counts := t.Gallery[i-start:]
			if i < to { // their lists are added
				addTo(r.above[i:k], counts)
				return
			}
			r.addTo(c, t, counts, i, k)
		})
	}
}

// addTo adds what concerns queries from to to-1.
func (r *ranking) addTo(c *prefilter, t *f32.TileCounts, counts []int32, from, to int) {
	addTo(r.above[from:to], counts)
	for _, p := range t.Between {
		if query, row := c.pair(p); query >= from && query < to {
			r.countUndecided(query, row)
		}
	}
	for _, p := range t.Listed {
		if query, row := c.pair(p.Pair); query >= from && query < to {
			r.listed(query, row, r.exactly(c, query, p))
		}
	}
}

// exactly returns the similarity of a listed pair, computed again as in a tile if it is
// too near to a threshold of the query for another order of the sum.
func (r *ranking) exactly(c *prefilter, query int, p f32.Listed) float32 {
	if r.topR[query].near(p.Similarity, c.Rounding()) {
		return c.Similarity(p.Pair)
	}
	return p.Similarity
}

func addTo(sums, counts []int32) {
	for i := range sums {
		sums[i] += counts[i]
	}
}

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

// prefilter returns the prefilter that decides pairs with integers. It is nil where
// integers are not faster, or where rules leave single rows out.
func (r *ranking) prefilter() *f32.Prefilter {
	if r.rules != nil {
		return nil
	}
	return r.pass.prefilter(f32.Search{Both: r.self, Lo: r.lo, Hi: r.hi})
}

// prefilter returns the prefilter of a search of the queries and the gallery.
func (p *pass) prefilter(s f32.Search) *f32.Prefilter {
	if least := p.tiling.integers; least == 0 || p.g.Rows < least {
		return nil
	}
	s.Queries, s.Gallery = p.q, p.g
	return f32.NewPrefilter(s)
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
		rows, cols := r.thresholds(&w.thresholds[0], from, to), f32.Thresholds{}
		if r.self {
			cols = r.thresholds(&w.thresholds[1], start, end)
		}

		switch {
		case c.Count(&w.tally, from, to, start, end, rows, cols):
			r.add(c, w, from, to, start, end)
		case r.self:
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
func (r *ranking) add(c *f32.Prefilter, w *worker, from, to, start, end int) {
	t := &w.tally
	r.withQueries(from, to, func(i, k int) { r.addTo(c, t, t.Queries[i-from:], i, k) })
	if r.self {
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
func (r *ranking) addTo(c *f32.Prefilter, t *f32.TileCounts, counts []int32, from, to int) {
	addTo(r.above[from:to], counts)
	for _, p := range t.Between {
		if query := int(p.Query); query >= from && query < to {
			r.countUndecided(query, int(p.Row))
		}
	}
	for _, p := range t.Listed {
		if query := int(p.Query); query >= from && query < to {
			r.listed(query, int(p.Row), r.exactly(c, p))
		}
	}
}

// exactly returns the similarity of a listed pair, computed again as in a tile if it is
// too near to a threshold of the query for another order of the sum.
func (r *ranking) exactly(c *f32.Prefilter, p f32.Listed) float32 {
	if r.topR[p.Query].near(p.Similarity, c.Rounding()) {
		return c.Similarity(p.Pair)
	}
	return p.Similarity
}

func addTo(sums, counts []int32) {
	for i := range sums {
		sums[i] += counts[i]
	}
}

package f32

import "slices"

// settle counts the open pairs of a tile. A product in float32 in whatever order is fast
// tells the side of most; what is as close to a threshold as both may be rounded is
// computed in the order of a tile.
func (c *Coarse) settle(t *Tally, from, start int) {
	t.close = t.close[:0]
	for _, p := range t.open {
		s := nearly(c.Queries.Row(int(p.Query)), c.Gallery.Row(int(p.Row)))
		if s > float64(c.High[p.Query])+2*c.sums {
			t.above(p.Query, from, start)
		} else if s >= float64(c.Low[p.Query])-2*c.sums {
			t.close = append(t.close, p)
		}
	}
	t.sims = slices.Grow(t.sims[:0], len(t.close))[:len(t.close)]
	mulPairs(t.sims, c.Queries, c.Gallery, t.close)
	for k, p := range t.close {
		switch s := t.sims[k]; {
		case s > c.High[p.Query]:
			t.above(p.Query, from, start)
		case s >= c.Low[p.Query]:
			t.Between = append(t.Between, p)
		}
	}
}

// above counts one for a query, which is of the block from or else one of the gallery rows from start on.
func (t *Tally) above(query int32, from, start int) {
	if i := int(query) - from; i < len(t.Queries) {
		t.Queries[i]++
	} else {
		t.Gallery[int(query)-start]++
	}
}

package f32

import "slices"

// resolve counts the open pairs of a tile. A product in float32, in the fastest order,
// decides most of them. A pair that is as close to a threshold as the rounding of both is
// computed in the order of a tile.
func (c *Prefilter) resolve(t *TileCounts, from, start int) {
	t.nearThreshold = t.nearThreshold[:0]
	for _, p := range t.open {
		s := approxDot(c.Queries.Row(int(p.Query)), c.Gallery.Row(int(p.Row)))
		if s > float64(c.High[p.Query])+2*c.sums {
			t.above(p.Query, from, start)
		} else if s >= float64(c.Low[p.Query])-2*c.sums {
			t.nearThreshold = append(t.nearThreshold, p)
		}
	}

	t.sims = slices.Grow(t.sims[:0], len(t.nearThreshold))[:len(t.nearThreshold)]
	mulPairs(t.sims, c.Queries, c.Gallery, t.nearThreshold)
	for k, p := range t.nearThreshold {
		switch s := t.sims[k]; {
		case s > c.High[p.Query]:
			t.above(p.Query, from, start)
		case s >= c.Low[p.Query]:
			t.Between = append(t.Between, p)
		}
	}
}

// above adds one to the count of a query. It is in the block of queries that begins at
// from, or otherwise among the gallery rows from start on.
func (t *TileCounts) above(query int32, from, start int) {
	if i := int(query) - from; i < len(t.Queries) {
		t.Queries[i]++
	} else {
		t.Gallery[int(query)-start]++
	}
}

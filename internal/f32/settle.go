package f32

import "slices"

// settle counts the open pairs of a tile. A product in float32 in whatever order is fast tells the side of most; what is as close to the
// threshold as both may be rounded is computed in the order of a tile.
func (c *Coarse) settle(t *Tally, from, start int) {
	t.close = t.close[:0]
	for _, p := range t.open {
		s, threshold := nearly(c.Queries.Row(int(p.query)), c.Gallery.Row(int(p.row))), float64(c.Thresholds[p.query])
		if s > threshold+2*c.sums {
			t.above(p.query, from, start)
		} else if s >= threshold-2*c.sums {
			t.close = append(t.close, p)
		}
	}
	t.sims = slices.Grow(t.sims[:0], len(t.close))[:len(t.close)]
	mulPairs(t.sims, c.Queries, c.Gallery, t.close)
	for k, p := range t.close {
		if t.sims[k] > c.Thresholds[p.query] {
			t.above(p.query, from, start)
		}
		if t.sims[k] == c.Thresholds[p.query] {
			t.Equal = append(t.Equal, p.query)
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

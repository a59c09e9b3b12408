package f32

import "slices"

// resolve counts the open pairs of a tile, or lists them. A product in float32, in the
// fastest order, decides most of them. A pair that is as close to a threshold as the
// rounding of both is computed in the order of a tile.
func (c *Prefilter) resolve(t *TileCounts, from, start int) {
	t.nearThreshold = t.nearThreshold[:0]
	for _, p := range t.open {
		s := FastDot(c.Queries.Row(int(p.Query)), c.Gallery.Row(int(p.Row)))
		h, k := t.thresholds(p.Query, from, start)
		switch {
		case s < float64(h.Low[k])-c.Rounding():
		case h.lists(k):
			t.Listed = append(t.Listed, Listed{p, float32(s)})
		case s > float64(h.High[k])+c.Rounding():
			t.above(p.Query, from, start)
		default:
			t.nearThreshold = append(t.nearThreshold, p)
		}
	}

	t.sims = slices.Grow(t.sims[:0], len(t.nearThreshold))[:len(t.nearThreshold)]
	mulPairs(t.sims, c.Queries, c.Gallery, t.nearThreshold)
	for i, p := range t.nearThreshold {
		h, k := t.thresholds(p.Query, from, start)
		switch s := t.sims[i]; {
		case s > h.High[k]:
			t.above(p.Query, from, start)
		case s >= h.Low[k]:
			t.Between = append(t.Between, p)
		}
	}
}

// thresholds returns those that a query has, and its place among them.
func (t *TileCounts) thresholds(query int32, from, start int) (Thresholds, int) {
	if i := int(query) - from; i < len(t.rows.Low) {
		return t.rows, i
	}
	return t.cols, int(query) - start
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

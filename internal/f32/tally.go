package f32

import (
	"fmt"
	"math/bits"
	"slices"
)

// A Tally is what [Coarse.Count] finds in a tile, in memory that the next tile uses again.
type Tally struct {
	Queries []int32 // how many gallery rows are above the threshold of each query of the tile
	Gallery []int32 // how many queries are above that of each gallery row of the tile, which is a query too
	Open    []Pair  // a query, and a gallery row that is not counted for it
	nobody  [panelRows]int32
}

// cells are those of a tile of two panels, a bit each: (i, j) is bit j of element i.
type cells [panelRows]uint16

var everyCell = func() (c cells) {
	for i := range c {
		c[i] = 1<<panelRows - 1
	}
	return c
}()

// A tile of which more than one pair in openShare is open takes less time in float32 as a whole.
const openShare = 32

// Count counts in the tile of queries from..to-1 and gallery rows start..end-1, all of them multiples of 16 or the number of rows. Where
// the queries are the gallery, start is from or later, and every pair of the tile counts for both of its rows. Count reports false, and then
// t says nothing, where so many pairs are open that float32 is faster.
func (c *Coarse) Count(t *Tally, from, to, start, end int) bool {
	if !panels(from, to, c.queries.rows) || !panels(start, end, c.gallery.rows) || c.both && start < from {
		panic(fmt.Sprintf("f32: Coarse.Count: queries %d to %d of %d, gallery rows %d to %d of %d: no tile of whole panels of %d, on or above the diagonal",
			from, to, c.queries.rows, start, end, c.gallery.rows, panelRows))
	}
	most := (to - from) * (end - start) / openShare
	t.reset(to-from, end-start, most)
	var open [2]cells
	for j := start; j < end; j += panelRows {
		for i := from; i < to && !(c.both && i > j); i += panelRows {
			cols, above := &nobody, t.nobody[:]
			if c.both && i < j {
				cols, above = &c.panels[j/panelRows].bounds, t.Gallery[j-start:]
			}
			look := c.look(i, j)
			if look == (cells{}) {
				continue
			}
			if judge(c.queries.panel(i), c.gallery.panel(j), &c.panels[i/panelRows].bounds, cols, &look, t.Queries[i-from:], above, &open) == 0 {
				continue
			}
			if len(t.Open) > most {
				return false
			}
			t.add(&open, i, j)
		}
	}
	t.Queries, t.Gallery = t.Queries[:to-from], t.Gallery[:end-start]
	return true
}

func panels(from, to, rows int) bool {
	return from%panelRows == 0 && (to%panelRows == 0 || to == rows) && from <= to && to <= rows
}

// look returns the cells of the panels of query i and gallery row j that count.
func (c *Coarse) look(i, j int) cells {
	p := &c.panels[i/panelRows]
	if (j+panelRows <= p.lo || j >= p.hi) && j+panelRows <= c.gallery.rows {
		return everyCell
	}
	var look cells
	inside := below(c.gallery.rows - j)
	for k := range min(panelRows, c.queries.rows-i) {
		look[k] = inside &^ (below(int(c.hi[i+k])-j) &^ below(int(c.lo[i+k])-j))
	}
	return look
}

// below returns the cells of a row before column j.
func below(j int) uint16 { return uint16(1<<max(0, min(j, panelRows)) - 1) }

// reset makes a tally of zeros, of whole panels.
func (t *Tally) reset(queries, gallery, open int) {
	t.Queries, t.Gallery = zeros(t.Queries, queries), zeros(t.Gallery, gallery)
	t.Open = slices.Grow(t.Open[:0], open+2*panelRows*panelRows) // the last panels may go beyond
}

func zeros(counts []int32, n int) []int32 {
	n = ceil(n, panelRows) * panelRows
	counts = slices.Grow(counts[:0], n)[:n]
	clear(counts)
	return counts
}

// add adds the open cells of the panels of query i and gallery row j.
func (t *Tally) add(open *[2]cells, i, j int) {
	for k := range panelRows {
		for c := open[0][k]; c != 0; c &= c - 1 {
			t.Open = append(t.Open, Pair{int32(i + k), int32(j + bits.TrailingZeros16(c))})
		}
		for c := open[1][k]; c != 0; c &= c - 1 {
			t.Open = append(t.Open, Pair{int32(j + bits.TrailingZeros16(c)), int32(i + k)})
		}
	}
}

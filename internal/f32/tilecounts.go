package f32

import (
	"fmt"
	"math/bits"
	"slices"
)

// TileCounts are what [Prefilter.Count] finds in a tile, in memory that the next tile
// uses again.
type TileCounts struct {
	// Queries has how many gallery rows are above the high threshold of each query of the
	// tile.
	Queries []int32

	// Gallery has how many queries are above the high threshold of each gallery row,
	// where that is a query too.
	Gallery []int32

	// Between lists the pairs whose similarity is between the thresholds of the query, or
	// equal to one. The query is from either side.
	Between []Pair

	open          []Pair // a query, and what is not counted for it yet
	nearThreshold []Pair // those whose similarity must be known to the last bit
	sims          []float32
	discarded     [panelRows]int32

	// undecidedIn8 is the block of queries, from 1 on, of which 8 bits leave too many
	// open.
	undecidedIn8 int
}

// cells are those of a tile of two panels, a bit each: (i, j) is bit j of element i.
type cells [panelRows]uint16

var allCells = func() (c cells) {
	for i := range c {
		c[i] = 1<<panelRows - 1
	}
	return c
}()

// A tile of which more than one pair in so many is open takes less time in 16 bits than
// in 8, or in float32 than in 16.
const (
	openIn8  = 16
	openIn16 = 32
)

// Count counts in the tile of queries from..to-1 and gallery rows start..end-1. All of
// these are multiples of 16 or the number of rows. Where the queries are the gallery,
// start is from or later, and every pair of the tile counts for both of its rows.
//
// Count reports false where integers leave so many pairs open that float32 is faster.
// Then t has no meaning.
func (c *Prefilter) Count(t *TileCounts, from, to, start, end int) bool {
	if !panels(from, to, c.Queries.Rows) || !panels(start, end, c.Gallery.Rows) || c.Both && start < from {
		panic(fmt.Sprintf("f32: Prefilter.Count: queries %d to %d of %d, gallery rows %d to %d of %d: no tile of whole panels of %d, on or above the diagonal",
			from, to, c.Queries.Rows, start, end, c.Gallery.Rows, panelRows))
	}

	counted := t.undecidedIn8 != from+1 && c.count(c.in8, openIn8, t, from, to, start, end)
	if !counted {
		t.undecidedIn8 = from + 1
		counted = c.count(c.in16(), openIn16, t, from, to, start, end)
	}

	if counted {
		c.resolve(t, from, start)
	}
	return counted
}

func panels(from, to, rows int) bool {
	return from%panelRows == 0 && (to%panelRows == 0 || to == rows) && from <= to && to <= rows
}

// count counts the pairs that integers decide, and collects those that they leave open.
func (c *Prefilter) count(l *level, share int, t *TileCounts, from, to, start, end int) bool {
	most := (to - from) * (end - start) / share
	t.reset(to-from, end-start, most)

	var open [2]cells
	for j := start; j < end; j += panelRows {
		for i := from; i < to && !(c.Both && i > j); i += panelRows {
			cols, above := &noBounds, t.discarded[:]
			if c.Both && i < j {
				cols, above = &l.bounds[j/panelRows], t.Gallery[j-start:]
			}

			inspected := c.inspect(i, j)
			if inspected == (cells{}) {
				continue
			}
			if classify(l.queries, l.gallery, i, j, &l.bounds[i/panelRows], cols, &inspected, t.Queries[i-from:], above, &open) == 0 {
				continue
			}
			if len(t.open) > most {
				return false
			}

			t.add(&open, i, j)
		}
	}

	t.Queries, t.Gallery = t.Queries[:to-from], t.Gallery[:end-start]
	return true
}

// inspect returns the cells of the panels of query i and gallery row j that count.
func (c *Prefilter) inspect(i, j int) cells {
	skip := c.skips[i/panelRows]
	if (j+panelRows <= skip.lo || j >= skip.hi) && j+panelRows <= c.Gallery.Rows {
		return allCells
	}
	var inspected cells
	inside := below(c.Gallery.Rows - j)
	for k := range min(panelRows, c.Queries.Rows-i) {
		inspected[k] = inside &^ (below(int(c.Hi[i+k])-j) &^ below(int(c.Lo[i+k])-j))
	}
	return inspected
}

// below returns the cells of a row before column j.
func below(j int) uint16 { return uint16(1<<max(0, min(j, panelRows)) - 1) }

// reset makes counts of zeros, of whole panels.
func (t *TileCounts) reset(queries, gallery, open int) {
	t.Queries, t.Gallery = zeros(t.Queries, queries), zeros(t.Gallery, gallery)
	// The last panels may go beyond.
	t.open = slices.Grow(t.open[:0], open+2*panelRows*panelRows)
	t.Between = t.Between[:0]
}

func zeros(counts []int32, n int) []int32 {
	n = ceil(n, panelRows) * panelRows
	counts = slices.Grow(counts[:0], n)[:n]
	clear(counts)
	return counts
}

// add adds the open cells of the panels of query i and gallery row j.
func (t *TileCounts) add(open *[2]cells, i, j int) {
	for k := range panelRows {
		for c := open[0][k]; c != 0; c &= c - 1 {
			t.open = append(t.open, Pair{int32(i + k), int32(j + bits.TrailingZeros16(c))})
		}
		for c := open[1][k]; c != 0; c &= c - 1 {
			t.open = append(t.open, Pair{int32(j + bits.TrailingZeros16(c)), int32(i + k)})
		}
	}
}

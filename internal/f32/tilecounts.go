package f32

import (
	"fmt"
	"math/bits"
	"slices"
)

// TileCounts are the results of [Prefilter.Count] for a tile. The next tile uses the same
// memory.
type TileCounts struct {
	// Queries has, for each query of the tile, the number of gallery rows above its high
	// threshold.
	Queries []int32

	// Gallery has, for each gallery row that is also a query, the number of queries above
	// its high threshold.
	Gallery []int32

	// Between lists the pairs whose similarity is between the thresholds of the query, or
	// equal to one of them. The query is from either side.
	Between []Pair

	// Listed are the pairs of queries that list theirs: all whose similarity in a tile
	// reaches the low threshold, and perhaps some that are below it by no more than
	// [Prefilter.Rounding].
	Listed []Listed

	rows, cols    Thresholds
	bounds        [2][]bounds // of rows and cols
	open          []Pair      // queries, and what is not yet counted for them
	nearThreshold []Pair      // pairs whose similarity must be computed to the last bit
	sims          []float32
	discarded     [panelRows]int32

	// undecidedIn8 is the number, from 1 on, of the block of queries in which 8 bits
	// decide too few.
	undecidedIn8 int

	// failed is the number of tiles that listed too many pairs, one after the other, and
	// waiting that of tiles until the next try.
	failed, waiting int
}

// A Listed is a pair with its similarity in float32, in any order of its sum.
type Listed struct {
	Pair
	Similarity float32
}

// cells are those of a tile of two panels, one bit each: (i, j) is bit j of element i.
type cells [panelRows]uint16

var allCells = func() (c cells) {
	for i := range c {
		c[i] = 1<<panelRows - 1
	}
	return c
}()

// If more than one pair in this many is open, a tile takes less time in 16 bits than in
// 8, or in float32 than in 16.
const (
	openIn8  = 16
	openIn16 = 32
)

// Count counts the tile of queries from..to-1 and gallery rows start..end-1. All of these
// are multiples of 16 or the number of rows. Where the queries are the gallery, start is
// at least from, and every pair of the tile counts for both of its rows. rows are the
// thresholds of the queries, and cols those of the gallery rows where these are queries.
//
// Count reports false where integers leave so many pairs open that float32 is faster. t
// is invalid then.
func (c *Prefilter) Count(t *TileCounts, from, to, start, end int, rows, cols Thresholds) bool {
	if !panels(from, to, c.Queries.Rows) || !panels(start, end, c.Gallery.Rows) || c.Both && start < from {
		panic(fmt.Sprintf("f32: Prefilter.Count: queries %d to %d of %d, gallery rows %d to %d of %d: no tile of whole panels of %d, on or above the diagonal",
			from, to, c.Queries.Rows, start, end, c.Gallery.Rows, panelRows))
	}
	if len(rows.Low) != to-from || len(rows.High) != to-from || c.Both && (len(cols.Low) != end-start || len(cols.High) != end-start) {
		panic(fmt.Sprintf("f32: Prefilter.Count: %d and %d thresholds for %d queries, %d and %d for %d gallery rows: they do not fit",
			len(rows.Low), len(rows.High), to-from, len(cols.Low), len(cols.High), end-start))
	}

	t.rows, t.cols = rows, cols
	var counted bool
	if t.list() {
		counted = c.countListing(t, from, to, start, end)
	} else {
		counted = c.countDeciding(t, from, to, start, end)
	}

	if counted {
		c.resolve(t, from, start)
	}
	return counted
}

// list reports whether a query of the tile lists its pairs.
func (t *TileCounts) list() bool {
	for _, h := range []Thresholds{t.rows, t.cols} {
		for k := range h.Low {
			if h.lists(k) {
				return true
			}
		}
	}
	return false
}

// countDeciding counts a tile in 8 bits, or in 16 where 8 decide too few.
func (c *Prefilter) countDeciding(t *TileCounts, from, to, start, end int) bool {
	if t.undecidedIn8 != from+1 && c.count(c.in8, openIn8, t, from, to, start, end) {
		return true
	}
	t.undecidedIn8 = from + 1
	return c.count(c.in16(), openIn16, t, from, to, start, end)
}

// countListing counts a tile of which pairs are listed. Where they are too many, 16 bits
// hardly make them fewer, and they are fewer once thresholds have risen.
func (c *Prefilter) countListing(t *TileCounts, from, to, start, end int) bool {
	if t.waiting > 0 {
		t.waiting--
		return false
	}
	if c.count(c.in8, openIn8, t, from, to, start, end) {
		t.failed = 0
		return true
	}
	t.failed = min(t.failed+1, mostFailed)
	t.waiting = 1 << t.failed
	return false
}

// mostFailed is the number of tiles in a row that listed too many pairs from which on the
// next try comes no later.
const mostFailed = 3

func panels(from, to, rows int) bool {
	return from%panelRows == 0 && (to%panelRows == 0 || to == rows) && from <= to && to <= rows
}

// count counts the pairs that integers decide, and collects the others.
func (c *Prefilter) count(l *level, share int, t *TileCounts, from, to, start, end int) bool {
	most := (to - from) * (end - start) / share
	t.reset(to-from, end-start, most)
	t.bounds[0] = l.boundsOf(t.bounds[0], t.rows)
	if c.Both {
		t.bounds[1] = l.boundsOf(t.bounds[1], t.cols)
	}

	var open [2]cells
	for j := start; j < end; j += panelRows {
		for i := from; i < to && !(c.Both && i > j); i += panelRows {
			cols, above := &noBounds, t.discarded[:]
			if c.Both && i < j {
				cols, above = &t.bounds[1][(j-start)/panelRows], t.Gallery[j-start:]
			}

			inspected := c.inspect(i, j)
			if inspected == (cells{}) {
				continue
			}
			if classify(l.queries, l.gallery, i, j, &t.bounds[0][(i-from)/panelRows], cols, &inspected, t.Queries[i-from:], above, &open) == 0 {
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

// reset sets the counts to zeros, for whole panels.
func (t *TileCounts) reset(queries, gallery, open int) {
	t.Queries, t.Gallery = zeros(t.Queries, queries), zeros(t.Gallery, gallery)
	// The last panels may extend beyond the matrix.
	t.open = slices.Grow(t.open[:0], open+2*panelRows*panelRows)
	t.Between, t.Listed = t.Between[:0], t.Listed[:0]
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

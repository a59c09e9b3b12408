package verification

import (
	"context"
	"slices"
	"sync"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f32"
)

// A tally counts pairs: negatives in bins or, where their t is float64, in the cells of
// a layout; positives in bins where they are not known.
type tally struct {
	negatives, cells, positives []uint32
	counted                     int          // since it was last added up
	marked                      *markedBlock // nil without marks

	pairs []f32.Pair // of a part of a block in float64
	ts    []float64  // theirs
}

// A count is a pass over all pairs. Workers add up their tallies under its lock.
type count struct {
	pairs  *retrieval.Pairs
	layout *layout // nil if positives are counted in bins too
	wide   bool    // compute all pairs in float64
	marks  *marks  // nil for none

	mu                          sync.Mutex
	tallies                     []*tally
	negatives, cells, positives []int64
}

// run counts all pairs. The counts do not depend on the number of workers.
func (c *count) run(ctx context.Context, workers int) error {
	c.negatives = make([]int64, bins)
	switch {
	case c.layout == nil:
		c.positives = make([]int64, bins)
	case c.wide:
		c.cells = make([]int64, c.layout.cells())
	}

	err := c.each(ctx, workers)
	for _, t := range c.tallies {
		c.add(t)
		if t.marked != nil {
			t.marked.write()
		}
	}
	return err
}

func (c *count) each(ctx context.Context, workers int) error {
	if c.wide {
		return c.pairs.Blocks(ctx, workers, func() func(from, to int) {
			t := c.tally()
			return func(from, to int) { c.block(ctx, t, from, to) }
		})
	}
	return c.pairs.Tiles(ctx, workers, func() func(retrieval.PairTile) {
		t := c.tally()
		return func(tile retrieval.PairTile) { c.tile(t, tile) }
	})
}

func (c *count) tally() *tally {
	t := &tally{negatives: make([]uint32, bins), cells: make([]uint32, len(c.cells)), positives: make([]uint32, len(c.positives))}
	if c.marks != nil {
		t.marked = c.marks.newBlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tallies = append(c.tallies, t)
	return t
}

// add adds a tally to the sums and clears it.
func (c *count) add(t *tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range []struct {
		sums   []int64
		counts []uint32
	}{{c.negatives, t.negatives}, {c.cells, t.cells}, {c.positives, t.positives}} {
		for k, n := range of.counts {
			of.sums[k] += int64(n)
		}
		clear(of.counts)
	}
	t.counted = 0
}

// tile counts a tile of similarities in float32.
func (c *count) tile(t *tally, tile retrieval.PairTile) {
	if t.marked != nil && t.marked.block != tile.From {
		t.marked.begin(tile.From)
	}
	for i := range tile.S.Rows {
		from, to := c.pairs.Segment(tile.From + i)
		row, first := tile.S.Row(i), tile.First(i)
		lo, hi := min(max(from-tile.Start, first), len(row)), min(max(to-tile.Start, first), len(row))

		if t.marked != nil && first < len(row) {
			t.marked.mark(t.marked.of(i, tile.Start), row, first)
		}
		countBins(t.negatives, row[min(first, lo):lo])
		countBins(t.negatives, row[hi:])
		if c.layout == nil {
			countBins(t.positives, row[lo:hi])
		}
	}

	// A counter must not overflow before the next tile.
	if t.counted += tile.S.Rows * tile.S.Cols; t.counted > 1<<31 {
		c.add(t)
	}
}

// countBins counts similarities by their bins. It finds the bins of some of them first
// and counts then, because a processor that would do both at a time lets the next
// similarity wait until it knows where the count before is stored, and takes four times
// as long.
func countBins(counts []uint32, row []float32) {
	of := (*[bins]uint32)(counts)
	var at [256]int32
	for len(row) > 0 {
		n := min(len(row), len(at))
		for k, s := range row[:n] {
			at[k] = int32((1 - float64(s)) * binsPerUnit)
		}
		for k, b := range at[:n] {
			if uint32(b) < bins {
				of[b]++
			} else {
				of[bin(1-float64(row[k]))]++
			}
		}
		row = row[n:]
	}
}

// blockColumns is the number of gallery rows that a block of queries is compared with at
// a time in float64, so that they stay in a near cache.
const blockColumns = 64

// block counts a block of queries in float64.
func (c *count) block(ctx context.Context, t *tally, from, to int) {
	_, gallery := c.pairs.Labels()
	start := 0
	if c.pairs.Self() {
		start = from
	}
	for ; start < len(gallery) && ctx.Err() == nil; start += blockColumns {
		t.pairs = t.pairs[:0]
		end := min(start+blockColumns, len(gallery))
		for i := from; i < to; i++ {
			c.list(t, i, start, end)
		}
		t.ts = slices.Grow(t.ts[:0], len(t.pairs))[:len(t.pairs)]
		c.pairs.ApartEach(t.ts, t.pairs)

		for k, pair := range t.pairs {
			at := t.ts[k]
			r := c.pairs.Radius(at)
			switch lo, hi := c.pairs.Segment(int(pair.Query)); {
			case c.layout != nil:
				t.cells[c.layout.place(at-r, at+r)]++
			case int(pair.Row) >= lo && int(pair.Row) < hi:
				t.positives[bin(at)]++
			default:
				t.negatives[bin(at)]++
			}
		}
		if t.counted += len(t.pairs); t.counted > 1<<31 {
			c.add(t)
		}
	}
}

// list lists the pairs of query i with gallery rows start to end-1, without the positives
// where they are known.
func (c *count) list(t *tally, i, start, end int) {
	if c.pairs.Self() {
		start = max(start, i+1)
	}
	lo, hi := 0, 0
	if c.layout != nil {
		lo, hi = c.pairs.Segment(i)
	}
	for j := start; j < end; j++ {
		if j < lo || j >= hi {
			t.pairs = append(t.pairs, f32.Pair{Query: int32(i), Row: int32(j)})
		}
	}
}

// distances returns t of all positives, in float64.
func distances(ctx context.Context, p *retrieval.Pairs, workers int) ([]float64, error) {
	queries, _ := p.Labels()
	starts := make([]int, len(queries)+1)
	first := func(i, from int) int {
		if p.Self() {
			return i + 1
		}
		return from
	}
	for i := range queries {
		from, to := p.Segment(i)
		starts[i+1] = starts[i] + to - first(i, from)
	}

	ts := make([]float64, starts[len(queries)])
	err := p.Blocks(ctx, workers, func() func(from, to int) {
		return func(from, to int) {
			for i := from; i < to && ctx.Err() == nil; i++ {
				low, high := p.Segment(i)
				for k, j := starts[i], first(i, low); j < high; k, j = k+1, j+1 {
					ts[k] = p.Apart(i, j)
				}
			}
		}
	})
	return ts, err
}

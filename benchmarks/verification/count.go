package verification

import (
	"context"
	"sync"

	"gpwbench/benchmarks/retrieval"
)

// A tally counts negatives in the cells of a layout, or both kinds of pairs in bins.
type tally struct {
	negatives, positives []uint32
	counted              int // since it was last added up
}

// A count is a pass over all pairs. Workers add up their tallies under its lock.
type count struct {
	pairs   *retrieval.Pairs
	layout  *layout // nil if positives are counted in bins too
	wide    bool    // compute all pairs in float64
	resolve []bool  // bins whose negatives are computed in float64 after all

	whole []int32 // the cell of a bin, or -1 if the position in it or another precision decides

	mu                   sync.Mutex
	tallies              []*tally
	negatives, positives []int64
}

// run counts all pairs. The counts do not depend on the number of workers.
func (c *count) run(ctx context.Context, workers int) error {
	cells := bins
	if c.layout != nil {
		cells = c.layout.cells()
	}
	c.negatives = make([]int64, cells)
	if c.layout == nil {
		c.positives = make([]int64, bins)
	}

	c.whole = make([]int32, bins)
	for b := range c.whole {
		switch {
		case c.resolve != nil && c.resolve[b]:
			c.whole[b] = -1
		case c.layout == nil:
			c.whole[b] = int32(b)
		default:
			c.whole[b] = c.layout.whole(b)
		}
	}

	err := c.each(ctx, workers)
	for _, t := range c.tallies {
		c.add(t)
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
	t := &tally{negatives: make([]uint32, len(c.negatives)), positives: make([]uint32, len(c.positives))}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tallies = append(c.tallies, t)
	return t
}

// add adds a tally to the sums and clears it.
func (c *count) add(t *tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, n := range t.negatives {
		c.negatives[k] += int64(n)
	}
	for k, n := range t.positives {
		c.positives[k] += int64(n)
	}
	clear(t.negatives)
	clear(t.positives)
	t.counted = 0
}

// tile counts a tile of similarities in float32.
func (c *count) tile(t *tally, tile retrieval.PairTile) {
	for i := range tile.S.Rows {
		from, to := c.pairs.Segment(tile.From + i)
		row, first := tile.S.Row(i), tile.First(i)
		lo, hi := min(max(from-tile.Start, first), len(row)), min(max(to-tile.Start, first), len(row))

		c.negativesOf(t, tile.From+i, tile.Start, row, min(first, lo), lo)
		c.negativesOf(t, tile.From+i, tile.Start, row, hi, len(row))
		if c.layout == nil {
			for _, s := range row[lo:hi] {
				t.positives[bin(1-float64(s))]++
			}
		}
	}

	// A counter must not overflow before the next tile.
	if t.counted += tile.S.Rows * tile.S.Cols; t.counted > 1<<31 {
		c.add(t)
	}
}

// negativesOf counts the similarities of a query with the rows start+from to start+to-1.
func (c *count) negativesOf(t *tally, query, start int, row []float32, from, to int) {
	whole, cells := c.whole, t.negatives
	for j := from; j < to; j++ {
		at := 1 - float64(row[j])
		b := bin(at)
		cell := whole[b]
		if cell < 0 {
			cell = int32(c.placeOf(query, start+j, at, b))
		}
		cells[cell]++
	}
}

// placeOf returns the cell of a negative that its bin alone does not decide.
func (c *count) placeOf(query, row int, at float64, b int) int {
	if c.resolve == nil || !c.resolve[b] {
		return c.layout.place(at, at)
	}
	at = c.pairs.Apart(query, row)
	if c.layout == nil {
		return bin(at)
	}
	r := c.pairs.Radius(at)
	return c.layout.place(at-r, at+r)
}

// block counts a block of queries in float64.
func (c *count) block(ctx context.Context, t *tally, from, to int) {
	_, gallery := c.pairs.Labels()
	for i := from; i < to && ctx.Err() == nil; i++ {
		lo, hi := c.pairs.Segment(i)
		first := 0
		if c.pairs.Self() {
			first = i + 1
		}

		for j := first; j < len(gallery); j++ {
			positive := j >= lo && j < hi
			if positive && c.layout != nil {
				continue // they are known
			}

			at := c.pairs.Apart(i, j)
			switch r := c.pairs.Radius(at); {
			case positive:
				t.positives[bin(at)]++
			case c.layout == nil:
				t.negatives[bin(at)]++
			default:
				t.negatives[c.layout.place(at-r, at+r)]++
			}
		}

		if t.counted += len(gallery); t.counted > 1<<31 {
			c.add(t)
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

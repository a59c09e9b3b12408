package verification

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"sync"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f32"
)

// A second pass computes the similarities of all pairs in float32 again, and looks at
// those alone that something depends on: negatives of open bins, which it computes in
// float64 and counts in the cells of a layout, and pairs that the thresholds of utilities
// accept.
type second struct {
	pairs     *retrieval.Pairs
	layout    *layout
	open      []bool     // nil for none
	utilities *utilities // nil for none

	least float32 // the similarity from which on pairs are looked at

	mu      sync.Mutex
	cells   []int64
	tallies [][]uint32
}

func (s *second) run(ctx context.Context, workers int) error {
	s.least = s.reach()
	if s.open != nil {
		s.cells = make([]int64, s.layout.cells())
	}
	err := s.pairs.Tiles(ctx, workers, s.visitor)

	for _, t := range s.tallies {
		for k, n := range t {
			s.cells[k] += int64(n)
		}
	}
	return err
}

// reach returns the similarity in float32 of the farthest pair that matters, or a lower
// one.
func (s *second) reach() float32 {
	farthest := 0.0
	if s.utilities != nil {
		farthest = s.utilities.last()
	}
	for b, open := range s.open {
		if open {
			farthest = max(farthest, edge(b+1))
		}
	}
	return math.Nextafter32(float32(1-farthest), -3)
}

// visitor returns what a worker does with tiles. No counter of cells overflows, because
// there are at most mostDecided negatives to count.
func (s *second) visitor() func(retrieval.PairTile) {
	cells := make([]uint32, len(s.cells))
	s.mu.Lock()
	s.tallies = append(s.tallies, cells)
	s.mu.Unlock()

	var tally *classTally
	if s.utilities != nil {
		tally = s.utilities.tally()
	}

	var found []uint64
	return func(tile retrieval.PairTile) {
		words := (tile.S.Cols + 63) / 64
		found = slices.Grow(found[:0], words)[:words]
		for i := range tile.S.Rows {
			if tile.First(i) < tile.S.Cols {
				f32.Reaching(found, tile.S.Row(i), s.least)
				s.look(tile, i, found, cells, tally)
			}
		}
	}
}

// look counts the found pairs of row i of a tile.
func (s *second) look(tile retrieval.PairTile, i int, found []uint64, cells []uint32, tally *classTally) {
	query, row, first := tile.From+i, tile.S.Row(i), tile.First(i)
	from, to := s.pairs.Segment(query)
	for word, set := range found {
		for ; set != 0; set &= set - 1 {
			j := 64*word + bits.TrailingZeros64(set)
			if j < first {
				continue
			}

			t, other := 1-float64(row[j]), tile.Start+j
			if s.utilities != nil && t <= s.utilities.last() {
				s.utilities.add(tally, query, other, t)
			}
			if s.open != nil && s.open[bin(t)] && (other < from || other >= to) {
				at := s.pairs.Apart(query, other)
				r := s.pairs.Radius(at)
				cells[s.layout.place(at-r, at+r)]++
			}
		}
	}
}

package verification

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f32"
)

// A second pass looks at those pairs that something depends on: negatives of open bins,
// which it computes in float64 and counts in the cells of a layout, and pairs that the
// thresholds of utilities accept.
//
// With marks it computes the similarities of the marked pairs alone, and counts the
// marked negatives that are not in open bins by their bins anew. They need not be in the
// bins of the first pass, because their sums are rounded otherwise. Without marks it
// computes the similarities of all pairs again, with the bits of the first pass.
type second struct {
	pairs     *retrieval.Pairs
	layout    *layout
	open      []bool     // nil for none
	utilities *utilities // nil for none
	marks     *marks     // nil for all pairs

	wrong float64 // the error of the similarities

	mu      sync.Mutex
	cells   []int64
	bins    []int64 // with marks
	decided int64   // negatives that were computed in float64
	tallies []*secondTally
}

// A secondTally is what a worker has counted. No counter overflows, because there are at
// most mostDecided negatives in cells, and marks of a part of 2³³ pairs.
type secondTally struct {
	cells   []uint32
	bins    []uint32
	classes *classTally

	undecided, sorted []f32.Pair // negatives of open bins that are not counted yet
	ts                []float64  // of the sorted ones
	decided           int64
}

func (s *second) run(ctx context.Context, workers int) error {
	if s.open != nil {
		s.cells = make([]int64, s.layout.cells())
	}

	var err error
	if s.marks != nil {
		s.wrong, s.bins = s.pairs.ErrorFast(), make([]int64, bins)
		err = s.marked(ctx, workers)
	} else {
		s.wrong = s.pairs.Error32()
		err = s.pairs.Tiles(ctx, workers, s.tiles)
	}

	for _, t := range s.tallies {
		for k, n := range t.cells {
			s.cells[k] += int64(n)
		}
		for k, n := range t.bins {
			s.bins[k] += int64(n)
		}
		s.decided += t.decided
	}
	return err
}

func (s *second) tally() *secondTally {
	t := &secondTally{cells: make([]uint32, len(s.cells)), bins: make([]uint32, len(s.bins))}
	if s.utilities != nil {
		t.classes = s.utilities.tally()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tallies = append(s.tallies, t)
	return t
}

// A batch is some pairs of a query, with t in float32.
type batch struct {
	others [mostSeen + 1]int
	ts     [mostSeen + 1]float64
	n      int
}

// mostSeen is the number of pairs of a batch, as many as a word of marks has.
const mostSeen = 64

// see counts the pairs of a query, of which the rows of the segment have its label. It
// looks up where each of them counts before it counts any, for the reason that
// [countBins] has.
func (s *second) see(tally *secondTally, query int, segment [2]int, pairs *batch) {
	var thresholds [mostSeen]int
	var at [mostSeen]int32
	reach := -1.0
	if s.utilities != nil {
		reach = s.utilities.last() + s.wrong
	}
	for k, t := range pairs.ts[:pairs.n] {
		thresholds[k], at[k] = CalibrationSteps, undecided
		if t <= reach {
			thresholds[k] = s.utilities.first(query, pairs.others[k], t, s.wrong)
		}
		if b := bin(t); s.open == nil || !s.open[b] {
			at[k] = int32(b)
		}
	}

	for k, other := range pairs.others[:pairs.n] {
		if thresholds[k] < CalibrationSteps {
			s.utilities.add(tally.classes, query, other, thresholds[k])
		}
		switch {
		case other >= segment[0] && other < segment[1]:
		case at[k] == undecided:
			tally.undecided = append(tally.undecided, f32.Pair{Query: int32(query), Row: int32(other)})
		case s.bins != nil:
			tally.bins[at[k]]++
		}
	}
}

// undecided stands for an open bin.
const undecided = -1

// decide counts the undecided negatives of a block of queries in float64, query by query.
func (s *second) decide(tally *secondTally, block int) {
	var ends [retrieval.PairBlock + 1]int
	for _, pair := range tally.undecided {
		ends[int(pair.Query)-block+1]++
	}
	for i := range retrieval.PairBlock {
		ends[i+1] += ends[i]
	}

	n := len(tally.undecided)
	tally.sorted = slices.Grow(tally.sorted[:0], n)[:n]
	for _, pair := range tally.undecided {
		i := int(pair.Query) - block
		tally.sorted[ends[i]] = pair
		ends[i]++
	}

	tally.ts = slices.Grow(tally.ts[:0], n)[:n]
	s.pairs.ApartEach(tally.ts, tally.sorted)
	for _, t := range tally.ts {
		r := s.pairs.Radius(t)
		tally.cells[s.layout.place(t-r, t+r)]++
	}
	tally.decided += int64(n)
	tally.undecided = tally.undecided[:0]
}

// reach returns the similarity in float32 of the farthest pair that matters, or a lower
// one.
func (s *second) reach() float32 {
	farthest := 0.0
	if s.utilities != nil {
		farthest = s.utilities.last() + s.wrong
	}
	for b, open := range s.open {
		if open {
			farthest = max(farthest, edge(b+1))
		}
	}
	return math.Nextafter32(float32(1-farthest), -3)
}

// tiles returns what a worker does with tiles.
func (s *second) tiles() func(retrieval.PairTile) {
	tally, least := s.tally(), s.reach()
	var found []uint64
	var pairs batch
	return func(tile retrieval.PairTile) {
		words := (tile.S.Cols + 63) / 64
		found = slices.Grow(found[:0], words)[:words]
		for i := range tile.S.Rows {
			query, row, first := tile.From+i, tile.S.Row(i), tile.First(i)
			if first >= len(row) {
				continue
			}
			f32.Reaching(found, row, least)
			from, to := s.pairs.Segment(query)
			for word, set := range found {
				pairs.n = 0
				for ; set != 0; set &= set - 1 {
					if j := 64*word + bits.TrailingZeros64(set); j >= first {
						pairs.others[pairs.n], pairs.ts[pairs.n] = tile.Start+j, 1-float64(row[j])
						pairs.n++
					}
				}
				s.see(tally, query, [2]int{from, to}, &pairs)
			}
		}
		s.decide(tally, tile.From)
	}
}

// marked looks at the marked pairs. The error is of reading the marks.
func (s *second) marked(ctx context.Context, workers int) error {
	var failed atomic.Pointer[error]
	err := s.pairs.Rows(ctx, workers, func() func(retrieval.PairRows) {
		tally, block := s.tally(), s.marks.newBlock()
		var segments [][2]int
		return func(rows retrieval.PairRows) {
			if block.block != rows.From {
				if err := block.read(rows.From); err != nil {
					failed.CompareAndSwap(nil, &err)
					block.block = -1
				}
				segments = segments[:0]
				for i := range rows.Queries.Rows {
					from, to := s.pairs.Segment(rows.From + i)
					segments = append(segments, [2]int{from, to})
				}
			}
			if failed.Load() == nil {
				s.look(tally, block, segments, rows)
				s.decide(tally, rows.From)
			}
		}
	})
	if failed := failed.Load(); failed != nil {
		return *failed
	}
	return err
}

// look looks at the marked pairs of some rows. For 64 gallery rows at a time, which stay
// in a near cache, it goes through the queries.
func (s *second) look(tally *secondTally, block *markedBlock, segments [][2]int, rows retrieval.PairRows) {
	var pairs batch
	for start := 0; start < rows.Gallery.Rows; start += mostSeen {
		for i, segment := range segments {
			n := 0
			for set := block.of(i, rows.Start+start)[0]; set != 0; set &= set - 1 {
				pairs.others[n] = rows.Start + start + bits.TrailingZeros64(set)
				n++
			}
			if n == 0 {
				continue
			}

			pairs.n, pairs.others[n] = n, pairs.others[0] // two products are computed at a time
			query := rows.Queries.Row(i)
			for k := 0; k < n; k += 2 {
				y, z := rows.Gallery.Row(pairs.others[k]-rows.Start), rows.Gallery.Row(pairs.others[k+1]-rows.Start)
				first, second := f32.FastDots(query, y, z)
				pairs.ts[k], pairs.ts[k+1] = 1-first, 1-second
			}
			s.see(tally, rows.From+i, segment, &pairs)
		}
	}
}

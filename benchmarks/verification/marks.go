package verification

import (
	"math"
	"slices"
	"sync/atomic"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
	"gpwbench/internal/f32"
)

// mostMarks is the size of the file of marks in words, 1 GiB. It is enough for the pairs
// of 131,072 rows.
const mostMarks = 1 << 27

// Marks tell which pairs of a pass over all of them are in a few ranges of bins: a bit
// for every pair, in a file. A second pass computes the similarities of these pairs
// alone, in place of all.
//
// The bits of a block of queries follow those of the block before. A query has a word for
// every 64 gallery rows, of one set from the first row of its block on.
type marks struct {
	pairs  *retrieval.Pairs
	ranges []binRange // ascending
	file   *arrays.Words
	failed atomic.Bool // the file could not be written
}

// newMarks returns nil if there is no place for the file.
func newMarks(p *retrieval.Pairs, ranges []binRange) *marks {
	queries, _ := p.Labels()
	m := &marks{pairs: p, ranges: ranges}
	if m.start(len(queries)) > mostMarks {
		return nil
	}

	var err error
	if m.file, err = arrays.NewWords(); err != nil {
		return nil
	}
	return m
}

// has reports whether a bin is in a range.
func (m *marks) has(bin int) bool {
	return slices.ContainsFunc(m.ranges, func(r binRange) bool { return r.from <= bin && bin < r.to })
}

// first returns the first gallery row of the bits of a block of queries.
func (m *marks) first(block int) int {
	if m.pairs.Self() {
		return block
	}
	return 0
}

// width returns the number of words of each query of the block that begins at one.
func (m *marks) width(block int) int {
	_, gallery := m.pairs.Labels()
	return (len(gallery) - m.first(block) + 63) / 64
}

// start returns the number of words of all blocks before the one that begins at a query.
func (m *marks) start(block int) int64 {
	words := int64(0)
	for b := 0; b < block; b += retrieval.PairBlock {
		words += int64(min(retrieval.PairBlock, block-b)) * int64(m.width(b))
	}
	return words
}

// A markedBlock has the marks of a block of queries in memory.
type markedBlock struct {
	marks *marks
	block int // its first query, -1 for none
	words []uint64
	found []uint64
}

func (m *marks) newBlock() *markedBlock { return &markedBlock{marks: m, block: -1} }

// of returns the words of query i of the block for gallery rows from start on.
func (b *markedBlock) of(i, start int) []uint64 {
	width, first := b.marks.width(b.block), (start-b.marks.first(b.block))/64
	return b.words[i*width+first : (i+1)*width]
}

// resize sets the block without its words.
func (b *markedBlock) resize(block int) {
	queries, _ := b.marks.pairs.Labels()
	size := min(retrieval.PairBlock, len(queries)-block) * b.marks.width(block)
	if cap(b.words) < size {
		b.words = make([]uint64, size)
	}
	b.block, b.words = block, b.words[:size]
}

// begin writes the block before and begins another, without a mark.
func (b *markedBlock) begin(block int) {
	b.write()
	b.resize(block)
	clear(b.words)
}

// write writes the block, if there is one. A full disk costs the marks, and no result.
func (b *markedBlock) write() {
	if b.block >= 0 && !b.marks.failed.Load() && b.marks.file.Write(b.words, b.marks.start(b.block)) != nil {
		b.marks.failed.Store(true)
	}
	b.block = -1
}

// read reads a block.
func (b *markedBlock) read(block int) error {
	b.resize(block)
	return b.marks.file.Read(b.words, b.marks.start(block))
}

// A binSet is a set of bins.
type binSet [bins]bool

// cover adds the bins of an interval of t.
func (s *binSet) cover(low, high float64) {
	for b := bin(low); b <= bin(high); b++ {
		s[b] = true
	}
}

// A binRange has the bins from one to the one before to.
type binRange struct{ from, to int }

// ranges returns the set in no more than a number of ranges. Where it has more, the
// smallest gaps are added to it.
func (s *binSet) ranges(most int) []binRange {
	var ranges []binRange
	for b := 0; b < bins; b++ {
		if !s[b] {
			continue
		}
		from := b
		for b < bins && s[b] {
			b++
		}
		ranges = append(ranges, binRange{from, b})
	}

	for len(ranges) > most {
		smallest := 1
		for k := 2; k < len(ranges); k++ {
			if ranges[k].from-ranges[k-1].to < ranges[smallest].from-ranges[smallest-1].to {
				smallest = k
			}
		}
		ranges[smallest-1].to = ranges[smallest].to
		ranges = slices.Delete(ranges, smallest, smallest+1)
	}
	return ranges
}

// leastBefore returns the least similarity whose bin comes before one.
func leastBefore(bin int) float32 {
	switch bin {
	case bins:
		return float32(math.Inf(-1))
	case binsPerUnit:
		return math.Nextafter32(0x1p-54, 1) // less is rounded away from 1 − S
	}
	return math.Nextafter32(float32(1-edge(bin)), 2) // which is exact
}

// mark sets the bits of the similarities of a row that are in a range, from element first
// on, and clears the others.
func (b *markedBlock) mark(words []uint64, row []float32, first int) {
	words = words[:(len(row)+63)/64]
	clear(words)
	b.found = slices.Grow(b.found[:0], len(words))[:len(words)]
	for _, r := range slices.Backward(b.marks.ranges) { // a range takes all nearer pairs away
		f32.Reaching(b.found, row, leastBefore(r.to))
		for k, found := range b.found {
			words[k] |= found
		}
		if r.from > 0 {
			f32.Reaching(b.found, row, leastBefore(r.from))
			for k, found := range b.found {
				words[k] &^= found
			}
		}
	}

	clear(words[:first/64])
	words[first/64] &^= 1<<(first%64) - 1
}

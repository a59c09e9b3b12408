package losses

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f64"
)

// A Batch is everything that a pair-based loss may look at: the m×n similarities S of
// anchors to candidates and the class of each. The classes say which candidates are an
// anchor's positives and negatives. Self is excluded by index, never by value.
//
// A Batch sorts its columns by class, so an anchor's positives are one segment. It owns
// the scratch memory of an evaluation, so only one goroutine may use it at a time.
//
// Its methods are called for every pair and check nothing. They panic, as an index of a
// slice does, if an anchor, a candidate or a size of memory is out of range, or if a
// slice is shorter than what they write.
type Batch struct {
	m, n       int
	s          []float64 // row-major m×n, owned by the caller
	anchors    []int     // class of each row
	candidates []int     // class of each column
	self       []int     // column of each anchor itself, or -1

	order    []int // columns, sorted by class; equal classes keep their order
	identity bool  // order is 0, 1, 2, …
	from, to []int // order[from[i]:to[i]]: the columns of anchor i's class, with self
	place    []int // the index of column j in order
	class    []int // see ClassNumbers

	anchor   Anchor    // the anchor that was loaded last
	rows     classRows // the class that was loaded last
	sorter   sorter
	ranked   rankedSums // of all positives
	memory   []float64  // for losses over the whole batch
	integers []int

	anchorMeans, candidateMeans     []float64 // see SetMeans
	byAnchorMeans, byCandidateMeans []float64
	hasMeans                        bool

	band band // what a miner over the whole batch found
}

// NewBatch returns the square batch of the m×m row-major similarities s and the m labels.
// The candidates are the anchors, and the diagonal is self. It keeps s and labels and
// changes neither. The error says that a similarity is not finite, or that there are too
// many or too few. Similarities beyond ±1 by rounding are no error. A distance takes them
// for ±1, and other terms take them as they are. [Cosine] returns none.
func NewBatch(s []float64, labels []int) (*Batch, error) {
	b := new(Batch)
	return b, b.Reset(s, labels)
}

// NewCross returns the rectangular batch of the m×n similarities s of anchors to other
// candidates: a memory bank, or proxies. self[i] is the column that holds anchor i
// itself, or -1. A nil self says that no candidate is an anchor.
func NewCross(s []float64, anchors, candidates, self []int) (*Batch, error) {
	b := new(Batch)
	return b, b.ResetCross(s, anchors, candidates, self)
}

// Reset makes b the square batch that [NewBatch] returns, in the memory that b already
// has.
func (b *Batch) Reset(s []float64, labels []int) error {
	return b.set(s, labels, labels, nil, true)
}

// ResetCross makes b the rectangular batch that [NewCross] returns, in the memory that b
// already has.
func (b *Batch) ResetCross(s []float64, anchors, candidates, self []int) error {
	if self != nil && len(self) != len(anchors) {
		return fmt.Errorf("losses: %d self columns for %d anchors, want one each", len(self), len(anchors))
	}
	for i, j := range self {
		if j >= len(candidates) || j < -1 || j >= 0 && candidates[j] != anchors[i] {
			return fmt.Errorf("losses: anchor %d names column %d as itself, which is not a candidate of its class", i, j)
		}
	}
	return b.set(s, anchors, candidates, self, false)
}

func (b *Batch) set(s []float64, anchors, candidates, self []int, square bool) error {
	if len(s) != len(anchors)*len(candidates) {
		return fmt.Errorf("losses: %d similarities for %d anchors and %d candidates, want %d",
			len(s), len(anchors), len(candidates), len(anchors)*len(candidates))
	}
	if !f64.Finite(s) {
		// v − v is NaN if v is NaN or infinite.
		k := slices.IndexFunc(s, func(v float64) bool { return math.IsNaN(v - v) })
		return fmt.Errorf("losses: the similarity of anchor %d and candidate %d is %v; embeddings must be finite and not zero",
			k/len(candidates), k%len(candidates), s[k])
	}

	b.m, b.n = len(anchors), len(candidates)
	b.s, b.anchors, b.candidates = s, anchors, candidates
	b.anchorMeans, b.candidateMeans, b.hasMeans = nil, nil, false

	b.self = b.self[:0]
	switch {
	case square:
		for i := range anchors {
			b.self = append(b.self, i)
		}
	case self != nil:
		b.self = append(b.self, self...)
	default:
		for range anchors {
			b.self = append(b.self, -1)
		}
	}

	b.sortColumns()
	b.anchor.grow(b.n)
	return nil
}

// sortColumns finds the segment of every anchor's class. A batch from an M-per-class
// sampler is sorted already, and its rows are copied as they are.
func (b *Batch) sortColumns() {
	b.order = b.order[:0]
	for j := range b.candidates {
		b.order = append(b.order, j)
	}
	b.identity = slices.IsSorted(b.candidates)
	if !b.identity {
		slices.SortStableFunc(b.order, func(x, y int) int { return cmp.Compare(b.candidates[x], b.candidates[y]) })
	}

	b.place = resize(b.place, b.n)
	for k, j := range b.order {
		b.place[j] = k
	}

	b.from, b.to = resize(b.from, b.m), resize(b.to, b.m)
	for i, class := range b.anchors {
		from, _ := slices.BinarySearchFunc(b.order, class, func(j, c int) int { return cmp.Compare(b.candidates[j], c) })
		to := from
		for to < b.n && b.candidates[b.order[to]] == class {
			to++
		}
		b.from[i], b.to[i] = from, to
	}
}

// ClassNumbers returns the number of each candidate's class, counted from 0 in the order
// of the labels.
func (b *Batch) ClassNumbers() []int {
	b.class = resize(b.class, b.n)
	number := -1
	for k, j := range b.order {
		if k == 0 || b.candidates[j] != b.candidates[b.order[k-1]] {
			number++
		}
		b.class[j] = number
	}
	return b.class
}

// Anchors returns m, the number of rows of S.
func (b *Batch) Anchors() int { return b.m }

// Candidates returns n, the number of columns of S.
func (b *Batch) Candidates() int { return b.n }

// S returns the similarity of anchor i and candidate j.
func (b *Batch) S(i, j int) float64 { return b.s[i*b.n+j] }

// IsPositive reports whether candidate j is a positive of anchor i: of its class, and not
// i itself.
func (b *Batch) IsPositive(i, j int) bool { return j != b.self[i] && b.candidates[j] == b.anchors[i] }

// IsNegative reports whether candidate j is a negative of anchor i.
func (b *Batch) IsNegative(i, j int) bool { return b.candidates[j] != b.anchors[i] }

// IsSquare reports whether the candidates are the anchors, column i being anchor i.
func (b *Batch) IsSquare() bool {
	if b.m != b.n {
		return false
	}
	for i, j := range b.self {
		if i != j {
			return false
		}
	}
	return true
}

// Scratch returns n floats of working memory for a loss over the whole batch, not
// cleared. They are valid until the next call.
func (b *Batch) Scratch(n int) []float64 {
	b.memory = resize(b.memory, n)
	return b.memory
}

// split cuts n floats off memory.
func split(memory []float64, n int) (piece, rest []float64) { return memory[:n:n], memory[n:] }

// ScratchInts returns n integers of working memory, not cleared. They are valid until the
// next call.
func (b *Batch) ScratchInts(n int) []int {
	b.integers = resize(b.integers, n)
	return b.integers
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

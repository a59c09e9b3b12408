package analysis

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"gpwbench/gpw"
)

// A Scatter is what a figure shows of one batch under one loss: every ordered pair with
// its similarities and its weight. The caller fills in the names, which figures print.
type Scatter struct {
	Loss    string // loss and preset: multi_similarity.official
	Title   string // the loss as tables print it
	Caption string // its hyper-parameters: "α 2, β 40, λ 0.5, MS mining ε 0.1"; may be empty
	Dataset string // as tables print it
	Source  string // where its vectors come from, as a clause; empty if unknown

	Step   int  // training steps before this batch; NoStep outside a training
	Memory bool // the training has a memory bank: only batches before its first use are kept

	Anchors int         // m, the number of anchors
	Pooling gpw.Pooling // of N and P
	Pairs   []gpw.Pair  // the row of S is the anchor; nil where they are read ([ReadScatter])

	read *readPairs // nil where Pairs holds them
}

// readPairs are pairs that are read again for each use, and what is known of them.
type readPairs struct {
	rows    iter.Seq[[]gpw.Pair]
	of      any // names the similarities, which several losses may have in common
	finite  bool
	summary [2]Summary            // of the negative pairs, and of the positive ones
	half    [2]int                // see Half
	curves  map[gpw.Axis][2][]Bin // those that were asked for
}

// ReadScatter returns a scatter whose pairs are read by rows, again for each use, so that
// they take no memory. Pairs of the same similarities and classes have the same of, which
// must be comparable, or nil. Weights are ranked in memory, which it overwrites: a number
// for each pair. Its error is that of [NewScatter].
func ReadScatter(anchors int, pooling gpw.Pooling, of any, rows iter.Seq[[]gpw.Pair], memory []float64) (*Scatter, error) {
	sizes := weightSizes{memory: memory, negatives: len(memory)}
	c := &Scatter{Anchors: anchors, Pooling: pooling, read: &readPairs{rows: rows, of: of, finite: true, curves: map[gpw.Axis][2][]Bin{}}}
	for row := range rows {
		for _, p := range row {
			if !isFinite(p.G) {
				return nil, gradientError(p)
			}
			c.read.finite = c.read.finite && drawable(p)
			w := c.Weight(p)
			c.read.summary[sideNumber(p.Positive)].add(w)
			if w != 0 {
				sizes.add(p.Positive, math.Abs(w))
			}
		}
	}

	for _, positive := range []bool{false, true} {
		c.read.half[sideNumber(positive)] = halfOf(sizes.of(positive))
	}
	return c, nil
}

func sideNumber(positive bool) int {
	if positive {
		return 1
	}
	return 0
}

// Rows yields all pairs, some at a time: those of one anchor where they are read, and
// else all at once. They must not be changed, and hold until the next ones.
func (c *Scatter) Rows() iter.Seq[[]gpw.Pair] {
	if c.read != nil {
		return c.read.rows
	}
	return func(yield func([]gpw.Pair) bool) { yield(c.Pairs) }
}

// each yields the pairs one by one.
func (c *Scatter) each() iter.Seq[gpw.Pair] {
	return func(yield func(gpw.Pair) bool) {
		for row := range c.Rows() {
			for _, p := range row {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// Finite reports whether no pair is at infinity, and each has a similarity and a weight.
func (c *Scatter) Finite() bool {
	if c.read != nil {
		return c.read.finite
	}
	return !slices.ContainsFunc(c.Pairs, func(p gpw.Pair) bool { return !drawable(p) })
}

func drawable(p gpw.Pair) bool {
	return isFinite(p.S) && isFinite(p.G) && !math.IsInf(p.N, 0) && !math.IsInf(p.P, 0)
}

// SamePairs reports whether two scatters have the same pairs, whatever their weights.
func (c *Scatter) SamePairs(other *Scatter) bool {
	same := func(p, q gpw.Pair) bool { return p.S == q.S && p.Positive == q.Positive }
	switch {
	case c.read == nil && other.read == nil:
		return slices.EqualFunc(c.Pairs, other.Pairs, same)
	case c.read != nil && other.read != nil && c.read.of != nil && c.read.of == other.read.of:
		return true
	}

	next, stop := iter.Pull(other.each())
	defer stop()
	for p := range c.each() {
		if q, more := next(); !more || !same(p, q) {
			return false
		}
	}
	_, more := next()
	return !more
}

// NoStep is the step of a batch that belongs to no training.
const NoStep = -1

// NewScatter returns the pairs of w, which it shares and does not copy. It refuses a
// gradient that is not finite, and names the pair; so it does a nil w.
func NewScatter(w *gpw.Weights) (*Scatter, error) {
	if w == nil {
		return nil, errors.New("analysis: no weights to show")
	}

	for _, p := range w.Pairs {
		if !isFinite(p.G) {
			return nil, gradientError(p)
		}
	}
	return &Scatter{Anchors: w.Anchors, Pooling: w.Pooling, Pairs: w.Pairs}, nil
}

func gradientError(p gpw.Pair) error {
	return fmt.Errorf("analysis: the gradient of anchor %d and candidate %d is %v: a weight must be finite",
		p.Anchor, p.Candidate, p.G)
}

// Weight returns the weight of one of the scatter's pairs times the number of anchors,
// m·w. The factor m is the one that eqs. 13 and 14 of Wang et al., CVPR 2019, leave out;
// with it the weights of batches of different sizes compare.
//
// The weight is signed by its effect. Above 0 it pulls a positive closer or pushes a
// negative away; below 0 it does the reverse, which eq. 3 excludes.
func (c *Scatter) Weight(p gpw.Pair) float64 {
	weight := float64(c.Anchors) * p.G
	if p.Positive {
		weight = -weight
	}
	return weight + 0 // no minus zero
}

// A Summary counts a scatter's positive or negative pairs.
type Summary struct {
	Pairs    int
	Weighted int     // pairs whose weight is not 0
	Opposite int     // pairs whose weight is below 0
	Min, Max float64 // of the weights m·w; 0 without pairs
}

// Summary counts the positive or the negative pairs.
func (c *Scatter) Summary(positive bool) Summary {
	if c.read != nil {
		return c.read.summary[sideNumber(positive)]
	}
	var s Summary
	for _, p := range c.Pairs {
		if p.Positive == positive {
			s.add(c.Weight(p))
		}
	}
	return s
}

// add counts a pair of that weight.
func (s *Summary) add(w float64) {
	if s.Pairs == 0 {
		s.Min, s.Max = w, w
	}

	s.Pairs++
	s.Min, s.Max = min(s.Min, w), max(s.Max, w)
	if w != 0 {
		s.Weighted++
	}
	if w < 0 {
		s.Opposite++
	}
}

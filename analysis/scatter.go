package analysis

import (
	"errors"
	"fmt"

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
	Pairs   []gpw.Pair  // the row of S is the anchor
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
			return nil, fmt.Errorf("analysis: the gradient of anchor %d and candidate %d is %v: a weight must be finite",
				p.Anchor, p.Candidate, p.G)
		}
	}
	return &Scatter{Anchors: w.Anchors, Pooling: w.Pooling, Pairs: w.Pairs}, nil
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
	var s Summary
	for _, p := range c.Pairs {
		if p.Positive != positive {
			continue
		}

		w := c.Weight(p)
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

	return s
}

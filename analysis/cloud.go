package analysis

import (
	"fmt"
	"math"

	"gpwbench/gpw"
)

// A Cloud is what a figure shows of one batch under one loss: every ordered pair with its similarities and its weight. The caller
// says what it is a cloud of.
type Cloud struct {
	Loss    string      // loss and preset: multi_similarity.official
	Title   string      // the loss as tables print it
	Caption string      // its hyper-parameters: "α 2, β 40, λ 0.5, MS mining ε 0.1"; "" if it has none
	Dataset string      // as tables print it
	Source  string      // where its vectors come from, in a clause; \"\" if nobody said
	Step    int         // training steps before this batch; NoStep if it is of no training
	Memory  bool        // of a training against a memory bank, of which only the batches before the bank are kept
	Anchors int         // m
	Pooling gpw.Pooling // of N and P
	Points  []Point
}

// NoStep is the step of a batch that no training saw.
const NoStep = -1

// A Point is one ordered pair, the row of S being its anchor.
type Point struct {
	Positive bool
	S        float64 // the pair's own similarity
	N        float64 // S less the pooled similarity of the anchor's other negatives; NaN where there are none
	P        float64 // S less that of its other positives; NaN where there are none
	W        float64 // m·w; below 0 where G has the sign that eq. 3 of Wang et al., CVPR 2019, excludes
}

// NewCloud reads the pairs' weights, times m: the factor that eqs. 13 and 14 of Wang et al., CVPR 2019, leave out, and with which the
// weights of batches of different sizes compare. The weight is signed by what it does: above 0 it pulls a positive closer or pushes a
// negative away, below 0 the reverse.
func NewCloud(w *gpw.Weights) (*Cloud, error) {
	c := &Cloud{Anchors: w.Anchors, Pooling: w.Pooling, Points: make([]Point, len(w.Pairs))}
	m := float64(w.Anchors)
	for k, p := range w.Pairs {
		if math.IsNaN(p.G - p.G) { // NaN, or an infinity
			return nil, fmt.Errorf("analysis: the gradient of anchor %d and candidate %d is %v: a weight must be finite", p.Anchor, p.Candidate, p.G)
		}
		weight := m * p.G
		if p.Positive {
			weight = -weight
		}
		c.Points[k] = Point{Positive: p.Positive, S: p.S, N: p.N, P: p.P, W: weight + 0} // + 0: no minus zero
	}
	return c, nil
}

// A Tally counts a cloud's pairs of one kind.
type Tally struct {
	Pairs    int
	Weighted int     // with a weight other than 0
	Opposite int     // with a weight below 0
	Min, Max float64 // of the weights; 0 if there are no pairs
}

// Tally counts the positive or the negative pairs.
func (c *Cloud) Tally(positive bool) Tally {
	var t Tally
	for _, p := range c.Points {
		if p.Positive != positive {
			continue
		}
		if t.Pairs == 0 {
			t.Min, t.Max = p.W, p.W
		}
		t.Pairs++
		t.Min, t.Max = min(t.Min, p.W), max(t.Max, p.W)
		if p.W != 0 {
			t.Weighted++
		}
		if p.W < 0 {
			t.Opposite++
		}
	}
	return t
}

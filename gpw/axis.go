package gpw

import (
	"math"

	"gpwbench/losses"
)

// An Axis is one of the quantities that the weight of a pair can depend on.
type Axis = losses.Axis

// The axes, in the order in which tables and figures show them.
const (
	S = losses.S // the pair's own similarity
	N = losses.N // relative to the anchor's other negatives
	P = losses.P // relative to the anchor's other positives
	X = losses.X // the rows of other anchors; no similarity of the pair measures it
)

// At returns the similarity of the pair along an axis. It is NaN where the pair has none,
// along X, and along what is no axis.
func (p Pair) At(a Axis) float64 {
	switch a {
	case S:
		return p.S
	case N:
		return p.N
	case P:
		return p.P
	}
	return math.NaN()
}

// Others returns the pooled similarity of the anchor's other negatives or positives, from
// which N or P is counted: S − N, or S − P. It is NaN where the pair has none, and along
// S.
func (p Pair) Others(a Axis) float64 {
	if a == S {
		return math.NaN()
	}
	return p.S - p.At(a)
}

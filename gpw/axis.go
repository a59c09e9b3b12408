package gpw

import "math"

// An Axis is one of the things that the weight of a pair can depend on (Wang et al., CVPR
// 2019, §3): the similarities S, N and P of the pair, which are axes of figures, and X.
type Axis int

// The axes, in the order in which tables and figures show them.
const (
	S Axis = iota // the pair's own similarity
	N             // relative to the anchor's other negatives
	P             // relative to the anchor's other positives
	X             // the rows of other anchors, which no similarity of the pair measures
)

func (a Axis) String() string { return [...]string{"S", "N", "P", "X"}[a] }

// At returns the similarity of the pair along an axis. It is NaN where the pair has none,
// and along X.
func (p Pair) At(a Axis) float64 { return [...]float64{p.S, p.N, p.P, math.NaN()}[a] }

package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A span is the range of some values.
type span struct{ low, high float64 }

func newSpan() span { return span{math.Inf(1), math.Inf(-1)} }

// add extends the span to v. NaN is ignored.
func (s *span) add(v float64) {
	if !math.IsNaN(v) {
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
}

// widened returns the span, or a range around its only value.
func (s span) widened() (low, high float64) {
	if s.high-s.low < 1e-9 {
		return s.low - 0.05, s.high + 0.05
	}
	return s.low, s.high
}

// similarityAxis returns a horizontal axis slightly wider than the span, so that no dot
// is at its end. For an empty span it covers all similarities.
func (s span) similarityAxis(length vg.Length) axis {
	low, high := -1.0, 1.0
	if s.low <= s.high {
		low, high = s.widened()
		pad := 0.03 * (high - low)
		low, high = low-pad, high+pad
	}
	return newAxisX(low, high, 6, length)
}

// weightAxis returns an axis from zero, or from below zero if there are such weights. It
// leaves space for dots at zero.
func (s span) weightAxis(ticks int) axis {
	low, high := min(s.low, 0), max(s.high, 0)
	if low == high {
		high = 1
	}
	pad := 0.05 * (high - low)
	a := newAxis(low-pad, high+pad, ticks)
	a.signed = low < 0
	return a
}

package stats

import (
	"fmt"
	"math"
)

// A Stat is what several runs say about one metric, as fractions of 1. A single run has
// no spread: SD, Low and High are nil then. Of runs with equal results SD is 0, and there
// is no interval: one without a width would say that other runs must have that result.
type Stat struct {
	Mean float64  `json:"mean"`
	SD   *float64 `json:"sd"` // sample standard deviation, divisor n-1

	// Low and High are the 95 % interval of the mean by Student's t with n-1 degrees of
	// freedom. It covers what varied between the runs, the seed, and nothing else.
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`

	N int `json:"n"`

	// Why several runs have no interval. In JSON a Stat is numbers alone, and what writes
	// it has the reason beside it.
	Why string `json:"-"`
}

// Describe returns the statistics of the values of one metric. Without values the mean is
// NaN.
func Describe(values []float64) Stat {
	n := len(values)
	if n == 0 {
		return Stat{Mean: math.NaN()}
	}

	// From the first value, so that equal values have exactly that mean and no spread.
	var shift float64
	for _, v := range values {
		shift += v - values[0]
	}
	s := Stat{Mean: values[0] + shift/float64(n), N: n}
	if n < 2 {
		return s
	}

	var squares, largest float64
	for _, v := range values {
		squares += (v - s.Mean) * (v - s.Mean)
		largest = max(largest, math.Abs(v))
	}
	sd := math.Sqrt(squares / float64(n-1))
	if s.SD = &sd; sd <= 8*largest*0x1p-53 { // 0 but for rounding
		s.Why = fmt.Sprintf("the results of %d runs are equal", n)
		return s
	}
	half := StudentT(0.975, n-1) * sd / math.Sqrt(float64(n))
	low, high := s.Mean-half, s.Mean+half
	s.Low, s.High = &low, &high

	return s
}

// Within returns the statistics with the interval cut at what the metric can be. An
// interval of all that it can be says nothing, and is left out.
func (s Stat) Within(least, most float64) Stat {
	switch {
	case s.Low == nil:
	case *s.Low <= least && *s.High >= most:
		s.Low, s.High, s.Why = nil, nil, fmt.Sprintf("%d runs differ so much that their interval is the whole range of the metric", s.N)
	default:
		low, high := max(least, *s.Low), min(most, *s.High)
		s.Low, s.High = &low, &high
	}
	return s
}

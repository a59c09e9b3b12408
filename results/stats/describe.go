package stats

import "math"

// A Stat is what several runs say about one metric, as fractions of 1. A single run has
// no spread: SD, Low and High are nil then.
type Stat struct {
	Mean float64  `json:"mean"`
	SD   *float64 `json:"sd"` // sample standard deviation, divisor n-1

	// Low and High are the 95 % interval of the mean by Student's t with n-1 degrees of
	// freedom. It covers what varied between the runs, the seed, and nothing else.
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`

	N int `json:"n"`
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

	var squares float64
	for _, v := range values {
		squares += (v - s.Mean) * (v - s.Mean)
	}
	sd := math.Sqrt(squares / float64(n-1))
	half := StudentT(0.975, n-1) * sd / math.Sqrt(float64(n))
	low, high := s.Mean-half, s.Mean+half
	s.SD, s.Low, s.High = &sd, &low, &high

	return s
}

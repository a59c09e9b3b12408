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

// StudentT returns the quantile at p in (0.5, 1) of Student's t distribution with df ≥ 1
// degrees of freedom, and NaN of other numbers. It inverts the finite series for
// P(|T| ≤ t) of Abramowitz & Stegun 26.7.3 and 26.7.4, by bisection in θ = atan(t/√df).
// The series are exact for whole degrees of freedom.
func StudentT(p float64, df int) float64 {
	if !(p > 0.5 && p < 1) || df < 1 {
		return math.NaN()
	}

	low, high := 0.0, math.Pi/2
	for {
		mid := low + (high-low)/2
		if mid == low || mid == high {
			return math.Sqrt(float64(df)) * math.Tan(mid)
		}
		if withinT(mid, df) < 2*p-1 {
			low = mid
		} else {
			high = mid
		}
	}
}

func withinT(theta float64, df int) float64 {
	sin, cos := math.Sincos(theta)
	if df%2 == 0 {
		term, sum := 1.0, 1.0
		for k := 2; k < df; k += 2 {
			term *= float64(k-1) / float64(k) * cos * cos
			sum += term
		}
		return sin * sum
	}

	var sum float64
	for k, term := 1, cos; k < df; k += 2 {
		sum += term
		term *= float64(k+1) / float64(k+2) * cos * cos
	}

	return 2 / math.Pi * (theta + sin*sum)
}

package playground

import "math"

// A scale is the round number that the widest line or the longest arrow stands for. It
// changes seldom, so that a line that grows thicker has a larger weight.
type scale float64

// fit changes the scale where the largest magnitude exceeds it, or is far below it.
func (s *scale) fit(largest float64) {
	if now := float64(*s); largest > now || largest > 0 && largest < now/10 {
		*s = scale(roundUp(largest))
	}
}

// rounds are the digits with which a scale begins.
var rounds = []float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10}

// roundUp returns the least of rounds times a power of ten that is not below v > 0.
func roundUp(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 1) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range rounds {
		if r := digit * power; r >= v {
			return r
		}
	}
	return v // by rounding, 10·power was below it
}

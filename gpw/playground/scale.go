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

// roundUp returns the least of 1, 2 and 5 times a power of ten that is not below v > 0.
func roundUp(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 1) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{1, 2, 5} {
		if r := digit * power; r >= v {
			return r
		}
	}
	return 10 * power
}

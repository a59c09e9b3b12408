package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Distance returns d = √(2−2S), the Euclidean distance of unit vectors, and ∂d/∂S =
// −1/d. S beyond 1 by rounding counts as 1. At d = 0 the derivative is taken as 0,
// because duplicates have no direction in which to move apart.
func Distance(s float64) (d, slope float64) {
	d = math.Sqrt(max(0, 2-2*s))
	if d == 0 {
		return 0, 0
	}
	return d, -1 / d
}

// sincos returns the sine and the cosine of an angle of 0 to 90 degrees. Both are
// accurate to the last digit, and at 90 degrees the cosine is 0.
func sincos(degrees float64) (sin, cos float64) {
	if degrees > 45 {
		cos, sin = math.Sincos((90 - degrees) * (math.Pi / 180))
		return sin, cos
	}
	return math.Sincos(degrees * (math.Pi / 180))
}

// sine returns the sine of the angle whose cosine is s, and its derivative −s/sine by s.
// S beyond ±1 by rounding counts as ±1. There the derivative is infinite and is taken as
// 0, like that of a distance of 0.
func sine(s float64) (root, slope float64) {
	root = math.Sqrt(max(0, (1-s)*(1+s)))
	if root == 0 {
		return 0, 0
	}
	return root, -s / root
}

// Dissimilarity returns the dissimilarity of a pair by the named metric, and its
// derivative by S. It is the distance d, the squared distance d², or the negated cosine
// similarity −S. By each of them a smaller value is nearer.
func Dissimilarity(metric string, s float64) (t, slope float64) {
	switch metric {
	case "cosine":
		return -s, -1
	case "squared":
		return 2 - 2*s, -2
	}
	return Distance(s)
}

// Dissimilarities fills t with the dissimilarity of each similarity and slope with its
// derivative.
func Dissimilarities(metric string, t, slope, s []float64) {
	switch metric {
	case "distance":
		f64.Distances(t, slope, s)
	case "cosine":
		f64.Scale(t, s, -1, 0)
		fill(slope, -1)
	case "squared":
		f64.Scale(t, s, -2, 1)
		fill(slope, -2)
	}
}

func fill(s []float64, v float64) {
	for k := range s {
		s[k] = v
	}
}

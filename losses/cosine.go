package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// nearness is the |S| from which [Cosine] takes the difference of the vectors: a distance of ½.
const nearness = 0.875

// Cosine returns the cosine similarity of two unit vectors of one length: their inner product, or where they are near or nearly opposite,
//
//	S = 1 − ‖x − y‖²/2    or    S = ‖x + y‖²/2 − 1
//
// It is symmetric, never beyond ±1, and exactly 1 of equal vectors and −1 of opposite ones. An inner product of equal vectors is 1 only up to the
// rounding of its terms, and which way it is off depends on the order of the coordinates; their difference is 0. Where near vectors are not equal,
// what is lost of their distance is a rounding of the coordinates, and S is rounded once.
func Cosine(x, y []float64) float64 {
	s := f64.Dot(x, y)
	if math.Abs(s) < nearness {
		return s
	}
	square := 0.0
	if s < 0 {
		for k, v := range x {
			square += (v + y[k]) * (v + y[k])
		}
		return square/2 - 1
	}
	for k, v := range x {
		square += (v - y[k]) * (v - y[k])
	}
	return 1 - square/2
}

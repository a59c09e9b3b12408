package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// nearness is the |S| from which [Cosine] takes the difference of the vectors: a distance of ½.
const nearness = 0.875

// Cosine returns the cosine similarity of two unit vectors of one length: their inner product, or where they are near or nearly opposite,
// [NearCosine]. It is never beyond ±1, and symmetric.
func Cosine(x, y []float64) float64 {
	s := f64.Dot(x, y)
	if math.Abs(s) < nearness {
		return s
	}
	return NearCosine(x, y, s)
}

// NearCosine returns the cosine similarity of two unit vectors from their difference, or from their sum if their inner product is negative:
//
//	S = 1 − ‖x − y‖²/2    or    S = ‖x + y‖²/2 − 1
//
// An inner product of equal vectors is 1 only up to the rounding of its terms, and which way it is off depends on the order of the
// coordinates. A difference of equal vectors is 0, so that S is exactly 1, and −1 of opposite ones. Where they are not equal, what is lost of a
// distance is a rounding of the coordinates, and S is rounded once. It is never beyond ±1 if the vectors are as near as the product says.
func NearCosine[F float32 | float64](x, y []F, product F) F {
	y = y[:len(x)]
	square := 0.0
	if product < 0 {
		for k, v := range x {
			sum := float64(v + y[k])
			square += sum * sum
		}
		return F(square/2 - 1)
	}
	for k, v := range x {
		difference := float64(v - y[k])
		square += difference * difference
	}
	return F(1 - square/2)
}

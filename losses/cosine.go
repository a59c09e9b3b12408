package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// nearThreshold is the |S| from which [Cosine] takes the difference of the vectors, a
// distance of ½.
const nearThreshold = 0.875

// Cosine returns the cosine similarity of two unit vectors of one length. It is their
// inner product, or [NearCosine] if they are near or nearly opposite. It is symmetric and
// never beyond ±1.
func Cosine(x, y []float64) float64 {
	s := f64.Dot(x, y)
	if math.Abs(s) < nearThreshold {
		return s
	}
	return NearCosine(x, y, s)
}

// NearCosine returns the cosine similarity of two unit vectors of one length from their
// difference, or from their sum if their inner product is below 0:
//
//	S = 1 − ‖x − y‖²/2    or    S = ‖x + y‖²/2 − 1
//
// It is exactly 1 for equal vectors and −1 for opposite ones. The inner product of equal
// vectors is 1 only up to the rounding of its terms, and the sign of its error depends on
// the order of the coordinates. The difference of equal vectors is 0. For near vectors
// that are not equal, the error of the distance is a rounding of the coordinates, and S
// is rounded once. It serves callers that compute the products themselves, as training
// does in float32.
func NearCosine[F float32 | float64](x, y []F, product F) F {
	sign := F(1)
	if product < 0 {
		sign = -1
	}

	// The sum of squares has four parts, so that no addition waits for the one before.
	var parts [4]float64
	y = y[:len(x)]
	for len(x) >= 4 && len(y) >= 4 {
		a, b, c, d := float64(x[0]-sign*y[0]), float64(x[1]-sign*y[1]), float64(x[2]-sign*y[2]), float64(x[3]-sign*y[3])
		parts[0] += a * a
		parts[1] += b * b
		parts[2] += c * c
		parts[3] += d * d
		x, y = x[4:], y[4:]
	}

	for k, v := range x {
		d := float64(v - sign*y[k])
		parts[k] += d * d
	}

	return sign * F(1-(parts[0]+parts[1]+parts[2]+parts[3])/2)
}

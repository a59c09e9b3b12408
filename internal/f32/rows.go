package f32

import "fmt"

// Dot returns Σ x_k·y_k, in float64 and always in the same order.
func Dot(x, y []float32) float64 {
	checkLengths("Dot", x, y)
	var sums [16]float64
	whole := len(x) &^ 15
	if whole > 0 {
		dotBlocks(x[:whole], y[:whole], &sums)
	}

	dotGeneric(x[whole:], y[whole:], &sums)
	return sumOf(&sums)
}

// DotWide returns the bits of [Dot], where x has float32 numbers in float64. So a vector
// that is multiplied with several is converted once.
func DotWide(x []float64, y []float32) float64 {
	if len(x) != len(y) {
		panic(fmt.Sprintf("f32: DotWide: %d elements and %d: lengths do not fit", len(x), len(y)))
	}
	var sums [16]float64
	whole := len(x) &^ 15
	if whole > 0 {
		dotWideBlocks(x[:whole], y[:whole], &sums)
	}

	dotGeneric(x[whole:], y[whole:], &sums)
	return sumOf(&sums)
}

func sumOf(sums *[16]float64) float64 {
	for half := len(sums) / 2; half > 0; half /= 2 {
		for k := range half {
			sums[k] += sums[k+half]
		}
	}
	return sums[0]
}

// Scale multiplies every element of x by a number, in float64.
func Scale(x []float32, by float64) {
	whole := len(x) &^ 7
	if whole > 0 {
		scaleBlocks(x[:whole], by)
	}
	scaleGeneric(x[whole:], by)
}

// Reject sets every element of x to (x_k − along·y_k)·by, in float64. With y of length 1
// and along = x·y the result is by times the part of x orthogonal to y.
func Reject(x, y []float32, along, by float64) {
	checkLengths("Reject", x, y)
	whole := len(x) &^ 7
	if whole > 0 {
		rejectBlocks(x[:whole], y[:whole], along, by)
	}
	rejectGeneric(x[whole:], y[whole:], along, by)
}

// Narrow returns x in float32, each element rounded to the nearest.
func Narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for k, v := range x {
		y[k] = float32(v)
	}
	return y
}

func checkLengths(op string, x, y []float32) {
	if len(x) != len(y) {
		panic(fmt.Sprintf("f32: %s: %d elements and %d: lengths do not fit", op, len(x), len(y)))
	}
}

// The portable implementations.

func dotGeneric[X float32 | float64](x []X, y []float32, sums *[16]float64) {
	for k, v := range x {
		sums[k%16] += float64(v) * float64(y[k])
	}
}

func scaleGeneric(x []float32, by float64) {
	for k, v := range x {
		x[k] = float32(float64(v) * by)
	}
}

func rejectGeneric(x, y []float32, along, by float64) {
	for k, v := range x {
		// The conversion prevents fusing.
		x[k] = float32((float64(v) - float64(along*float64(y[k]))) * by)
	}
}

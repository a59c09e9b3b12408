package f64

import (
	"fmt"
	"math"
)

// Scale sets dst to scale·(src − shift).
func Scale(dst, src []float64, scale, shift float64) {
	match(dst, src)
	if len(src) > 0 {
		scaleKernel(dst, src, scale, shift)
	}
}

// Divide divides x.
func Divide(x []float64, by float64) {
	if len(x) > 0 {
		divideKernel(x, by)
	}
}

// Multiply multiplies the elements of x by those of by. A product −0 is 0.
func Multiply(x, by []float64) {
	match(x, by)
	if len(x) > 0 {
		multiplyKernel(x, by)
	}
}

// Max returns the largest element, −Inf of none. It passes over a NaN.
func Max(x []float64) float64 {
	most := lanesOf(math.Inf(-1))
	if len(x) > 0 {
		maxKernel(x, &most)
	}
	return max(most[0], most[1], most[2], most[3], most[4], most[5], most[6], most[7])
}

// Min returns the smallest element, +Inf of none. It passes over a NaN.
func Min(x []float64) float64 {
	most := lanesOf(math.Inf(1))
	if len(x) > 0 {
		minKernel(x, &most)
	}
	return min(most[0], most[1], most[2], most[3], most[4], most[5], most[6], most[7])
}

// Finite reports whether no element is infinite or NaN.
func Finite(x []float64) bool {
	var sums lanes
	if len(x) > 0 {
		finiteKernel(x, &sums)
	}
	return sums.sum() == 0
}

// Distances sets d to √(2−2s), the distance of unit vectors of the similarity s, and slope to its derivative −1/d. Where s is 1 or more,
// both are 0.
func Distances(d, slope, s []float64) {
	match(d, s)
	match(slope, s)
	if len(s) > 0 {
		distancesKernel(d, slope, s)
	}
}

// What assembly cannot take from an instruction.
var one, two, minus = 1.0, 2.0, -1.0

// lanes are the parts of a sum or an extreme.
type lanes [8]float64

func lanesOf(v float64) lanes { return lanes{v, v, v, v, v, v, v, v} }

func (l *lanes) sum() float64 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

func match[A, B any](x []A, y []B) {
	if len(x) != len(y) {
		panic(fmt.Sprintf("f64: slices of %d and %d elements, which should have one length", len(x), len(y)))
	}
}

func scaleGo(dst, src []float64, scale, shift float64) {
	for k, v := range src {
		dst[k] = scale * (v - shift)
	}
}

func divideGo(x []float64, by float64) {
	for k := range x {
		x[k] /= by
	}
}

func multiplyGo(x, by []float64) {
	for k, v := range by {
		x[k] = math.FMA(x[k], v, 0)
	}
}

func maxGo(x []float64, most *lanes) {
	for k, v := range x {
		if v > most[k%8] {
			most[k%8] = v
		}
	}
}

func minGo(x []float64, most *lanes) {
	for k, v := range x {
		if v < most[k%8] {
			most[k%8] = v
		}
	}
}

func finiteGo(x []float64, sums *lanes) {
	for k, v := range x {
		sums[k%8] += 0 * v
	}
}

func distancesGo(d, slope, s []float64) {
	for k, v := range s {
		root := math.Sqrt(max(0, 2-2*v))
		d[k], slope[k] = root, 0
		if root != 0 {
			slope[k] = -1 / root
		}
	}
}

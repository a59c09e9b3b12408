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

// AddScaled adds by·src to dst, each product and sum rounded once.
func AddScaled(dst, src []float64, by float64) {
	match(dst, src)
	if len(src) > 0 {
		addScaledKernel(dst, src, by)
	}
}

// Divide divides the elements of x by a number.
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

// Max returns the largest element, or −Inf if there is none. It ignores NaN.
func Max(x []float64) float64 {
	if len(x) == 0 {
		return math.Inf(-1)
	}
	return maxKernel(x, math.Inf(-1))
}

// Min returns the smallest element, or +Inf if there is none. It ignores NaN.
func Min(x []float64) float64 {
	if len(x) == 0 {
		return math.Inf(1)
	}
	return minKernel(x, math.Inf(1))
}

// Finite reports whether no element is infinite or NaN.
func Finite(x []float64) bool {
	return len(x) == 0 || finiteKernel(x) == 0
}

// Distances sets d to √(2−2s), the distance of unit vectors of the similarity s, and
// slope to its derivative −1/d. Where s is 1 or more, both are 0.
func Distances(d, slope, s []float64) {
	match(d, s)
	match(slope, s)
	if len(s) > 0 {
		distancesKernel(d, slope, s)
	}
}

// Constants that the assembly loads from memory.
var one, two, minus = 1.0, 2.0, -1.0

// lanes are the eight parts of a sum or an extreme.
type lanes [8]float64

func lanesOf(v float64) lanes { return lanes{v, v, v, v, v, v, v, v} }

// reduce combines the lanes by halves, as the assembly does.
func (l *lanes) reduce(join func(x, y float64) float64) float64 {
	for half := 4; half > 0; half /= 2 {
		for k := range half {
			l[k] = join(l[k], l[k+half])
		}
	}
	return l[0]
}

func add(x, y float64) float64 { return x + y }

func larger(x, y float64) float64 {
	if y > x {
		return y
	}
	return x
}

func smaller(x, y float64) float64 {
	if y < x {
		return y
	}
	return x
}

func match[A, B any](x []A, y []B) {
	if len(x) != len(y) {
		panic(fmt.Sprintf("f64: slices of %d and %d elements, which should have one length", len(x), len(y)))
	}
}

func scaleGeneric(dst, src []float64, scale, shift float64) {
	for k, v := range src {
		dst[k] = scale * (v - shift)
	}
}

func addScaledGeneric(dst, src []float64, by float64) {
	for k, v := range src {
		dst[k] = math.FMA(by, v, dst[k])
	}
}

func divideGeneric(x []float64, by float64) {
	for k := range x {
		x[k] /= by
	}
}

func multiplyGeneric(x, by []float64) {
	for k, v := range by {
		x[k] = math.FMA(x[k], v, 0)
	}
}

func maxGeneric(x []float64, most float64) float64 {
	parts := lanesOf(most)
	for k, v := range x {
		parts[k%8] = larger(parts[k%8], v)
	}
	return parts.reduce(larger)
}

func minGeneric(x []float64, most float64) float64 {
	parts := lanesOf(most)
	for k, v := range x {
		parts[k%8] = smaller(parts[k%8], v)
	}
	return parts.reduce(smaller)
}

func finiteGeneric(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += 0 * v
	}
	return sum
}

func distancesGeneric(d, slope, s []float64) {
	for k, v := range s {
		root := math.Sqrt(max(0, 2-2*v))
		d[k], slope[k] = root, 0
		if root != 0 {
			slope[k] = -1 / root
		}
	}
}

package f64

import "math"

// Sum returns Σ x.
func Sum(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	return sumKernel(x)
}

// Dot returns Σ x·y.
func Dot(x, y []float64) float64 {
	match(x, y)
	if len(x) == 0 {
		return 0
	}
	return dotKernel(x, y)
}

// Ramp sets dst to src − from where that is positive and to 0 elsewhere. It returns the
// sum.
func Ramp(dst, src []float64, from float64) float64 {
	match(dst, src)
	if len(src) == 0 {
		return 0
	}
	return rampKernel(dst, src, from)
}

func sumGeneric(x []float64) float64 {
	var sums lanes
	for k, v := range x {
		sums[k%8] += v
	}
	return sums.reduce(add)
}

func dotGeneric(x, y []float64) float64 {
	var sums lanes
	for k, v := range x {
		sums[k%8] = math.FMA(v, y[k], sums[k%8])
	}
	return sums.reduce(add)
}

func rampGeneric(dst, src []float64, from float64) float64 {
	var sums lanes
	for k, v := range src {
		dst[k] = max(v-from, 0)
		sums[k%8] += dst[k]
	}
	return sums.reduce(add)
}

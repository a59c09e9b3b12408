package f64

import "math"

// AddBetween adds weight to the elements of to whose values are above low and below high,
// excluding the bounds. It returns their number and the sum of their values. A NaN is
// never between.
func AddBetween(to, values []float64, low, high, weight float64) (count int, sum float64) {
	match(to, values)
	if len(values) == 0 {
		return 0, 0
	}
	sum, count = addBetweenKernel(to, values, low, high, weight)
	return count, sum
}

// AddNearer adds 1 to each element of toX for which x is below a bound and at most y, and
// to each element of toY for which y is below the bound and below x. It returns the
// number of additions. A comparison with NaN adds nothing.
func AddNearer(toX, toY, x, y []float64, bound float64) (count int) {
	match(toX, x)
	match(toY, x)
	match(y, x)
	if len(x) == 0 {
		return 0
	}
	return addNearerKernel(toX, toY, x, y, bound)
}

// AddWide adds 1 to each element of to for which x+y is above least and d below bound. It
// returns how many elements it adds to.
func AddWide(to, x, y, d []float64, least, bound float64) (count int) {
	match(to, d)
	match(x, d)
	match(y, d)
	if len(d) == 0 {
		return 0
	}
	return addWideKernel(to, x, y, d, least, bound)
}

// MaxBelow returns the largest element below a bound, or −Inf if there is none. It
// ignores NaN.
func MaxBelow(x []float64, bound float64) float64 {
	if len(x) == 0 {
		return math.Inf(-1)
	}
	return maxBelowKernel(x, bound, math.Inf(-1))
}

func addBetweenGeneric(to, values []float64, low, high, weight float64) (sum float64, count int) {
	var sums lanes
	for k, v := range values {
		if low < v && v < high {
			to[k] += weight
			sums[k%8] += v
			count++
		}
	}
	return sums.reduce(add), count
}

func addNearerGeneric(toX, toY, x, y []float64, bound float64) (count int) {
	for k, v := range x {
		switch u := y[k]; {
		case v < bound && v <= u:
			toX[k]++
			count++
		case u < bound && u < v:
			toY[k]++
			count++
		}
	}
	return count
}

func addWideGeneric(to, x, y, d []float64, least, bound float64) (count int) {
	for k, v := range d {
		if x[k]+y[k] > least && v < bound {
			to[k]++
			count++
		}
	}
	return count
}

func maxBelowGeneric(x []float64, bound, most float64) float64 {
	parts := lanesOf(most)
	for k, v := range x {
		if v < bound {
			parts[k%8] = larger(parts[k%8], v)
		}
	}
	return parts.reduce(larger)
}

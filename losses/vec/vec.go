// Package vec has the functions over slices of float64 that the losses of this module are
// written with, for losses and miners of other modules. The kernels use vector
// instructions. Their results depend neither on the machine nor on the index of an
// element in its slice.
//
// A function of several slices takes as many elements of each as the first slice has. It
// panics if another slice is shorter. dst may be src itself. Otherwise the two must not
// overlap. No function allocates.
package vec

import "gpwbench/internal/f64"

// Scale sets dst to scale·(src − shift).
func Scale(dst, src []float64, scale, shift float64) { f64.Scale(dst, src, scale, shift) }

// AddScaled adds by·src to dst. Each product and each sum is rounded once.
func AddScaled(dst, src []float64, by float64) { f64.AddScaled(dst, src, by) }

// Multiply multiplies the elements of x by those of by. A product of −0 becomes 0.
func Multiply(x, by []float64) { f64.Multiply(x, by) }

// Divide divides the elements of x by a number.
func Divide(x []float64, by float64) { f64.Divide(x, by) }

// Ramp sets dst to src − from where that is positive and to 0 elsewhere. It returns the
// sum of dst.
func Ramp(dst, src []float64, from float64) (sum float64) { return f64.Ramp(dst, src, from) }

// Sum returns Σ x.
func Sum(x []float64) float64 { return f64.Sum(x) }

// Dot returns Σ x·y.
func Dot(x, y []float64) float64 { return f64.Dot(x, y) }

// Max returns the largest element, or −Inf if x is empty. It ignores a NaN.
func Max(x []float64) float64 { return f64.Max(x) }

// Min returns the smallest element, or +Inf if x is empty. It ignores a NaN.
func Min(x []float64) float64 { return f64.Min(x) }

// MaxBelow returns the largest element below a bound, or −Inf if there is none.
func MaxBelow(x []float64, bound float64) float64 { return f64.MaxBelow(x, bound) }

// Index returns the index of the first element that is equal to value, or −1 if none is.
func Index(x []float64, value float64) int { return f64.Index(x, value) }

// Above sets each element of keep to whether that of src is above the threshold, as a
// miner marks pairs.
func Above(keep []bool, src []float64, threshold float64) { f64.Above(keep, src, threshold) }

// Below sets each element of keep to whether that of src is below the threshold.
func Below(keep []bool, src []float64, threshold float64) { f64.Below(keep, src, threshold) }

// Compress copies the elements of src that are kept to the front of dst, in order, and
// returns their number. The rest of dst may be overwritten.
func Compress(dst, src []float64, keep []bool) int { return f64.Compress(dst, src, keep) }

// Expand is the inverse of Compress. It sets the elements of dst that are kept to those
// of src in order, and the others to 0. src is as long as dst, or longer.
func Expand(dst, src []float64, keep []bool) { f64.Expand(dst, src, keep) }

// AddBetween adds weight to the elements of to whose values are above low and below high,
// and returns how many there are and the sum of their values. A NaN is never between.
func AddBetween(to, values []float64, low, high, weight float64) (count int, sum float64) {
	return f64.AddBetween(to, values, low, high, weight)
}

// Distances sets d to √(2−2s), the distance of unit vectors of the similarity s, and
// slope to its derivative −1/d. Where s is 1 or more, both are 0.
func Distances(d, slope, s []float64) { f64.Distances(d, slope, s) }

// Exp sets dst to e^src.
func Exp(dst, src []float64) { f64.Exp(dst, src) }

// ExpSum sets dst to e^(src−shift) and returns its sum.
func ExpSum(dst, src []float64, shift float64) float64 { return f64.ExpSum(dst, src, shift) }

// Sigmoid sets value to 1/(1+e^−src) and slope to its derivative, and returns their sums.
func Sigmoid(value, slope, src []float64) (values, slopes float64) {
	return f64.Sigmoid(value, slope, src)
}

// Softplus sets value to log(1+e^src) and slope to its derivative 1/(1+e^−src), and
// returns their sums.
func Softplus(value, slope, src []float64) (values, slopes float64) {
	return f64.Softplus(value, slope, src)
}

package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Softplus returns log(1+e^z) without overflow and without loss of digits for large |z|.
func Softplus(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// Sigmoid returns 1/(1+e^−z) without overflow.
func Sigmoid(z float64) float64 {
	if z >= 0 {
		return 1 / (1 + math.Exp(-z))
	}
	e := math.Exp(z)
	return e / (1 + e)
}

// SoftplusSlope returns softplus(z) and its derivative sigmoid(z). It takes one
// exponential.
func SoftplusSlope(z float64) (value, slope float64) {
	e := math.Exp(-math.Abs(z))
	slope = 1 / (1 + e)
	if z < 0 {
		slope = e / (1 + e)
	}
	return max(z, 0) + math.Log1p(e), slope
}

// expm1 returns e^z − 1 for z ≤ 0. Its error is 1e-15 of the result near 0, and 1e-16
// elsewhere.
func expm1(z float64) float64 {
	if z < -0.01 {
		return math.Exp(z) - 1
	}
	return z * (1 + z/2*(1+z/3*(1+z/4*(1+z/5*(1+z/6)))))
}

// SoftplusSum returns weight·Σ log(1 + e^{scale·(s−shift)}) and sets g to the derivative.
// The sum of an empty s is 0.
func SoftplusSum(a *Anchor, g, s []float64, scale, shift, weight float64) float64 {
	if len(s) == 0 {
		return 0
	}

	z := Scaled(a.Scratch(len(s)), s, scale, shift)
	sum, _ := f64.Softplus(z, g, z)
	f64.Scale(g, g, weight*scale, 0)
	return weight * sum
}

// LogSumExp returns log Σ e^z and overwrites z with its softmax. It is −Inf for an empty
// z.
func LogSumExp(z []float64) float64 {
	if len(z) == 0 {
		return math.Inf(-1)
	}

	top := f64.Max(z)
	sum := f64.ExpSum(z, z, top)
	f64.Scale(z, z, 1/sum, 0)
	return top + math.Log(sum)
}

// Log1pSumExp returns log(1 + Σ e^z), the log-sum-exp with an extra logit 0. It
// overwrites z with its softmax, which then sums to less than 1. It is 0 for an empty z.
// A sum too small to change 1 keeps its digits.
func Log1pSumExp(z []float64) float64 {
	if len(z) == 0 {
		return 0
	}

	top := max(0, f64.Max(z))
	sum := f64.ExpSum(z, z, top)
	if top == 0 {
		f64.Scale(z, z, 1/(1+sum), 0)
		return math.Log1p(sum)
	}

	sum += math.Exp(-top)
	f64.Scale(z, z, 1/sum, 0)
	return top + math.Log(sum)
}

// LogAdd returns log(e^x + e^y). −Inf is the logarithm of an empty sum.
func LogAdd(x, y float64) float64 {
	if top := max(x, y); !math.IsInf(top, -1) {
		return top + math.Log1p(math.Exp(-math.Abs(x-y)))
	}
	return math.Inf(-1)
}

// Scaled writes scale·(s−shift) into dst, which is returned.
func Scaled(dst, s []float64, scale, shift float64) []float64 {
	f64.Scale(dst, s, scale, shift)
	return dst
}

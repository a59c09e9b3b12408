package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// StudentT returns the quantile at p in (0.5, 1) of Student's t distribution with df ≥ 1
// degrees of freedom. It inverts the finite series for P(|T| ≤ t) of Abramowitz & Stegun
// 26.7.3 and 26.7.4, by bisection in θ = atan(t/√df). The series are exact for whole
// degrees of freedom.
func StudentT(p float64, df int) float64 {
	low, high := 0.0, math.Pi/2
	for {
		mid := low + (high-low)/2
		if mid == low || mid == high {
			return math.Sqrt(float64(df)) * math.Tan(mid)
		}
		if withinT(mid, df) < 2*p-1 {
			low = mid
		} else {
			high = mid
		}
	}
}

func withinT(theta float64, df int) float64 {
	sin, cos := math.Sincos(theta)
	if df%2 == 0 {
		term, sum := 1.0, 1.0
		for k := 2; k < df; k += 2 {
			term *= float64(k-1) / float64(k) * cos * cos
			sum += term
		}
		return sin * sum
	}

	var sum float64
	for k, term := 1, cos; k < df; k += 2 {
		sum += term
		term *= float64(k+1) / float64(k+2) * cos * cos
	}

	return 2 / math.Pi * (theta + sin*sum)
}

// twoSidedT returns P(|T| ≥ |t|) for Student's t with df ≥ 1 degrees of freedom. It takes
// the lower tail, so that small probabilities keep their digits.
func twoSidedT(t float64, df int) float64 {
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.CDF(-math.Abs(t))
}

package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// Power is the probability with which [SmallestDifference] would be seen.
const Power = 0.8

// normalPower is how many standard errors the normal law reaches with probability [Power]
// to one side.
const normalPower = 0.8416212

// SmallestDifference returns the smallest true difference that an experiment would have
// seen, that is for which a two-sided t-test at [Level] over units ≥ 2 units rejects with
// probability [Power], if the difference has the standard error se > 0. For the paired t
// over n seeds, se is the standard deviation of the differences over √n. For a bootstrap
// over classes, whose test has no other distribution in the limit, it is the linearised
// standard error.
//
// The standard error is an estimate, and so is the result: with 5 seeds it is off by more
// than a quarter as often as not. It is the scale to read "not significant" on, no bound.
func SmallestDifference(se float64, units int) float64 {
	df := units - 1
	if shift, ok := smallestShifts.Load(df); ok {
		return shift.(float64) * se
	}
	shift := smallestShift(df)
	smallestShifts.Store(df, shift)

	return shift * se
}

// smallestShifts keeps what smallestShift computed, which takes longer than a t-test.
var smallestShifts sync.Map

// smallestShift returns the noncentrality at which the t-test has [Power].
func smallestShift(df int) float64 {
	test := newTTest(df)
	low, high := 0.0, test.critical
	for test.power(high) < Power {
		low, high = high, 2*high
	}
	for high-low > 1e-10*high {
		mid := low + (high-low)/2
		if test.power(mid) < Power {
			low = mid
		} else {
			high = mid
		}
	}

	return high
}

// A tTest is the two-sided t-test at [Level], with the law of W = √(χ²/df) as nodes of a
// Gauss quadrature and what each weighs.
type tTest struct {
	critical   float64
	at, weight []float64
}

func newTTest(df int) tTest {
	const nodes = 120
	t := tTest{critical: StudentT(1-Level/2, df), at: make([]float64, nodes), weight: make([]float64, nodes)}
	nu := float64(df)
	wide := 10 / math.Sqrt(2*nu) // ten standard deviations of W, or nearly so
	quad.Legendre{}.FixedLocations(t.at, t.weight, max(0, 1-wide), 1+wide)

	lg, _ := math.Lgamma(nu / 2)
	scale := math.Ln2 + nu/2*math.Log(nu/2) - lg
	for k, w := range t.at {
		t.weight[k] *= math.Exp(scale + (nu-1)*math.Log(w) - nu*w*w/2)
	}

	return t
}

// power returns P(|T| > critical) for the noncentral T = (Z + shift)/W: the normal tails
// given W, averaged over W.
func (t tTest) power(shift float64) float64 {
	var sum float64
	for k, w := range t.at {
		above := distuv.UnitNormal.CDF(shift - t.critical*w)
		below := distuv.UnitNormal.CDF(-shift - t.critical*w)
		sum += t.weight[k] * (above + below)
	}

	return sum
}

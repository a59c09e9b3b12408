package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestPower(t *testing.T) {
	// Without a shift the power is the level, for any degrees of freedom.
	for _, df := range []int{1, 2, 3, 4, 7, 48, 97, 1000, 11315} {
		if got := newTTest(df).power(0); !near(got, Level, 1e-9) {
			t.Errorf("df %d: without a shift the power is %v", df, got)
		}
	}
	// R's power.t.test(n = 20, delta = 1, sd = 1) prints power = 0.8689528: two groups of
	// 20, so 38 degrees of freedom and the shift √(20/2). R leaves out the lower tail, which
	// is below 1e-6 here.
	if got := newTTest(38).power(math.Sqrt(10)); got < 0.86895275 || got > 0.8689538 {
		t.Errorf("power = %.9f, want 0.8689528", got)
	}
}

func TestSmallestDifference(t *testing.T) {
	// In the limit of many units it is (z₀.₉₇₅ + z₀.₈)·se.
	z := distuv.UnitNormal.Quantile
	if got, want := SmallestDifference(0.5, 100_000), 0.5*(z(0.975)+z(0.8)); !near(got, want, 1e-4) {
		t.Errorf("100,000 units: %v, want %v", got, want)
	}
	for _, n := range []int{2, 3, 5, 98, 98} { // the last from what is kept
		if got := newTTest(n - 1).power(SmallestDifference(1, n)); !near(got, Power, 1e-8) {
			t.Errorf("%d units: the power at the smallest difference is %v", n, got)
		}
	}
}

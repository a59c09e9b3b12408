package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRankedSums compares with counts by brute force, among values that tie and values
// that are far apart, and on a rankedSums that had other values before.
func TestRankedSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 36))
	var l rankedSums
	var s sorter
	for trial := range 400 {
		spread, base := []float64{0, 5e-324, 1e-12, 1, 1e9, 1e200}[trial%6], 0.5*float64(trial/6%2)
		draw := func(n int) []float64 {
			x := make([]float64, n)
			for k := range x {
				x[k] = base + spread*math.Round(20*rng.Float64())
			}
			return x
		}
		positives, negatives := draw(trial%70), draw(90)
		l.set(positives, &s)
		for _, v := range negatives {
			want := 0
			for _, p := range positives {
				if p < v {
					want++
				}
			}
			if got := l.add(v); got != want {
				t.Fatalf("%d of %v are below %v, want %d", got, positives, v, want)
			}
		}
		l.accumulate()
		for _, p := range positives {
			want, wantSum := 0.0, 0.0
			for _, v := range negatives {
				if p < v {
					want++
					wantSum += v
				}
			}
			if got, sum := l.sumAbove(p); got != want || math.Abs(sum-wantSum) > 1e-13*wantSum {
				t.Fatalf("%v of sum %v are above %v, want %v of sum %v", got, sum, p, want, wantSum)
			}
		}
	}
}

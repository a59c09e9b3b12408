package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMovingHistogram: the value is linear in the histogram, so after batch A, L on B with momentum ρ is (1−ρ) L₀ + ρ L₁, where L₁ is that of B's own
// histogram and L₀ that of A's.
func TestMovingHistogram(t *testing.T) {
	batches := readGoldens(t).Batches
	after := func(momentum float64) float64 {
		loss := MovingSoftMargin{Bins: 10, Momentum: momentum}.Fresh(0)
		evaluate(t, loss, []float64{1}, []int{0}) // without a triplet: not a first histogram
		evaluate(t, loss, flat(batches["A"].S), batches["A"].Labels)
		value, _ := evaluate(t, loss, flat(batches["B"].S), batches["B"].Labels)
		return value
	}
	own, _ := evaluate(t, DynamicSoftMargin{Bins: 10}, flat(batches["B"].S), batches["B"].Labels)
	if !near(after(1), own) {
		t.Errorf("momentum 1: %v, without memory %v", after(1), own)
	}
	half := after(0.5)
	if want := 1.5*half - 0.5*own; !near(after(0.25), want) {
		t.Errorf("momentum ¼: %v, by linearity from 1 and ½ %v", after(0.25), want)
	}
	if math.Abs(half-own) < 1e-3 {
		t.Errorf("momentum ½ and 1 give %v and %v: batch A is forgotten", half, own)
	}
}

// TestSoftMarginRuns holds the sums over runs against every pair, at 2 and −2 and beyond by rounding too, where the bins end.
func TestSoftMarginRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for trial := range 300 {
		l := DynamicSoftMargin{Bins: []int{1, 2, 10, 64, 100000}[trial%5]}
		pos, neg := make([]float64, 1+rng.IntN(40)), make([]float64, 1+rng.IntN(60))
		for _, side := range [][]float64{pos, neg} {
			for k := range side {
				switch side[k] = 2 * rng.Float64(); rng.IntN(4) {
				case 0:
					side[k] = math.Round(5*side[k]) / 5
				case 1:
					side[k] = float64(rng.IntN(2)) * (2 + 1e-7*rng.Float64())
				}
			}
		}
		cumulated := make([]float64, l.Bins+1)
		for k := range cumulated {
			cumulated[k] = rng.Float64()
		}
		histogram, want := make([]float64, l.Bins+1), make([]float64, l.Bins+1)
		l.addPairs(want, pos, neg)
		weigh := func(by func(cumulated []float64, a *Anchor, pos, neg []float64) float64) (sum float64, g []float64) {
			var a Anchor
			a.grow(len(pos) + len(neg))
			a.size(len(pos), len(neg))
			l.addRuns(histogram, &a, pos, neg)
			sum = by(cumulated, &a, pos, neg)
			return sum, slices.Concat(a.GPos, a.GNeg)
		}
		sum, g := weigh(l.weighRuns)
		clear(histogram)
		wantSum, wantG := weigh(l.weighPairs)
		g, wantG = append(g, sum), append(wantG, wantSum)
		g, wantG = append(g, histogram...), append(wantG, want...)
		for k := range g {
			if math.Abs(g[k]-wantG[k]) > 1e-13*float64(len(pos)*len(neg)+l.Bins) {
				t.Fatalf("%d bins, value %d: %v, want %v (positives %v, negatives %v)", l.Bins, k, g[k], wantG[k], pos, neg)
			}
		}
	}
}

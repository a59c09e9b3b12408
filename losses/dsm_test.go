package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMovingHistogram: the value is linear in the histogram, so after batch A, L on B
// with momentum ρ is (1−ρ) L₀ + ρ L₁, where L₁ is that of B's own histogram and L₀ that
// of A's.
func TestMovingHistogram(t *testing.T) {
	batches := readGoldens(t).Batches
	after := func(momentum float64) float64 {
		loss := made(MovingSoftMargin{Bins: 10, Momentum: momentum}.New(nil))
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

// TestSoftMarginBandsAndRuns holds the sums over bands and runs against every pair, at
// 2 and −2 and beyond by rounding too, where the bins end.
func TestSoftMarginBandsAndRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for trial := range 300 {
		l, most := DynamicSoftMargin{Bins: []int{1, 2, 10, 64}[trial%4]}, 60
		if trial%15 == 14 { // far more bins than pairs, and every bin is compared
			l.Bins, most = 100000, 10
		}
		pos, neg := make([]float64, 1+rng.IntN(2*most/3)), make([]float64, 1+rng.IntN(most))
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
		want := make([]float64, l.Bins+1)
		l.addPairs(want, pos, neg)
		wantSum, wantG := l.weighPairs(cumulated, pos, neg)
		want = append(append(want, wantG...), wantSum)
		for name, way := range map[string]struct {
			add   func(histogram []float64, a *Anchor, pos, neg []float64)
			weigh func(cumulated []float64, a *Anchor, pos, neg []float64) float64
		}{"bands": {l.addBands, l.weighBands}, "runs": {l.addRuns, l.weighRuns}} {
			var a Anchor
			a.grow(len(pos) + len(neg))
			a.size(len(pos), len(neg))
			got := make([]float64, l.Bins+1)
			way.add(got, &a, pos, neg)
			sum := way.weigh(cumulated, &a, pos, neg)
			got = append(slices.Concat(got, a.GPos, a.GNeg), sum)
			for k := range got {
				if math.Abs(got[k]-want[k]) > 1e-13*float64(len(pos)*len(neg)+l.Bins) {
					t.Fatalf("%s of %d bins, value %d: %v, want %v (positives %v, negatives %v)", name, l.Bins, k, got[k], want[k], pos, neg)
				}
			}
		}
	}
}

// addPairs adds the differences of all pairs to the histogram.
func (l DynamicSoftMargin) addPairs(histogram, pos, neg []float64) {
	for _, p := range pos {
		for _, n := range neg {
			r, toNext, fromNode := Histogram(l).exact((p - n) / 2)
			if z := p - n; z < -2 { // by rounding: the first bin goes on
				fromNode = (z + 2) / 4 * float64(l.Bins)
				toNext = 1 - fromNode
			}
			histogram[r] += toNext
			histogram[r+1] += fromNode
		}
	}
}

// weighPairs returns Σ w z and its derivatives by the distances, w being constant.
func (l DynamicSoftMargin) weighPairs(cumulated, pos, neg []float64) (sum float64, g []float64) {
	g = make([]float64, len(pos)+len(neg))
	for k, p := range pos {
		for j, n := range neg {
			w := cumulated[l.node(p-n)]
			sum += w * (p - n)
			g[k] += w
			g[len(pos)+j] -= w
		}
	}
	return sum, g
}

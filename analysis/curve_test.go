package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"gpwbench/gpw"
)

// TestCurve holds the bins against a count over all points for each bin.
func TestCurve(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	c := &Scatter{Anchors: 1}
	for range 500 {
		c.Pairs = append(c.Pairs, gpw.Pair{Positive: rng.IntN(3) == 0, S: rng.Float64() - 0.7, G: rng.NormFloat64()})
	}
	const n = 40
	for _, positive := range []bool{true, false} {
		var want []Bin
		for k := range n {
			b := Bin{Low: -1 + 2*float64(k)/n, High: -1 + 2*float64(k+1)/n, Min: math.Inf(1), Max: math.Inf(-1)}
			for _, p := range c.Pairs {
				if p.Positive == positive && b.Low <= p.S && p.S < b.High {
					b.Pairs++
					w := c.Weight(p)
					b.Mean += w
					b.Min, b.Max = min(b.Min, w), max(b.Max, w)
				}
			}
			if b.Pairs > 0 {
				b.Mean /= float64(b.Pairs)
				want = append(want, b)
			}
		}
		got := c.Curve(gpw.S, positive)
		if len(got) != len(want) {
			t.Fatalf("%d bins, want %d", len(got), len(want))
		}
		for k := range got {
			if math.Abs(got[k].Mean-want[k].Mean) > 1e-12 {
				t.Errorf("bin %d has mean %v, want %v", k, got[k].Mean, want[k].Mean)
			}
			got[k].Mean = want[k].Mean
			if got[k] != want[k] {
				t.Errorf("bin %d is %+v, want %+v", k, got[k], want[k])
			}
		}
	}
}

func TestCurveAtTheEnds(t *testing.T) {
	c := &Scatter{Anchors: 1, Pairs: []gpw.Pair{{S: -1, G: 1}, {S: -1 - 1e-7, G: 3}, {S: 1, G: 5}, {S: 1 + 1e-7, G: 7}}}
	got := c.Curve(gpw.S, false)
	if len(got) != 2 || got[0].Mean != 2 || got[1].Mean != 6 || got[0].Low != -1 || got[1].High != 1 {
		t.Errorf("got %+v, want the means 2 and 6 in the outermost intervals", got)
	}
	if got := c.Curve(gpw.S, true); len(got) != 0 {
		t.Errorf("of no positives: %+v", got)
	}
}

// Along N and P the intervals reach to ±2, and pairs that have none are left out.
func TestCurveAlongOthers(t *testing.T) {
	c := &Scatter{Anchors: 1, Pairs: []gpw.Pair{{N: -1.99, P: math.NaN(), G: 1}, {N: 1.51, P: 0.01, G: 3}, {N: 1.54, P: 0.06, G: 5}}}
	got := c.Curve(gpw.N, false)
	if len(got) != 2 || got[0].Low != -2 || got[1].Mean != 4 || math.Abs(got[1].High-1.55) > 1e-12 {
		t.Errorf("along N: %+v", got)
	}
	if got := c.Curve(gpw.P, false); len(got) != 2 || got[0].Mean != 3 || got[1].Mean != 5 {
		t.Errorf("along P: %+v", got)
	}
}

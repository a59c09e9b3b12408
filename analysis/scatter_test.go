package analysis

import (
	"math"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// threeAnchors is a batch of two of a class and one of another, small enough to weigh by hand.
func threeAnchors(t *testing.T) *losses.Batch {
	t.Helper()
	s := []float64{
		1.0, 0.3, 0.6,
		0.3, 1.0, 0.4,
		0.6, 0.4, 1.0,
	}
	b, err := losses.NewBatch(s, []int{0, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNewCloud(t *testing.T) {
	// Contrastive weighs 1/m every positive, and the negatives above λ: m·w is 1 or 0.
	c, err := NewScatter(gpw.Weigh(losses.Mean(losses.Contrastive{Lambda: 0.5}), threeAnchors(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		Positive   bool
		S, N, P, W float64
	}{
		{Positive: true, S: 0.3, N: 0.3 - 0.6, P: math.NaN(), W: 1},  // 0, 1: no other positive
		{Positive: false, S: 0.6, N: math.NaN(), P: 0.6 - 0.3, W: 1}, // 0, 2: no other negative
		{Positive: true, S: 0.3, N: 0.3 - 0.4, P: math.NaN(), W: 1},
		{Positive: false, S: 0.4, N: math.NaN(), P: 0.4 - 0.3, W: 0},
		{Positive: false, S: 0.6, N: 0.6 - 0.4, P: math.NaN(), W: 1}, // 2 has no positive
		{Positive: false, S: 0.4, N: 0.4 - 0.6, P: math.NaN(), W: 0},
	}
	if c.Anchors != 3 || len(c.Pairs) != len(want) {
		t.Fatalf("%d anchors and %d points, want 3 and %d", c.Anchors, len(c.Pairs), len(want))
	}
	near := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-12 }
	for k, p := range c.Pairs {
		w := want[k]
		if p.Positive != w.Positive || !near(p.S, w.S) || !near(p.N, w.N) || !near(p.P, w.P) || !near(c.Weight(p), w.W) {
			t.Errorf("point %d is %+v, want %+v", k, p, w)
		}
		if v := c.Weight(p); v == 0 && math.Signbit(v) {
			t.Errorf("point %d weighs minus zero", k)
		}
	}
}

func TestWeightIsSigned(t *testing.T) {
	w := &gpw.Weights{Anchors: 4, Pairs: []gpw.Pair{
		{Positive: true, G: -0.25}, {Positive: true, G: 0.5}, {Positive: false, G: 0.25}, {Positive: false, G: -0.5}, {Positive: true, G: 0},
	}}
	c, err := NewScatter(w)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{1, -2, 1, -2, 0} {
		if got := c.Weight(c.Pairs[k]); got != want {
			t.Errorf("pair %d weighs %v, want %v", k, got, want)
		}
	}
	if got, want := c.Summary(true), (Summary{Pairs: 3, Weighted: 2, Opposite: 1, Min: -2, Max: 1}); got != want {
		t.Errorf("positives: %+v, want %+v", got, want)
	}
	if got, want := c.Summary(false), (Summary{Pairs: 2, Weighted: 2, Opposite: 1, Min: -2, Max: 1}); got != want {
		t.Errorf("negatives: %+v, want %+v", got, want)
	}
	if got := (&Scatter{}).Summary(true); got != (Summary{}) {
		t.Errorf("of no pairs: %+v", got)
	}
}

func TestNewCloudRefusesWhatIsNotFinite(t *testing.T) {
	for _, g := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := NewScatter(&gpw.Weights{Anchors: 9, Pairs: []gpw.Pair{{Anchor: 7, Candidate: 8, G: g}}})
		if err == nil || !strings.Contains(err.Error(), "anchor 7 and candidate 8") {
			t.Errorf("gradient %v: %v", g, err)
		}
	}
}

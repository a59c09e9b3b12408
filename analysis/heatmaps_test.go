package analysis

import (
	"math"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

func TestHeatmap(t *testing.T) {
	c := &Scatter{Anchors: 1, Pairs: []gpw.Pair{
		{S: 0.1, N: -0.9, P: 0.9, G: 2}, {S: 0.2, N: -0.8, P: 0.9, G: 4}, // one cell
		{S: 1, N: 1, P: math.NaN(), G: 7},     // the ends belong to the outermost
		{S: -0.01, N: 0, P: 0, G: 100},        // outside
		{Positive: true, S: 0.1, N: 0, G: 50}, // of the other kind
	}}
	x, y := Range{0, 1, 2}, Range{-1, 1, 3}
	check := func(against gpw.Axis, want []float64) {
		t.Helper()
		for k, got := range c.Heatmap((&Heatmaps{Swept: true}).Value(against), false, x, y) {
			if got != want[k] && !(math.IsNaN(got) && math.IsNaN(want[k])) {
				t.Errorf("%v: cell %d is %v, want %v", against, k, got, want[k])
			}
		}
	}
	nan := math.NaN()
	check(gpw.N, []float64{3, nan, nan, nan, nan, 7})
	check(gpw.P, []float64{nan, nan, nan, nan, 3, nan})

	// Of a batch the vertical axis is what N or P is counted from: here 1, 1, 0 and 0.
	h := c.Heatmaps()
	if x, y := h.Ranges(c, gpw.N); x.Low != -0.01 || x.High != 1 || y.Low != -0.01 || y.High != 1 {
		t.Errorf("ranges %+v and %+v", x, y)
	}
	for k, got := range c.Heatmap(h.Value(gpw.N), false, x, Range{-0.5, 1.5, 2}) {
		if want := []float64{nan, 7, 3, nan}[k]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("of a batch, cell %d is %v, want %v", k, got, want)
		}
	}
}

// A sweep is that of gpw with m·w, and every cell of a heatmap that has a pair has one.
func TestSweepsAndHeatmaps(t *testing.T) {
	c, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSweep(c, gpw.S, gpw.Pooling{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Negative.Pairs {
		if want := map[bool]float64{true: 1}[p.S > 0.5]; s.Negative.Weight(p) != want || p.Positive {
			t.Fatalf("%+v, want m·w %v", p, want)
		}
	}
	if s.Positive.Weight(s.Positive.Pairs[0]) != 1 || s.Positive.Loss != "contrastive.gpw" || s.Positive.Caption != "λ 0.5" {
		t.Errorf("positive: %+v", s.Positive)
	}
	planes, err := NewHeatmaps(c, gpw.Pooling{Scale: 3})
	if err != nil {
		t.Fatal(err)
	}
	for k, against := range []gpw.Axis{gpw.N, gpw.P} {
		for positive, plane := range map[bool]*Scatter{true: planes.Positive[k], false: planes.Negative[k]} {
			filled := 0
			for _, w := range plane.Heatmap(planes.Value(against), positive, sweptRanges[0], sweptRanges[1]) {
				if !math.IsNaN(w) {
					filled++
				}
			}
			if filled != len(plane.Pairs) || filled < 75*75/2 {
				t.Errorf("%v, positive %v: %d cells of %d pairs", against, positive, filled, len(plane.Pairs))
			}
		}
	}
}

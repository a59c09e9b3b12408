package analysis

import (
	"math"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

func TestMap(t *testing.T) {
	c := &Cloud{Points: []Point{
		{S: 0.1, N: -0.9, P: 0.9, W: 2}, {S: 0.2, N: -0.8, P: 0.9, W: 4}, // one cell
		{S: 1, N: 1, P: math.NaN(), W: 7},     // the ends belong to the outermost
		{S: -0.01, N: 0, P: 0, W: 100},        // outside
		{Positive: true, S: 0.1, N: 0, W: 50}, // of the other kind
	}}
	x, y := Range{0, 1, 2}, Range{-1, 1, 3}
	check := func(against Similarity, want []float64) {
		t.Helper()
		for k, got := range c.Map(against, false, x, y) {
			if got != want[k] && !(math.IsNaN(got) && math.IsNaN(want[k])) {
				t.Errorf("%v: cell %d is %v, want %v", against, k, got, want[k])
			}
		}
	}
	nan := math.NaN()
	check(N, []float64{3, nan, nan, nan, nan, 7})
	check(P, []float64{nan, nan, nan, nan, 3, nan})
}

// A sweep is that of gpw with m·w, and every cell of a plane that has a pair has one.
func TestSweepsAndPlanes(t *testing.T) {
	c, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSweep(c, S, gpw.Pooling{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Negative.Points {
		if want := map[bool]float64{true: 1}[p.S > 0.5]; p.W != want || p.Positive {
			t.Fatalf("%+v, want m·w %v", p, want)
		}
	}
	if s.Positive.Points[0].W != 1 || s.Positive.Loss != "contrastive.gpw" || s.Positive.Caption != "λ 0.5" {
		t.Errorf("positive: %+v", s.Positive)
	}
	planes, err := NewPlanes(c, gpw.Pooling{Scale: 3})
	if err != nil {
		t.Fatal(err)
	}
	for k, against := range []Similarity{N, P} {
		for positive, plane := range map[bool]*Cloud{true: planes.Positive[k], false: planes.Negative[k]} {
			filled := 0
			for _, w := range plane.Map(against, positive, PlaneRanges[0], PlaneRanges[1]) {
				if !math.IsNaN(w) {
					filled++
				}
			}
			if filled != len(plane.Points) || filled < 75*75/2 {
				t.Errorf("%v, positive %v: %d cells of %d pairs", against, positive, filled, len(plane.Points))
			}
		}
	}
}

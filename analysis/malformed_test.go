package analysis

import (
	"io"
	"math"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// Without weights, pairs, or a loss there is an error, or what no pairs have.
func TestMalformed(t *testing.T) {
	if _, err := NewScatter(nil); err == nil {
		t.Error("a scatter of nothing")
	}
	if _, err := NewHeatmaps(losses.Choice{}, gpw.Pooling{}); err == nil {
		t.Error("heatmaps of no loss")
	}
	if _, err := NewSweep(losses.Choice{Value: losses.Contrastive{}}, gpw.S, gpw.Pooling{}); err == nil {
		t.Error("a sweep of no loss")
	}

	if s := StatsOf(nil, nil); s.Positive.Pairs != 0 || !math.IsNaN(s.Negative.Mean) {
		t.Errorf("nothing has the statistics %+v", s)
	}
	for _, batches := range [][]*Scatter{nil, {nil}, {nil, {}}, {{Pairs: []gpw.Pair{{S: 1}}}}} {
		for _, axis := range []gpw.Axis{-1, 4} {
			if low, high := WeightRange(batches, false, func(p gpw.Pair) float64 { return p.At(axis) }, 0.98); !math.IsNaN(low) || !math.IsNaN(high) {
				t.Errorf("along %v the weight of %v lies from %v to %v", axis, batches, low, high)
			}
		}
	}
	for _, axis := range []gpw.Axis{gpw.N, -1} {
		if x, y := new(Heatmaps).Ranges(nil, axis); x.Cells == 0 || y.Cells == 0 {
			t.Errorf("no pairs have the ranges %v and %v", x, y)
		}
	}

	for _, s := range []gpw.Snapshot{{}, {Labels: []int{0}}, {Labels: []int{0}, S: []float64{1}}, {Labels: []int{0}, G: []float64{1}}} {
		if err := WriteSnapshots(io.Discard, []gpw.Snapshot{s}); err == nil {
			t.Errorf("%+v is written", s)
		}
	}

	h := &TrainingHistory{Batches: make([]*Scatter, 3)}
	for n, want := range map[int]int{-1: 0, 0: 0, 1: 1, 2: 2, 9: 3} {
		if got := len(h.SampleBatches(n)); got != want {
			t.Errorf("%d of the batches are %d", n, got)
		}
	}
}

// A range without cells has none in a heatmap, and an axis that nothing moves along is an
// error.
func TestNoCells(t *testing.T) {
	s := &Scatter{Anchors: 1, Pairs: []gpw.Pair{{G: 1}}}
	for _, n := range []int{0, -1, math.MinInt} {
		if got := s.Heatmap(new(Heatmaps).Value(gpw.N), false, Range{-1, 1, n}, Range{-1, 1, 3}); got != nil {
			t.Errorf("%d cells: %v", n, got)
		}
	}
	c, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewSweep(c, gpw.X, gpw.Pooling{}); err == nil {
		t.Error("a sweep along X")
	}
}

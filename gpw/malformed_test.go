package gpw_test

import (
	"math"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// What is malformed is an error: shapes that do not fit, no batch, no loss, and batches
// that the loss cannot be evaluated on.
func TestMalformed(t *testing.T) {
	for _, size := range [][2]int{{-1, -4}, {-1, 0}, {0, -1}, {1 << 32, 1 << 32}, {3, 1}, {1, 0}} {
		if _, err := gpw.Similarities(make([]float64, 4), size[0], size[1]); err == nil {
			t.Errorf("similarities of 4 numbers as %d×%d", size[0], size[1])
		}
		if _, err := gpw.Batch(nil, size[0], size[1], []int{0}); err == nil {
			t.Errorf("a batch of no numbers as %d×%d", size[0], size[1])
		}
	}

	bare, err := losses.NewBatch([]float64{1, 0.5, 0.5, 1}, []int{0, 0})
	if err != nil {
		t.Fatal(err)
	}
	cross, err := losses.NewCross([]float64{1, 0.5}, []int{0}, []int{0, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k := range losses.Catalogue {
		c, err := losses.Choose(losses.Catalogue, losses.Catalogue[k].Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []*losses.Batch{nil, bare, cross, {}} {
			if _, _, err := gpw.Evaluate(c, b); err == nil && c.CheckBatch(b) != nil {
				t.Errorf("%s is evaluated on %v", c.Name(), b)
			}
		}
	}
	if _, _, err := gpw.Evaluate(losses.Choice{}, bare); err == nil {
		t.Error("no loss is evaluated")
	}

	for _, axis := range []gpw.Axis{-1, gpw.X, 4} {
		if v := (gpw.Pair{S: 1, N: 2, P: 3}).At(axis); !math.IsNaN(v) {
			t.Errorf("along %v a pair has %v", axis, v)
		}
	}
}

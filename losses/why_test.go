package losses_test

import (
	"fmt"
	"math"
	"testing"

	"gpwbench/losses"
)

// undefined is NaN for an anchor with a negative above 0.5.
type undefined struct{}

func (undefined) Anchor(a *losses.Anchor) (sum, terms float64) {
	for _, s := range a.Neg {
		if s > 0.5 {
			return math.NaN(), 1
		}
	}
	return 0, 1
}

func (undefined) Why(a *losses.Anchor) string {
	for k, s := range a.Neg {
		if s > 0.5 {
			return fmt.Sprintf("negative %d of %d has %v", k, len(a.Neg), s)
		}
	}
	return ""
}

// TestWhy: the reason is that of the pairs that the loss sees, behind whatever miner.
func TestWhy(t *testing.T) {
	b, err := losses.NewCross([]float64{0.1, 0.2, 0.3, 0.1, 0.7, -0.4}, []int{0, 0}, []int{0, 1, 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, 6)
	for _, c := range []struct {
		value any
		miner losses.Miner
		want  string
	}{
		{undefined{}, nil, "anchor 1: negative 0 of 2 has 0.7"},
		{undefined{}, losses.MultiSimilarityMiner{Eps: 0.1}, "anchor 1: negative 0 of 1 has 0.7"},
		{undefined{}, losses.HardFractionMiner{Fraction: 0.25}, "anchor 1: negative 0 of 1 has 0.7"},
		{losses.Contrastive{Lambda: 0.5}, nil, ""},
	} {
		l, err := losses.Choice{Spec: &losses.Spec{Name: "x"}, Value: c.value, Miner: c.miner}.Loss()
		if err != nil {
			t.Fatal(err)
		}
		if value := l.Eval(b, g); math.IsNaN(value) != (c.want != "") {
			t.Errorf("%T with %T: L = %v", c.value, c.miner, value)
		}
		if got := losses.Why(l, b); got != c.want {
			t.Errorf("%T with %T: %q, want %q", c.value, c.miner, got, c.want)
		}
	}
}

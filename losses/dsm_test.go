package losses

import (
	"math"
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

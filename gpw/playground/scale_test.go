package playground

import (
	"math"
	"testing"
)

func TestRoundUp(t *testing.T) {
	for v, want := range map[float64]float64{0.111: 0.12, 1: 1, 1.01: 1.2, 7: 8, 9.9: 10, 0.0833: 0.1, 640: 800, 0: 0, math.Inf(1): 0, -1: 0} {
		if got := roundUp(v); math.Abs(got-want) > 1e-12*want {
			t.Errorf("%v is rounded up to %v, want %v", v, got, want)
		}
	}
}

// A scale stays while the largest magnitude is between a tenth of it and itself.
func TestScale(t *testing.T) {
	var s scale
	for _, step := range []struct{ largest, want float64 }{{0, 0}, {0.9, 1}, {0.2, 1}, {1.1, 1.2}, {0.13, 1.2}, {0.1, 0.1}, {0, 0.1}} {
		if s.fit(step.largest); math.Abs(float64(s)-step.want) > 1e-12 {
			t.Errorf("for %v the scale is %v, want %v", step.largest, s, step.want)
		}
	}
}

package losses

import (
	"math"
	"testing"
)

// TestSupConOfOneClass: the authors' code needs no negatives, for all others are in the
// denominator. Three rows of one class at 0°, 20° and 40° have a = cos 20°/τ and b = cos
// 40°/τ; the middle row has the terms a, a, and L = log 2 there, the others have log(e^a
// + e^b) − (a + b)/2, which is log(2 cosh((a − b)/2)). With the mean over anchors that
// have both sides there is none.
func TestSupConOfOneClass(t *testing.T) {
	const tau, degree = 0.07, math.Pi / 180
	a, b := math.Cos(20*degree), math.Cos(40*degree)
	s := []float64{1, a, b, a, 1, a, b, a, 1}
	want := (math.Log(2) + 2*math.Log(2*math.Cosh((a-b)/(2*tau)))) / 3

	value, g := evaluate(t, lossOf(t, "supcon.official", nil, nil), s, []int{7, 7, 7})
	if math.Abs(value-want) > 1e-14 {
		t.Errorf("L = %v, want %v", value, want)
	}
	// In row 0 the nearer positive has the share e^a/(e^a + e^b) = σ((a−b)/τ) and should
	// have a half.
	pull := (1/(1+math.Exp((b-a)/tau)) - 0.5) / (3 * tau)
	for k, w := range []float64{0, pull, -pull, 0, 0, 0, -pull, pull, 0} {
		if math.Abs(g[k]-w) > 1e-13 {
			t.Errorf("G = %v at %d, %d, want %v", g[k], k/3, k%3, w)
		}
	}

	if value, _ := evaluate(t, lossOf(t, "supcon.pml", nil, nil), s, []int{7, 7, 7}); value != 0 {
		t.Errorf("L = %v of the anchors that have both sides, and there is none", value)
	}
	// A fourth row alone in its class counts with the value 0, and is a negative of the
	// others.
	s = []float64{1, a, b, -1, a, 1, a, -1, b, a, 1, -1, -1, -1, -1, 1}
	if value, _ := evaluate(t, lossOf(t, "supcon.official", nil, nil), s, []int{7, 7, 7, 8}); math.Abs(value-want*3/4) > 1e-9 {
		t.Errorf("L = %v, want three quarters of %v but for negatives with a share of e^-25", value, want)
	}
}

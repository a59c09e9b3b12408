package stats

import (
	"slices"
	"testing"
)

// R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"), by hand: 0.005·4, 0.01·3, 0.03·2, and
// 0.04·1, which may not be below the 0.06 before it.
func TestHolm(t *testing.T) {
	p := []float64{0.01, 0.04, 0.03, 0.005}
	got := Holm(p)
	for k, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		if !near(got[k], want, 1e-15) {
			t.Errorf("adjusted %v is %v, want %v", p[k], got[k], want)
		}
	}
	if !slices.Equal(p, []float64{0.01, 0.04, 0.03, 0.005}) {
		t.Errorf("the p-values were changed to %v", p)
	}
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("of none: %v", got)
	}
}

// Holm's method is the closed test by Bonferroni: a hypothesis is rejected if every
// intersection with others is, so its p is the largest of the intersections' p-values.
func TestHolmIsClosedBonferroni(t *testing.T) {
	r := seeded(5)
	for n := 1; n <= 8; n++ {
		p := make([]float64, n)
		for k := range p {
			p[k] = float64(r.IntN(30)) / 100 // with ties
		}
		want := make([]float64, n)
		for set := 1; set < 1<<n; set++ {
			size, smallest := 0, 1.0
			for k := range p {
				if set>>k&1 == 1 {
					size++
					smallest = min(smallest, p[k])
				}
			}
			for k := range p {
				if set>>k&1 == 1 {
					want[k] = max(want[k], min(1, float64(size)*smallest))
				}
			}
		}
		if got := Holm(p); !slices.Equal(got, want) {
			t.Errorf("Holm(%v) = %v, want %v", p, got, want)
		}
	}
}

package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestHingesOfManyAndFew holds the triplets of one anchor against every one of them,
// for a few positives, as many as are summed pair by pair, and more; similarities often
// tie, and stand a margin apart.
func TestHingesOfManyAndFew(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	const margin = 0.25
	for _, p := range []int{0, 1, 7, manyPositives, manyPositives + 1, 2 * manyPositives} {
		for _, n := range []int{0, 1, 9, 300} {
			var a Anchor
			a.grow(p + n)
			load := func() {
				a.reset()
				a.size(p, n)
			}
			load()
			for _, side := range [][]float64{a.Pos, a.Neg} {
				for k := range side {
					if side[k] = 2*rng.Float64() - 1; rng.IntN(2) == 0 {
						side[k] = math.Round(16*side[k]) / 16 // sums and differences are exact
					}
				}
			}
			check := func(name string, sum, terms float64, value func(p, n float64) (h float64, active bool)) {
				t.Helper()
				var wantSum, active float64
				gPos, gNeg := make([]float64, p), make([]float64, n)
				for k, s := range a.Pos {
					for j, r := range a.Neg {
						if h, on := value(s, r); on {
							wantSum += h
							active++
							gPos[k]--
							gNeg[j]++
						}
					}
				}
				if math.Abs(sum-wantSum) > 1e-13*(1+wantSum)*float64(1+p) {
					t.Errorf("%s, %d positives, %d negatives: %v, want %v", name, p, n, sum, wantSum)
				}
				if terms >= 0 && terms != active {
					t.Errorf("%s, %d positives, %d negatives: %v active, want %v", name, p, n, terms, active)
				}
				for k := range gPos {
					if a.GPos[k] != gPos[k] {
						t.Fatalf("%s, %d positives, %d negatives: positive %d has %v, want %v", name, p, n, k, a.GPos[k], gPos[k])
					}
				}
				for k := range gNeg {
					if a.GNeg[k] != gNeg[k] {
						t.Fatalf("%s, %d positives, %d negatives: negative %d has %v, want %v", name, p, n, k, a.GNeg[k], gNeg[k])
					}
				}
			}
			load()
			sum, _ := TripletCosine{margin}.EvalAnchor(&a)
			check("cosine", sum, -1, func(p, n float64) (float64, bool) { return n - p + margin, p < n+margin })
			for selected, takes := range map[string]func(g float64) bool{
				"all":      func(float64) bool { return true },
				"hard":     func(g float64) bool { return g <= 0 },
				"semihard": func(g float64) bool { return 0 < g && g <= margin },
			} {
				load()
				sum, active := TripletHinge{margin, "cosine", selected}.EvalAnchor(&a)
				check(selected, sum, active, func(p, n float64) (float64, bool) { return n - p + margin, -n < -p+margin && takes(p-n) })
			}
		}
	}
}

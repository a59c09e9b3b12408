package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSorter(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	kinds := map[string]func() float64{
		"uniform":   func() float64 { return 2*rng.Float64() - 1 },
		"equal":     func() float64 { return 0.25 },
		"ties":      func() float64 { return math.Round(3 * rng.NormFloat64()) },
		"clustered": func() float64 { return float64(rng.IntN(2)) + 1e-9*rng.Float64() },
		"infinite":  func() float64 { return 1 / float64(rng.IntN(3)) },
		"huge":      func() float64 { return math.MaxFloat64 * (2*rng.Float64() - 1) },
		"tiny":      func() float64 { return math.SmallestNonzeroFloat64 * float64(rng.IntN(4)) },
	}
	var s sorter
	for kind, next := range kinds {
		for _, n := range []int{0, 1, 2, 5, 15, 16, 17, 100, 1000} {
			src := make([]float64, n)
			for k := range src {
				src[k] = next()
			}
			want := slices.Sorted(slices.Values(src))
			got := s.sort(make([]float64, n), src)
			if !slices.Equal(got, want) {
				t.Fatalf("%d %s: %v, want %v", n, kind, got, want)
			}
			for k, i := range s.order {
				if src[i] != got[k] || k > 0 && got[k] == got[k-1] && i < s.order[k-1] {
					t.Fatalf("%d %s: order %v of %v", n, kind, s.order, src)
				}
			}
		}
	}
}

package analysis

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gpwbench/gpw"
)

// TestHalf holds the number of the largest weights that have half of the sum against
// batches counted by hand, in memory and read.
func TestHalf(t *testing.T) {
	pairs := []gpw.Pair{
		{Positive: true, G: -4}, {Positive: true, G: 3}, {Positive: true, G: -2}, {Positive: true, G: -1}, {Positive: true, G: 0}, // 4 + 3 of 10
		{G: 1}, {G: 1}, {G: 1}, {G: -1}, {G: 0}, // two of four that are equal
	}
	for _, c := range []struct {
		pairs     []gpw.Pair
		positives int
		negatives int
	}{
		{pairs, 2, 2},
		{pairs[:5], 2, 0},
		{pairs[4:6], 0, 1},
		{pairs[9:], 0, 0},
		{nil, 0, 0},
	} {
		held, err := NewScatter(&gpw.Weights{Anchors: 3, Pairs: c.pairs})
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadScatter(3, gpw.Pooling{}, nil, slices.Chunk(c.pairs, 3), make([]float64, len(c.pairs)))
		if err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]*Scatter{"held": held, "read": read} {
			if p, n := s.Half(true), s.Half(false); p != c.positives || n != c.negatives {
				t.Errorf("%s, %d pairs: half of the weight is on %d positive and %d negative pairs, want %d and %d", name, len(c.pairs), p, n, c.positives, c.negatives)
			}
		}
	}
}

// TestHalfOf holds the number against that of all sizes sorted, of sizes far apart, close
// together and equal.
func TestHalfOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for spread := range 40 {
		for _, n := range []int{1, 2, 17, 1000} {
			sizes := make([]float64, n)
			for k := range sizes {
				sizes[k] = math.Ldexp(float64(1+rng.IntN(8)), -rng.IntN(spread+1)) // whose sums are exact
			}

			sorted, sum := slices.Sorted(slices.Values(sizes)), 0.0
			for _, w := range sorted {
				sum += w
			}
			want, part := 0, 0.0
			for ; part < sum/2; want++ {
				part += sorted[n-1-want]
			}
			if got := halfOf(sizes); got != want {
				t.Errorf("half of %d sizes over %d powers of two is on %d of them, want %d", n, spread, got, want)
			}
		}
	}
}

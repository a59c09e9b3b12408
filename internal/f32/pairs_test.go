package f32

import (
	"math/rand/v2"
	"testing"
)

// Pairs have the bits of the whole product.
func TestMulPairs(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 12))
		for _, cols := range []int{0, 1, 3, 17, 512, 513, 1100, 2048} {
			a, b := normal(rng, 9, cols), normal(rng, 11, cols)
			whole := New(9, 11)
			MulNT(whole, a, b)
			for n := range 10 {
				pairs, got, want := make([]Pair, n), make([]float32, n), make([]float32, n)
				for k := range pairs {
					i, j := rng.IntN(9), rng.IntN(11)
					pairs[k], got[k], want[k] = Pair{int32(i), int32(j)}, 99, whole.Row(i)[j]
				}
				MulPairs(got, a, b, pairs)
				wantBits(t, "pairs", got, want)
			}
		}
		a, pairs, sums := normal(rng, 3, 600), []Pair{{0, 1}, {2, 2}}, make([]float32, 2)
		if n := testing.AllocsPerRun(5, func() { MulPairs(sums, a, a, pairs) }); n > 0 {
			t.Errorf("%v allocations", n)
		}
		wantPanic(t, "1 sums for 2 pairs", func() { MulPairs(make([]float32, 1), a, a, pairs) })
		wantPanic(t, "shapes do not fit", func() { MulPairs(sums, a, New(3, 5), pairs) })
	})
}

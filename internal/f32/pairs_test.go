package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Pairs have the bits of the whole product.
func TestPairs(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 12))
		for _, cols := range []int{1, 3, 17, 512, 513, 1100, 2048} {
			a, b := normal(rng, 9, cols), normal(rng, 11, cols)
			whole := New(9, 11)
			MulNT(whole, a, b)
			for n := range 10 {
				pairs, got, want := make([]Pair, n), make([]float32, n), make([]float32, n)
				for k := range pairs {
					i, j := rng.IntN(9), rng.IntN(11)
					pairs[k], got[k], want[k] = Pair{int32(i), int32(j)}, 99, whole.Row(i)[j]
				}
				mulPairs(got, a, b, pairs)
				wantBits(t, "pairs", got, want)
			}
		}
	})
}

// A product in the fastest order is within its bound, which is itself no more than that
// of a tile and a few ten-thousandths of a percent.
func TestFastDot(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(13, 14))
		for _, cols := range []int{1, 31, 32, 33, 64, 511, 512, 513, 560, 1100, 2048} {
			x, y := normal(rng, 1, cols).Row(0), normal(rng, 1, cols).Row(0)
			for k := range y {
				// Products of one sign mostly, so that the sum is as long as the bound
				// supposes.
				y[k] = x[k] * (1 + y[k]/4)
			}
			bound, lengths := 0.0, math.Sqrt(Dot(x, x)*Dot(y, y))
			for k, w := range FastWeights(cols) {
				bound += w * math.Abs(float64(x[k])*float64(y[k]))
			}
			if got, want := FastDot(x, y), Dot(x, y); math.Abs(got-want) > bound || bound > 1.5e-6*lengths {
				t.Errorf("%d columns: %v, want %v to within %v", cols, got, want, bound)
			}
			z := normal(rng, 1, cols).Row(0)
			if xy, xz := FastDots(x, y, z); xy != FastDot(x, y) || xz != FastDot(x, z) {
				t.Errorf("%d columns: %v and %v together, %v and %v alone", cols, xy, xz, FastDot(x, y), FastDot(x, z))
			}
			Prefetch(x)
		}
	})
}

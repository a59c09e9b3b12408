package f32

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// A transposed product has the bits of one that is not, in chunks of every shape, and
// does not write outside of c.
func TestTransposedProduct(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(17, 18))
		for _, s := range [][3]int{{16, 64, 64}, {32, 131, 1100}, {48, 1200, 200}, {128, 512, 515}} {
			m, n, k := s[0], s[1], s[2]
			if !useTransposed(m, n, k) {
				t.Fatalf("%d×%d, depth %d is no transposed product: nothing is tested", m, n, k)
			}
			a, b := normal(rng, m, k), normal(rng, n, k)
			want := New(m, n)
			multiply(product{c: want, a: rowsOf(a), b: rowsOf(b), depth: k})
			for _, cores := range []int{1, 3} {
				runtime.GOMAXPROCS(cores)
				c := normal(rng, m, n)
				MulNT(c, a, b)
				sameBits(t, fmt.Sprintf("depth %d on %d cores:", k, cores), c, want)
				for i, v := range c.Data {
					if i%c.Stride >= n && v == v {
						t.Fatalf("%d×%d: wrote %v at %d, outside of c", m, n, v, i)
					}
				}
			}
		}
	})
}

//go:build !race

// The race detector makes a sync.Pool forget at random.

package f32

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

// Products and updates allocate nothing once their pools are warm, on one core and on
// several.
func TestNoAllocation(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rng := rand.New(rand.NewPCG(13, 14))
	w, gradient, mean, square := make([]float32, 3*updateChunk), make([]float32, 3*updateChunk), make([]float32, 3*updateChunk), make([]float32, 3*updateChunk)
	a, b, c, g := normal(rng, 200, 300), normal(rng, 210, 300), New(200, 210), New(200, 200)
	batch, head := normal(rng, 48, 300), New(48, 210)
	for _, cores := range []int{1, 2} {
		runtime.GOMAXPROCS(cores)
		var before, after runtime.MemStats
		const runs = 100
		for i := range 2 * runs {
			if i == runs {
				runtime.ReadMemStats(&before)
			}
			MulNT(c, a, b)
			MulNT(head, batch, b)
			Gram(g, a)
			Adam(w, gradient, mean, square, AdamParams{LR: 1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Step: 1})
		}
		runtime.ReadMemStats(&after)
		// A collection in between empties the pools, and the runtime allocates for
		// itself. So a few allocations are not those of the kernels.
		if n := after.Mallocs - before.Mallocs; n >= runs/2 {
			t.Errorf("%d cores: %d allocations in %d runs, want none", cores, n, runs)
		}
	}
}

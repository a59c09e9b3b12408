//go:build !race

// The race detector makes a sync.Pool forget at random.

package f32

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

// Products allocate nothing once their pools are warm, on one core and on several.
func TestNoAllocation(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rng := rand.New(rand.NewPCG(13, 14))
	a, b, c, g := normal(rng, 200, 300), normal(rng, 210, 300), New(200, 210), New(200, 200)
	for _, cores := range []int{1, 2} {
		runtime.GOMAXPROCS(cores)
		var before, after runtime.MemStats
		const runs = 100
		for i := range 2 * runs {
			if i == runs {
				runtime.ReadMemStats(&before)
			}
			MulNT(c, a, b)
			Gram(g, a)
		}
		runtime.ReadMemStats(&after)
		// A collection in between empties the pools, and the runtime allocates for itself: a few are none of ours.
		if n := after.Mallocs - before.Mallocs; n >= runs/2 {
			t.Errorf("%d cores: %d allocations in %d runs, want none", cores, n, runs)
		}
	}
}

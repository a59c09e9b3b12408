package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// 98 classes are those of Cars-196, 11,316 those of SOP.
func BenchmarkBootstrap(b *testing.B) {
	for _, n := range []int{8, 98, 11316, 60502} {
		r := rand.New(rand.NewPCG(1, 2))
		x, y := make([]float64, n), make([]float64, n)
		for k := range x {
			x[k], y[k] = r.Float64(), r.Float64()
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			boot := OverQueries("speed", n)
			for b.Loop() {
				boot.Difference(x, y)
			}
		})
	}
}

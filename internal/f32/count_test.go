package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCountAbove(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	values := []float32{-inf, -1, float32(math.Copysign(0, -1)), 0, 0.5, math.Nextafter32(0.5, 1), 1, inf, nan}
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for n := range 70 {
			row := make([]float32, n+3)
			for i := range row {
				row[i] = values[rng.IntN(len(values))]
			}
			row = row[3:] // no alignment
			for _, threshold := range values {
				greater, equal := 0, 0
				for _, x := range row {
					if math.IsNaN(float64(x)) || math.IsNaN(float64(threshold)) {
						continue
					}
					switch d := float64(x) - float64(threshold); {
					case x == threshold: // infinities have no difference
						equal++
					case d > 0:
						greater++
					}
				}
				if g, e := CountAbove(row, threshold); g != greater || e != equal {
					t.Fatalf("CountAbove(%v, %v) = %d, %d, want %d, %d", row, threshold, g, e, greater, equal)
				}
			}
		}
	})
}

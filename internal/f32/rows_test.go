package f32

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// Dot is compared with the exact sum, and has the same bits on every path.
func TestDot(t *testing.T) {
	var bits [100]uint64
	first := true
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for n := range bits {
			x, y := uniform(rng, 1, n+1).Data[1:], uniform(rng, 1, n+3).Data[3:] // no alignment
			exact, size := new(big.Float).SetPrec(200), 0.0
			for k, v := range x {
				product := new(big.Float).SetPrec(200).Mul(big.NewFloat(float64(v)), big.NewFloat(float64(y[k])))
				exact.Add(exact, product)
				size += math.Abs(float64(v) * float64(y[k]))
			}
			want, _ := exact.Float64()
			got := Dot(x, y)
			if math.Abs(got-want) > 1e-15*size {
				t.Errorf("%d elements: %v, want %v", n, got, want)
			}
			if !first && math.Float64bits(got) != bits[n] {
				t.Errorf("%d elements: other bits than on the path before", n)
			}
			bits[n] = math.Float64bits(got)
		}
		first = false
		if got := Dot([]float32{1, float32(math.NaN())}, []float32{1, 1}); !math.IsNaN(got) {
			t.Errorf("of NaN: %v", got)
		}
		wantPanic(t, "lengths do not fit", func() { Dot(make([]float32, 3), make([]float32, 4)) })
	})
}

func TestScaleAndReject(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for n := range 40 {
			x, y := uniform(rng, 1, n+1).Data[1:], uniform(rng, 1, n+3).Data[3:]
			scaled, rejected := slices.Clone(x), slices.Clone(x)
			const along, by = 0.1, 1.0 / 3
			Scale(scaled, by)
			Reject(rejected, y, along, by)
			for k, v := range x {
				if want := float32(float64(v) * by); scaled[k] != want {
					t.Errorf("%d elements: scaled %v to %v, want %v", n, v, scaled[k], want)
				}
				product := along * float64(y[k])
				difference := float64(v) - product
				if want := float32(difference * by); rejected[k] != want {
					t.Errorf("%d elements: rejected to %v, want %v", n, rejected[k], want)
				}
			}
		}
		wantPanic(t, "lengths do not fit", func() { Reject(make([]float32, 3), make([]float32, 4), 1, 1) })
	})
}

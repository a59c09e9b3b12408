package f32

import (
	"math/rand/v2"
	"testing"
)

// AddTranspose is compared with its definition, to the bit, on every path. The sum lies
// in the middle of other memory, which must not change.
func TestAddTranspose(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for _, m := range []int{0, 1, 3, 4, 15, 16, 17, 33, 80, 100, 530} {
			g := make([]float64, m*m)
			for k := range g {
				g[k] = rng.NormFloat64()
			}
			memory := uniform(rng, m+2, m+5)
			before := memory.Clone()
			sum := memory.Slice(1, 1+m).Columns(2, 2+m)
			AddTranspose(sum, g)
			for i := range memory.Rows {
				for j, got := range memory.Row(i) {
					want := before.Row(i)[j]
					if r, c := i-1, j-2; r >= 0 && r < m && c >= 0 && c < m {
						want = float32(g[r*m+c] + g[c*m+r])
					}
					if got != want {
						t.Fatalf("m = %d: row %d, column %d is %v, want %v", m, i-1, j-2, got, want)
					}
				}
			}
		}
	})
	wantPanic(t, "3 elements for a 2×2 sum", func() { AddTranspose(New(2, 2), make([]float64, 3)) })
	wantPanic(t, "shapes do not fit", func() { AddTranspose(New(2, 3), make([]float64, 6)) })
}

func BenchmarkAddTranspose(b *testing.B) {
	const m = 1024
	sum, g := New(m, m), make([]float64, m*m)
	for b.Loop() {
		AddTranspose(sum, g)
	}
}

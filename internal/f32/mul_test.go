package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestProductsRandomShapes compares every product with float64, over shapes and strides
// that meet every edge of tiles and blocks.
func TestProductsRandomShapes(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			m, n, k := rng.IntN(68), rng.IntN(68), rng.IntN(68)
			checkProducts(t, rng, m, n, k)
		}
		for _, s := range [][3]int{{1, 1, 1024}, {97, 129, 5}, {100, 260, 513}, {13, 17, 1537}, {200, 140, 33}} {
			checkProducts(t, rng, s[0], s[1], s[2])
		}
	})
}

func checkProducts(t *testing.T, rng *rand.Rand, m, n, k int) {
	t.Helper()
	name := fmt.Sprintf("%d×%d×%d", m, n, k)
	a, b := normal(rng, m, k), normal(rng, n, k)
	at, bt := transposed(a), transposed(b)
	want := product64(a, b)
	for _, op := range []struct {
		name string
		mul  func(c Matrix)
	}{
		{"MulNT", func(c Matrix) { MulNT(c, a, b) }},
		{"MulNTFine", func(c Matrix) { MulNTFine(c, a, b) }},
		{"MulNN", func(c Matrix) { MulNN(c, a, bt) }},
		{"MulTN", func(c Matrix) { MulTN(c, at, bt) }},
	} {
		c := normal(rng, m, n)
		op.mul(c)
		near(t, op.name+" "+name, c, want, a, b)
	}
	g := normal(rng, m, m)
	Gram(g, a)
	near(t, "Gram "+name, g, product64(a, a), a, a)
}

// normal returns a matrix of random stride, whose gaps hold NaN: a kernel that reads a
// gap shows it.
func normal(rng *rand.Rand, rows, cols int) Matrix {
	m := Matrix{Rows: rows, Cols: cols, Stride: cols + rng.IntN(4)}
	m.Data = make([]float32, rows*m.Stride)
	for i := range m.Data {
		m.Data[i] = float32(math.NaN())
	}
	for i := range rows {
		for j := range cols {
			m.Data[i*m.Stride+j] = float32(rng.NormFloat64())
		}
	}
	return m
}

func transposed(m Matrix) Matrix {
	t := New(m.Cols, m.Rows)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Row(j)[i] = v
		}
	}
	return t
}

// product64 returns a·bᵀ in float64, or nil if it has no element.
func product64(a, b Matrix) *mat.Dense {
	if a.Rows == 0 || b.Rows == 0 {
		return nil
	}
	c := mat.NewDense(a.Rows, b.Rows, nil)
	if a.Cols > 0 {
		c.Mul(dense(a), dense(b).T())
	}
	return c
}

func dense(m Matrix) *mat.Dense {
	d := mat.NewDense(m.Rows, m.Cols, nil)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			d.Set(i, j, float64(v))
		}
	}
	return d
}

// near compares with a float64 product. The error is bounded by that of a chain of k
// float32 operations on these magnitudes.
func near(t *testing.T, what string, c Matrix, want *mat.Dense, a, b Matrix) {
	t.Helper()
	for i := range c.Rows {
		for j, got := range c.Row(i) {
			size := 0.0
			for p, x := range a.Row(i) {
				size += math.Abs(float64(x) * float64(b.Row(j)[p]))
			}
			if err := math.Abs(float64(got) - want.At(i, j)); !(err <= 1e-6*size) {
				t.Fatalf("%s: element %d, %d is %v, want %v", what, i, j, got, want.At(i, j))
			}
		}
	}
}

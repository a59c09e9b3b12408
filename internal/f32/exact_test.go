package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// exactShapes have several blocks in each direction, ragged ends, and a depth beyond one
// chunk.
var exactShapes = [][3]int{{1, 1, 7}, {67, 45, 31}, {300, 259, 40}, {130, 290, 700}}

// An element depends on its row of a, its row of b and k alone. The product of any rows,
// alone or together, in any order, is a part of the whole product to the bit. This holds
// for every product of the three kinds.
func TestElementsDependOnTheirRowsOnly(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, s := range exactShapes {
			m, n, k := s[0], s[1], s[2]
			a, b := normal(rng, m, k), normal(rng, n, k)
			whole := New(m, n)
			MulNT(whole, a, b)
			for range 20 {
				i0, j0 := rng.IntN(m), rng.IntN(n)
				i1, j1 := i0+1+rng.IntN(m-i0), j0+1+rng.IntN(n-j0)
				part := New(i1-i0, j1-j0)
				MulNT(part, a.Slice(i0, i1), b.Slice(j0, j1))
				for i := range part.Rows {
					wantBits(t, fmt.Sprintf("rows %d to %d by %d to %d of %d×%d×%d", i0, i1, j0, j1, m, n, k), part.Row(i), whole.Row(i0 + i)[j0:j1])
				}
			}
			swapped := New(n, m)
			MulNT(swapped, b, a)
			sameBits(t, "b·aᵀ", transposed(swapped), whole)
			c := New(m, n)
			MulNN(c, a, transposed(b))
			sameBits(t, "MulNN", c, whole)
			c = New(m, n)
			MulTN(c, transposed(a), transposed(b))
			sameBits(t, "MulTN", c, whole)
		}
	})
}

// Every kind of assembly gives the same bits: a tile of another shape has the same
// chains.
func TestAssembliesAgree(t *testing.T) {
	kinds := assemblies()
	if len(kinds) < 2 {
		t.Skipf("this machine runs one kind of assembly or none: %v", kinds)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for m := 1; m <= 40; m++ {
		a, b := normal(rng, m, 530), normal(rng, 37, 530)
		var want Matrix
		for _, kind := range kinds {
			got := New(m, b.Rows)
			back := take(kind)
			MulNT(got, a, b)
			back()
			if want.Rows > 0 {
				sameBits(t, fmt.Sprintf("%d rows by %s", m, kind), got, want)
			}
			want = got
		}
	}
}

// MulNTFine adds, in order, the products of chunks of fineDepth columns.
func TestFineIsTheSumOfChunks(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for _, s := range append(exactShapes, [3]int{20, 33, fineDepth}, [3]int{64, 300, fineDepth + 1}) {
			m, n, k := s[0], s[1], s[2]
			a, b := normal(rng, m, k), normal(rng, n, k)
			want, part := New(m, n), New(m, n)
			for d := 0; d < k; d += fineDepth {
				end := min(d+fineDepth, k)
				MulNT(part, a.Columns(d, end), b.Columns(d, end))
				for i := range m {
					for j, v := range part.Row(i) {
						if d == 0 {
							want.Row(i)[j] = v
							continue
						}
						want.Row(i)[j] += v
					}
				}
			}

			got := New(m, n)
			MulNTFine(got, a, b)
			sameBits(t, fmt.Sprintf("%d×%d×%d", m, n, k), got, want)
		}
	})
}

// Gram is symmetric and equal to MulNT to the bit, and rows that are equal have equal
// similarities: ties are exact.
func TestGramExact(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for _, s := range [][2]int{{1, 3}, {6, 8}, {80, 100}, {97, 20}, {260, 530}, {401, 16}} {
			x := normal(rng, s[0], s[1])
			for i := 3; i < x.Rows; i += 3 {
				copy(x.Row(i), x.Row(0))
			}
			want, got := New(x.Rows, x.Rows), New(x.Rows, x.Rows)
			MulNT(want, x, x)
			Gram(got, x)
			sameBits(t, "Gram", got, want)
			sameBits(t, "transposed Gram", transposed(got), got)
			for i := 3; i < x.Rows; i += 3 {
				wantBits(t, "equal rows", got.Row(i), got.Row(0))
			}
		}
	})
}

// The number of cores does not affect the result, nor do several goroutines that multiply
// at the same time.
func TestCoresDoNotShow(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rng := rand.New(rand.NewPCG(5, 6))
	for _, s := range [][3]int{{80, 512, 300}, {700, 40, 100}, {40, 700, 100}, {130, 290, 1030}} {
		m, n, k := s[0], s[1], s[2]
		a, b := normal(rng, m, k), normal(rng, n, k)
		runtime.GOMAXPROCS(1)
		want, wantGram := New(m, n), New(m, m)
		MulNT(want, a, b)
		Gram(wantGram, a)
		for _, cores := range []int{2, 3, 8} {
			runtime.GOMAXPROCS(cores)
			var wait sync.WaitGroup
			for range 4 {
				wait.Go(func() {
					c, g := New(m, n), New(m, m)
					for range 5 {
						MulNT(c, a, b)
						Gram(g, a)
						sameBits(t, "MulNT", c, want)
						sameBits(t, "Gram", g, wantGram)
						clear(c.Data)
						clear(g.Data)
					}
				})
			}
			wait.Wait()
		}
	}
}

// The portable implementation rounds products before it adds them, the assembly does not.
// The difference stays within the rounding of a chain.
func TestGenericAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	a, b := normal(rng, 60, 512), normal(rng, 70, 512)
	var results []Matrix
	onEveryPath(t, func(t *testing.T) {
		c := New(60, 70)
		MulNT(c, a, b)
		results = append(results, c)
	})
	for i, x := range results[0].Data {
		y := results[len(results)-1].Data[i]
		if math.Abs(float64(x-y)) > 1e-5*math.Sqrt(512) {
			t.Fatalf("element %d is %v by the first path, %v by the last", i, x, y)
		}
	}
}

// Rows and columns of zeros, NaN and infinities behave as IEEE 754 says, and only where
// they take part.
func TestNotFinite(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		nan, inf := float32(math.NaN()), float32(math.Inf(1))
		rng := rand.New(rand.NewPCG(9, 10))
		for _, m := range []int{5, 13, 40} {
			a, b := normal(rng, m, 20), normal(rng, m+1, 20)
			a.Row(1)[3] = nan
			a.Row(2)[4] = inf
			b.Row(0)[4] = 0 // ∞·0
			b.Row(3)[5] = -inf
			c := New(m, m+1)
			MulNT(c, a, b)
			for i := range c.Rows {
				for j, got := range c.Row(i) {
					want := 0.0
					for p, x := range a.Row(i) {
						want += float64(x) * float64(b.Row(j)[p])
					}
					finite := !math.IsNaN(want) && !math.IsInf(want, 0)
					if finite && math.Abs(float64(got)-want) > 1e-4 || !finite && !(float64(got) == want || math.IsNaN(want) && got != got) {
						t.Errorf("m = %d: element %d, %d is %v, want %v", m, i, j, got, want)
					}
				}
			}
		}
	})
}

// A product overwrites c, whatever was there, and nothing beside it.
func TestDestination(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 12))
		for _, k := range []int{0, 1, 9, 600} {
			a, b := normal(rng, 19, k), normal(rng, 21, k)
			for _, op := range []struct {
				name string
				b    Matrix
				mul  func(c Matrix)
			}{
				{"MulNT", b, func(c Matrix) { MulNT(c, a, b) }},
				{"Gram", a, func(c Matrix) { Gram(c, a) }},
			} {
				want := New(19, op.b.Rows)
				MulNT(want, a, op.b)
				c := Matrix{Rows: 19, Cols: op.b.Rows, Stride: 27, Data: make([]float32, 20*27)}
				for i := range c.Data {
					c.Data[i] = float32(math.NaN())
				}
				op.mul(c)
				sameBits(t, op.name, c, want)
				for i, v := range c.Data {
					if inside := i/27 < c.Rows && i%27 < c.Cols; !inside && v == v {
						t.Fatalf("%s, k = %d: wrote %v at %d, outside of c", op.name, k, v, i)
					}
				}
			}
		}
	})
}

func sameBits(t *testing.T, what string, got, want Matrix) {
	t.Helper()
	for i := range want.Rows {
		wantBits(t, fmt.Sprintf("%s %d×%d row %d", what, want.Rows, want.Cols, i), got.Row(i), want.Row(i))
	}
}

func wantBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for j := range want {
		if math.Float32bits(got[j]) != math.Float32bits(want[j]) {
			t.Errorf("%s: element %d is %v, want %v", what, j, got[j], want[j])
			return
		}
	}
}

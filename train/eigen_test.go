package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func symmetric(n int, at func(i, j int) float64) []float64 {
	a := make([]float64, n*n)
	for i := range n {
		for j := range n {
			a[i*n+j] = at(min(i, j), max(i, j))
		}
	}
	return a
}

// Eigenvalues are gonum's, and A·v = λ·v with orthonormal v.
func TestEigen(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	noise := make([]float64, 200*200)
	for k := range noise {
		noise[k] = rng.NormFloat64()
	}

	for _, c := range []struct {
		name string
		n    int
		at   func(i, j int) float64
	}{
		{"one", 1, func(i, j int) float64 { return -3 }},
		{"two", 2, func(i, j int) float64 { return float64(1 + i + j) }},
		{"random", 87, func(i, j int) float64 { return noise[i*200+j] }},
		{"blocks of gonum", 200, func(i, j int) float64 { return noise[i*200+j] }},
		{"zero", 9, func(i, j int) float64 { return 0 }},
		{"identity", 9, func(i, j int) float64 { return float64(1 - min(1, j-i)) }},
		{"rank one", 30, func(i, j int) float64 { return noise[i] * noise[j] }},
		{"decoupled", 12, func(i, j int) float64 { // blocks (0 1; 1 0)
			return float64((1 - i%2) * max(0, 2-(j-i)) * (j - i))
		}},
		{"graded", 40, func(i, j int) float64 { return math.Pow(0.5, float64(i+j)) * (1 + 0.1*noise[i*200+j]) }},
		{"Wilkinson's, in close pairs", 21, func(i, j int) float64 {
			switch j - i {
			case 0:
				return math.Abs(float64(i - 10))
			case 1:
				return 1
			}
			return 0
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantEigen(t, c.n, symmetric(c.n, c.at))
		})
	}
}

// wantEigen compares the eigenvalues and eigenvectors of the n×n matrix a.
func wantEigen(t *testing.T, n int, a []float64) {
	t.Helper()
	v := slices.Clone(a)
	values, ok := eigen(n, v)
	if !ok {
		t.Fatal("did not converge")
	}
	var want mat.EigenSym
	if !want.Factorize(mat.NewSymDense(n, slices.Clone(a)), false) {
		t.Fatal("gonum did not converge")
	}

	scale := 1e-300
	for _, x := range want.Values(nil) {
		scale = max(scale, math.Abs(x))
	}
	sorted := slices.Sorted(slices.Values(values))
	for k, x := range want.Values(nil) {
		if math.Abs(sorted[k]-x) > 1e-13*float64(n)*scale {
			t.Fatalf("eigenvalue %d is %v, want %v", k, sorted[k], x)
		}
	}

	for p := range n {
		for q := range n {
			product, image, unit := 0.0, 0.0, 0.0
			for k := range n {
				product += v[k*n+p] * v[k*n+q]
				image += a[p*n+k] * v[k*n+q]
			}
			if p == q {
				unit = 1
			}

			if math.Abs(product-unit) > 1e-13*float64(n) {
				t.Fatalf("vectors %d and %d have the product %v, want %v", p, q, product, unit)
			}
			if want := values[q] * v[p*n+q]; math.Abs(image-want) > 1e-13*float64(n)*scale {
				t.Fatalf("(A·v)[%d] = %v for the vector %d, want λ·v = %v", p, image, q, want)
			}
		}
	}
}

func TestEigenNaN(t *testing.T) {
	if _, ok := eigen(3, symmetric(3, func(i, j int) float64 { return math.NaN() })); ok {
		t.Error("the eigenvalues of NaN, want none")
	}
}

// Underflow decouples these matrices in the middle of a sweep. They come from a random
// search for such matrices. Their eigenvalues are those of their 2×2 blocks, as the
// links between are 1e-100 of the rest.
func TestImplicitQLUnderflow(t *testing.T) {
	for _, c := range []struct{ diagonal, off, want []float64 }{
		{[]float64{1e-300, 0, 5e-324, 1e-160}, []float64{1e-160, 1e-310, 2, 0}, []float64{-2, -1e-160, 1e-160, 2}},
		{[]float64{1, 0, 1e-310, 3}, []float64{-2, 5e-324, -2, 0}, []float64{(1 - math.Sqrt(17)) / 2, -1, (1 + math.Sqrt(17)) / 2, 4}},
		{[]float64{1e-310, 0, 1e-310, 0, 1e-200}, []float64{-2, 1e-155, 1e300, 3, 0}, []float64{-1e300, -2, 0, 2, 1e300}},
	} {
		d := slices.Clone(c.diagonal)
		sweeps, ok := implicitQL(d, slices.Clone(c.off))
		if !ok {
			t.Fatal("did not converge")
		}

		n := len(d)
		v := symmetric(n, func(i, j int) float64 { return float64(1 - min(1, j-i)) })
		for i := range n {
			for _, s := range sweeps {
				s.rotate(v[i*n : (i+1)*n])
			}
		}

		sorted := slices.Sorted(slices.Values(d))
		for k, want := range c.want {
			if math.Abs(sorted[k]-want) > 1e-15*c.want[n-1] {
				t.Errorf("eigenvalue %d is %v, want %v", k, sorted[k], want)
			}
		}

		for q := range n {
			for i := range n {
				image := c.diagonal[i] * v[i*n+q]
				if i > 0 {
					image += c.off[i-1] * v[(i-1)*n+q]
				}
				if i < n-1 {
					image += c.off[i] * v[(i+1)*n+q]
				}
				if math.Abs(image-d[q]*v[i*n+q]) > 1e-14*c.want[n-1] {
					t.Errorf("(A·v)[%d] = %v for the vector %d, want λ·v = %v", i, image, q, d[q]*v[i*n+q])
				}
			}
		}
	}
}

package train

import (
	"math"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas"
	lapack "gonum.org/v1/gonum/lapack/gonum"
)

// eigen replaces the symmetric row-major n×n matrix a, of which it reads the upper
// triangle, by its eigenvectors, a column each. It returns the eigenvalues, in no order.
// It fails if a contains NaN.
//
// gonum reduces a to a tridiagonal matrix, in about a second for n = 1280. The implicit
// QL iteration is here, because gonum spends nine tenths of its time rotating the
// vectors. The rotations depend only on the tridiagonal matrix, so they are found first.
// Then they are applied to the rows of a, which are independent, on all cores.
func eigen(n int, a []float64) (values []float64, ok bool) {
	values = make([]float64, n)
	off := make([]float64, n) // the off-diagonal, followed by a zero
	tau := make([]float64, n-1)
	work := make([]float64, 64*n)
	lapack.Implementation{}.Dsytrd(blas.Upper, n, a, n, values, off[:n-1], tau, work, len(work))
	lapack.Implementation{}.Dorgtr(blas.Upper, n, a, n, tau, work, len(work))

	sweeps, ok := implicitQL(values, off)
	if !ok {
		return nil, false
	}

	rotateRows(n, a, sweeps)
	return values, true
}

// rotateRows applies the sweeps to the rows of the n×n matrix a, on all cores.
func rotateRows(n int, a []float64, sweeps []sweep) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		wg.Go(func() {
			from, to := k*n/workers, (k+1)*n/workers
			for ; from+4 <= to; from += 4 {
				rows := a[from*n : (from+4)*n]
				for _, s := range sweeps {
					s.rotate4(rows[:n], rows[n:2*n], rows[2*n:3*n], rows[3*n:])
				}
			}

			for ; from < to; from++ {
				for _, s := range sweeps {
					s.rotate(a[from*n : (from+1)*n])
				}
			}
		})
	}

	wg.Wait()
}

// A sweep is a sequence of rotations up the diagonal: of the columns (top−1, top), then
// (top−2, top−1), and so on.
type sweep struct {
	top       int
	rotations []rotation
}

type rotation struct{ c, s float64 }

func (w sweep) rotate(z []float64) {
	x := z[w.top]
	k := w.top
	for _, r := range w.rotations {
		y := z[k-1]
		z[k] = r.s*y + r.c*x
		x = r.c*y - r.s*x
		k--
	}
	z[k] = x
}

// rotate4 is rotate for four rows at once; a single row waits for its last product.
func (w sweep) rotate4(z0, z1, z2, z3 []float64) {
	n := w.top + 1
	z0, z1, z2, z3 = z0[:n], z1[:n], z2[:n], z3[:n]
	k := w.top
	x0, x1, x2, x3 := z0[k], z1[k], z2[k], z3[k]
	for _, r := range w.rotations {
		y0, y1, y2, y3 := z0[k-1], z1[k-1], z2[k-1], z3[k-1]
		z0[k], x0 = r.s*y0+r.c*x0, r.c*y0-r.s*x0
		z1[k], x1 = r.s*y1+r.c*x1, r.c*y1-r.s*x1
		z2[k], x2 = r.s*y2+r.c*x2, r.c*y2-r.s*x2
		z3[k], x3 = r.s*y3+r.c*x3, r.c*y3-r.s*x3
		k--
	}

	z0[k], z1[k], z2[k], z3[k] = x0, x1, x2, x3
}

// maxSweeps is the limit of sweeps per eigenvalue, as in EISPACK.
const maxSweeps = 30

// implicitQL turns d, the diagonal of a tridiagonal matrix with the off-diagonal e (and
// one more entry as workspace), into its eigenvalues. It returns the rotations. It is
// TQL2 of EISPACK (Bowdler, Martin, Reinsch and Wilkinson, Numer. Math. 11, 1968).
func implicitQL(d, e []float64) (sweeps []sweep, ok bool) {
	for low := range d {
		for tries := 0; ; tries++ {
			top := blockEnd(d, e, low)
			if top == low {
				break
			}
			if tries == maxSweeps {
				return nil, false
			}

			sweeps = append(sweeps, sweepQL(d, e, low, top))
		}
	}
	return sweeps, true
}

// blockEnd returns the last row of the block that starts at low and does not decouple.
func blockEnd(d, e []float64, low int) int {
	const precision = 1.0 / (1 << 53)
	top := low
	for top < len(d)-1 {
		if math.Abs(e[top]) <= precision*(math.Abs(d[top])+math.Abs(d[top+1])) {
			break
		}
		top++
	}
	return top
}

// sweepQL does one sweep over the block from low to top.
func sweepQL(d, e []float64, low, top int) sweep {
	g := (d[low+1] - d[low]) / (2 * e[low]) // of Wilkinson's shift
	g = d[top] - d[low] + e[low]/(g+math.Copysign(math.Hypot(g, 1), g))

	rotations := make([]rotation, 0, top-low)
	s, c, p := 1.0, 1.0, 0.0
	for i := top - 1; i >= low; i-- {
		f, b := s*e[i], c*e[i]
		r := math.Hypot(f, g)
		e[i+1] = r
		if r == 0 { // the matrix decouples here
			d[i+1] -= p
			break
		}

		s, c = f/r, g/r
		g = d[i+1] - p
		r = (d[i]-g)*s + 2*c*b
		p = s * r
		d[i+1] = g + p
		g = c*r - b
		rotations = append(rotations, rotation{c, s})
	}

	e[top] = 0
	if len(rotations) == top-low {
		d[low] -= p
		e[low] = g
	}
	return sweep{top, rotations}
}

package f64

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBetween compares with a direct count, for values that often equal the bounds, which
// do not count.
func TestBetween(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 1))
		levels := []float64{-inf, -2, -1, math.Copysign(0, -1), 0, 1, 2, inf}
		for trial := range 2000 {
			n := trial % 101
			to, x := make([]float64, n), make([]float64, n)
			for k := range x {
				x[k], to[k] = levels[r.IntN(len(levels))], float64(r.IntN(5))
			}
			low, high, weight := levels[r.IntN(len(levels))], levels[r.IntN(len(levels))], float64(1+r.IntN(3))
			want, wantCount, wantSum, most := slices.Clone(to), 0, 0.0, -inf
			for k, v := range x {
				if v > low && v < high {
					want[k] += weight
					wantSum += v
					wantCount++
				}
				if v < high {
					most = max(most, v)
				}
			}
			count, sum := AddBetween(to, x, low, high, weight)
			if count != wantCount || sum != wantSum || !slices.Equal(to, want) {
				t.Fatalf("between %v and %v of %v: %d of sum %v to %v, want %d of sum %v to %v", low, high, x, count, sum, to, wantCount, wantSum, want)
			}
			if got := MaxBelow(x, high); got != most {
				t.Fatalf("the largest below %v of %v is %v, want %v", high, x, got, most)
			}
			if got, want := Index(x, low), slices.Index(x, low); got != want {
				t.Fatalf("%v stands at %d of %v, want %d", low, got, x, want)
			}
		}
	})
}

func TestBetweenPassesOverNaN(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		for n := 1; n < 20; n++ {
			to, x := make([]float64, n), make([]float64, n)
			x[n-1] = math.NaN()
			if count, sum := AddBetween(to, x, -inf, inf, 1); count != n-1 || sum != 0 || to[n-1] != 0 {
				t.Errorf("n = %d: %d between, of sum %v", n, count, sum)
			}
			if got := MaxBelow(x[n-1:], inf); got != -inf {
				t.Errorf("n = %d: the largest of a NaN is %v", n, got)
			}
			if got := Index(x, math.NaN()); got != -1 {
				t.Errorf("n = %d: a NaN stands at %d", n, got)
			}
		}
	})
}

// TestNearer compares with a direct count, for values that often equal each other and the
// bounds.
func TestNearer(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 3))
		levels := []float64{-inf, -1, math.Copysign(0, -1), 0, 1, 2, 3, inf, math.NaN()}
		for trial := range 2000 {
			n := trial % 101
			draw := func() []float64 {
				s := make([]float64, n)
				for k := range s {
					s[k] = levels[r.IntN(len(levels))]
				}
				return s
			}
			x, y, d := draw(), draw(), draw()
			least, bound := levels[r.IntN(len(levels))], levels[r.IntN(len(levels))]
			toX, toY, to := make([]float64, n), make([]float64, n), make([]float64, n)
			nearer, wide := AddNearer(toX, toY, x, y, bound), AddWide(to, x, y, d, least, bound)
			wantNearer, wantWide := 0, 0
			for k := range x {
				ofX, ofY, both := 0.0, 0.0, 0.0
				if x[k] <= y[k] && x[k] < bound {
					ofX = 1
				}
				if y[k] < x[k] && y[k] < bound {
					ofY = 1
				}
				if x[k]+y[k] > least && d[k] < bound {
					both = 1
				}
				if toX[k] != ofX || toY[k] != ofY || to[k] != both {
					t.Fatalf("n = %d: %v, %v and %v with bounds %v and %v: %v, %v and %v", n, x[k], y[k], d[k], least, bound, toX[k], toY[k], to[k])
				}
				wantNearer, wantWide = wantNearer+int(ofX+ofY), wantWide+int(both)
			}
			if nearer != wantNearer || wide != wantWide {
				t.Fatalf("n = %d: %d and %d, want %d and %d", n, nearer, wide, wantNearer, wantWide)
			}
		}
	})
}

func TestMultiply(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(4, 2))
		for n := range 60 {
			x, by := make([]float64, n), make([]float64, n)
			for k := range x {
				x[k], by[k] = float64(r.IntN(3)), r.NormFloat64()
			}
			y := slices.Clone(x)
			Multiply(y, by)
			for k := range x {
				if want := x[k] * by[k]; y[k] != want || want == 0 && math.Signbit(y[k]) {
					t.Errorf("n = %d: %v · %v is %v", n, x[k], by[k], y[k])
				}
			}
		}
	})
}

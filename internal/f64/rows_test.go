package f64

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRows(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 1))
		for n := range 60 {
			x := make([]float64, n)
			for k := range x {
				x[k] = 2*r.Float64() - 1
			}
			most, least := -inf, inf
			if n > 0 {
				most, least = slices.Max(x), slices.Min(x)
			}
			if Max(x) != most || Min(x) != least {
				t.Errorf("n = %d: extremes %v and %v, want %v and %v", n, Min(x), Max(x), least, most)
			}
			y, d, slope := make([]float64, n), make([]float64, n), make([]float64, n)
			Scale(y, x, 3, 0.25)
			Distances(d, slope, x)
			for k, v := range x {
				if want := 3 * (v - 0.25); y[k] != want {
					t.Errorf("n = %d: 3·(%v − ¼) = %v", n, v, y[k])
				}
				if want := math.Sqrt(2 - 2*v); d[k] != want || slope[k] != -1/want {
					t.Errorf("n = %d: distance %v with slope %v for %v", n, d[k], slope[k], v)
				}
			}
			AddScaled(y, x, 0.5) // exact products
			for k, v := range x {
				if want := 3*(v-0.25) + 0.5*v; y[k] != want {
					t.Errorf("n = %d: %v, want %v", n, y[k], want)
				}
			}
			Scale(y, x, 3, 0.25)
			Divide(y, 7)
			for k, v := range x {
				if want := 3 * (v - 0.25) / 7; y[k] != want {
					t.Errorf("n = %d: %v, want %v", n, y[k], want)
				}
			}
		}
	})
}

func TestDistancesOfDuplicates(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		d, slope := make([]float64, 3), make([]float64, 3)
		Distances(d, slope, []float64{1, 1 + 1e-15, -1})
		if !slices.Equal(d, []float64{0, 0, 2}) || !slices.Equal(slope, []float64{0, 0, -0.5}) {
			t.Errorf("distances %v, slopes %v", d, slope)
		}
	})
}

func TestFinite(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		for n := range 40 {
			x := make([]float64, n)
			for k := range x {
				x[k] = math.MaxFloat64 * float64(1-2*(k%2))
			}
			if !Finite(x) {
				t.Errorf("%d finite numbers are not", n)
			}
			for k := range x {
				for _, v := range []float64{inf, -inf, math.NaN()} {
					old := x[k]
					x[k] = v
					if Finite(x) {
						t.Errorf("n = %d: %v at %d is not noticed", n, v, k)
					}
					x[k] = old
				}
			}
		}
	})
}

func TestChoice(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 2))
		for trial := range 300 {
			n := trial % 75
			x, keep := make([]float64, n), make([]bool, n)
			for k := range x {
				x[k] = float64(r.IntN(9))
			}
			level := float64(r.IntN(9))
			for name, above := range map[string]bool{"above": true, "below": false} {
				var want []float64
				back := make([]float64, n)
				for k, v := range x {
					if above && v > level || !above && v < level {
						want = append(want, v)
						back[k] = v
					}
				}
				if above {
					Above(keep, x, level)
				} else {
					Below(keep, x, level)
				}
				packed, spread := make([]float64, n), make([]float64, n)
				count := Compress(packed, x, keep)
				Expand(spread, packed, keep)
				if !slices.Equal(packed[:count], want) || !slices.Equal(spread, back) {
					t.Errorf("n = %d: %s %v of %v: %v, and back %v", n, name, level, x, packed[:count], spread)
				}
			}
		}
	})
}

func TestSums(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		for n := range 40 {
			x, y, ramp := make([]float64, n), make([]float64, n), make([]float64, n)
			dot, above, all := 0.0, 0.0, 0.0
			for k := range x {
				x[k], y[k] = float64(k%7-3), float64(k)
				dot += x[k] * y[k]
				above += max(0, x[k]-1)
				all += x[k]
			}
			if Sum(x) != all {
				t.Errorf("n = %d: Σx = %v, want %v", n, Sum(x), all)
			}
			if sum := Ramp(ramp, x, 1); Dot(x, y) != dot || sum != above {
				t.Errorf("n = %d: Σxy = %v, want %v; Σ[x−1]₊ = %v, want %v", n, Dot(x, y), dot, sum, above)
			}
			for k, v := range ramp {
				if v != max(0, x[k]-1) {
					t.Errorf("n = %d: [%v − 1]₊ = %v", n, x[k], v)
				}
			}
		}
	})
}

func TestLengths(t *testing.T) {
	for name, call := range map[string]func(){
		"exp":      func() { Exp(make([]float64, 3), make([]float64, 4)) },
		"expsum":   func() { ExpSum(make([]float64, 5), make([]float64, 4), 0) },
		"softplus": func() { Softplus(make([]float64, 4), make([]float64, 3), make([]float64, 4)) },
		"multiply": func() { Multiply(make([]float64, 3), make([]float64, 4)) },
		"between":  func() { AddBetween(make([]float64, 4), make([]float64, 3), 0, 1, 1) },
		"nearer":   func() { AddNearer(make([]float64, 4), make([]float64, 4), make([]float64, 3), make([]float64, 4), 1) },
		"wide":     func() { AddWide(make([]float64, 4), make([]float64, 4), make([]float64, 3), make([]float64, 4), 1, 1) },
		"dot":      func() { Dot(make([]float64, 3), make([]float64, 4)) },
		"above":    func() { Above(make([]bool, 3), make([]float64, 4), 0) },
		"compress": func() { Compress(make([]float64, 3), make([]float64, 4), make([]bool, 4)) },
		"expand":   func() { Expand(make([]float64, 4), make([]float64, 3), make([]bool, 4)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s takes slices of different lengths", name)
				}
			}()
			call()
		}()
	}
}

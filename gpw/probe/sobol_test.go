package probe

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The Ishigami function, sin x + a sin² y + b z⁴ sin x on [−π, π]³, has closed
// indices (Ishigami & Homma, 1990).
func TestSobolOfIshigami(t *testing.T) {
	const a, b = 7, 0.1
	pi4 := math.Pow(math.Pi, 4)
	alone := 0.5 * (1 + b*pi4/5) * (1 + b*pi4/5)
	second := a * a / 8.0
	together := 8 * b * b * pi4 * pi4 / 225
	v := alone + second + together
	want := []struct{ first, total float64 }{{alone / v, (alone + together) / v}, {second / v, second / v}, {0, together / v}}

	r := rand.New(rand.NewPCG(1, 1))
	f := func(x []float64) float64 {
		return math.Sin(x[0]) + a*math.Pow(math.Sin(x[1]), 2) + b*math.Pow(x[2], 4)*math.Sin(x[0])
	}
	got, _ := sobol(t.Context(), f, 3, [][]int{{0}, {1}, {2}}, 20000, r, func(x []float64) {
		for k := range x {
			x[k] = uniform(r, -math.Pi, math.Pi)
		}
	})
	for g, w := range want {
		if math.Abs(got[g].First.Value-w.first) > 0.02 || math.Abs(got[g].Total.Value-w.total) > 0.02 {
			t.Errorf("input %d: first %.3f, total %.3f; want %.3f and %.3f", g, got[g].First.Value, got[g].Total.Value, w.first, w.total)
		}
	}
}

// x·y + 3z + 0·u with standard uniform inputs about 0 in groups {x}, {y, u}, {z},
// {u}: in groups, with closed variances, and 0 exactly.
func TestSobolOfGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	got, _ := sobol(t.Context(), func(x []float64) float64 { return 12*x[0]*x[1] + 3*x[2] + 5 }, 4, [][]int{{0}, {1, 3}, {2}, {3}}, 20000, r, func(x []float64) {
		for k := range x {
			x[k] = uniform(r, -0.5, 0.5)
		}
	})
	// Var(xy) = 1/144, so 12xy has variance 1; 3z has 9/12.
	const v = 1 + 0.75
	for g, w := range []struct{ first, total float64 }{{0, 1 / v}, {0, 1 / v}, {0.75 / v, 0.75 / v}, {0, 0}} {
		first, total := got[g].First, got[g].Total
		if math.Abs(first.Value-w.first) > 0.02 || math.Abs(total.Value-w.total) > 0.02 {
			t.Errorf("group %d: first %.3f, total %.3f; want %.3f and %.3f", g, first.Value, total.Value, w.first, w.total)
		}
		if first.Low > first.Value || first.High < first.Value || total.Low > total.Value || total.High < total.Value {
			t.Errorf("group %d: an interval misses its estimate: %+v", g, got[g])
		}
	}
	if u := got[3].Total; u != (Interval{}) {
		t.Errorf("an input that does nothing has the total index %+v, want exactly 0", u)
	}
}

// The intervals cover: of many estimates from few rows, about 95 % of the intervals
// hold the true index.
func TestSobolIntervals(t *testing.T) {
	const trials = 150
	held := 0
	for k := range trials {
		r := rand.New(rand.NewPCG(uint64(k), 3))
		got, _ := sobol(t.Context(), func(x []float64) float64 { return x[0] + 2*x[1] }, 2, [][]int{{0}, {1}}, 200, r, func(x []float64) {
			x[0], x[1] = r.Float64(), r.Float64()
		})
		if i := got[0].Total; i.Low <= 0.2 && 0.2 <= i.High {
			held++
		}
	}
	if held < trials*88/100 {
		t.Errorf("%d of %d intervals hold the true total index 0.2, want about 95 %%", held, trials)
	}
}

func TestSobolOfConstant(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	got, _ := sobol(t.Context(), func(x []float64) float64 { return 1 + 1e-15*x[0] }, 1, [][]int{{0}}, 50, r, func(x []float64) { x[0] = r.Float64() })
	if got != nil {
		t.Errorf("a constant function has the indices %+v", got)
	}
}

// What no row met has the index 0 and a bound that holds: x > ½, plus 1 where y is in a
// thousandth of its range, has Var = ¼ + p(1−p), of which the second part is y's.
func TestSobolOfTheRare(t *testing.T) {
	const p = 0.001
	want := p * (1 - p) / (0.25 + p*(1-p))
	unseen := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5))
		got, _ := sobol(t.Context(), func(x []float64) float64 {
			sum := 0.0
			if x[0] > 0.5 {
				sum = 1
			}
			if x[1] < p {
				sum++
			}
			return sum
		}, 2, [][]int{{0}, {1}}, 200, r, func(x []float64) { x[0], x[1] = r.Float64(), r.Float64() })
		if y := got[1]; y.Changed == 0 {
			unseen++
			if y.Total != (Interval{}) || y.bound < want || y.bound > 0.1 {
				t.Errorf("seed %d: the index is %+v, want 0 with a bound above %v", seed, y, want)
			}
		}
		if x := got[0]; x.Changed < 60 || x.Changed > 140 { // half of 200
			t.Errorf("seed %d: %d rows changed with x", seed, x.Changed)
		}
	}
	if unseen == 0 {
		t.Error("every sample met it: this holds nothing")
	}
}

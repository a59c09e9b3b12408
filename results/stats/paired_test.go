package stats

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// Additional sleep of ten patients with two drugs (Student 1908). R prints of
// t.test(extra ~ group, paired = TRUE): t = -4.0621, df = 9, p-value = 0.002833, interval
// -2.4598858 -0.7001142.
var (
	sleepA = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}
	sleepB = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

// Differences in height of 15 pairs of plants in eighths of an inch (Darwin 1876).
var darwin = []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}

func TestPairedPublished(t *testing.T) {
	tenth := func(hours []float64) []float64 { // within shares, whose differences reach 1
		shares := make([]float64, len(hours))
		for k, h := range hours {
			shares[k] = h / 10
		}
		return shares
	}
	d := Paired(tenth(sleepA), tenth(sleepB))
	if d.N != 10 || d.Unit != "seed" || d.Why != "" {
		t.Errorf("n %d, unit %q, why %q", d.N, d.Unit, d.Why)
	}
	for _, c := range []struct {
		name      string
		got, want float64
		err       float64
	}{
		{"mean", 10 * d.Mean, -1.58, 1e-12}, {"t", *d.T, -4.0621, 5e-5}, {"p", *d.P, 0.002833, 5e-7},
		{"low", 10 * *d.Low, -2.4598858, 5e-8}, {"high", 10 * *d.High, -0.7001142, 5e-8},
		{"sd", *d.SD, *d.SE * math.Sqrt(10), 1e-12},
	} {
		if math.Abs(c.got-c.want) > c.err {
			t.Errorf("%s is %.9g, want %g", c.name, c.got, c.want)
		}
	}

	// Fisher, The Design of Experiments, §17: t = 2.148, p just below 5 %.
	plants := Paired(darwin, make([]float64, len(darwin)))
	if !near(*plants.T, 2.148, 5e-4) || !near(*plants.P, 0.0497, 5e-5) {
		t.Errorf("Darwin's plants: t %v, p %v", *plants.T, *plants.P)
	}
}

func TestPairedOneSeed(t *testing.T) {
	d := Paired([]float64{0.5}, []float64{0.25})
	if d.Mean != 0.25 || d.N != 1 || d.SD != nil || d.SE != nil || d.Low != nil || d.High != nil || d.T != nil || d.P != nil || d.Smallest != nil {
		t.Errorf("got %+v", d)
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"difference":0.25`, `"low":null`, `"p":null`, `"why":"one seed: no interval and no p"`, `"n":1`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}

// 0.3−0.2 and 0.2−0.1 differ by rounding only, which no t-test may take for a spread.
func TestPairedEqualDifferences(t *testing.T) {
	d := Paired([]float64{0.2, 0.3, 0.4, 0.8}, []float64{0.1, 0.2, 0.3, 0.7})
	if *d.SD != 0 || *d.Low != d.Mean || *d.High != d.Mean || !near(d.Mean, 0.1, 1e-15) {
		t.Errorf("mean %v, sd %v, [%v, %v]", d.Mean, *d.SD, *d.Low, *d.High)
	}
	if d.P != nil || d.T != nil || d.Smallest != nil || !strings.Contains(d.Why, "the same for every seed") {
		t.Errorf("p %v, t %v, smallest %v, why %q", d.P, d.T, d.Smallest, d.Why)
	}

	sum := 0.1 + 0.2 // not 0.3
	same := Paired([]float64{sum, 0.7, 0.9}, []float64{0.3, 0.7, 0.9})
	if same.Mean != 0 || *same.SD != 0 || *same.P != 1 || same.T != nil || same.Why != "" {
		t.Errorf("equal rows: %+v", same)
	}
}

// Over normal differences the interval covers in 95 % of experiments, the test rejects in
// 5 %, and where the true difference is Smallest of the true spread, in 80 %.
func TestPairedSimulated(t *testing.T) {
	const spread = 1e-4 // so small that no interval reaches beyond −1 and 1
	for _, n := range []int{2, 5, 10} {
		r := seeded(uint64(n))
		smallest := SmallestDifference(spread/math.Sqrt(float64(n)), n)
		var covered, rejected, seen rate
		a, shifted, zero := make([]float64, n), make([]float64, n), make([]float64, n)
		for range simulations(t, 4000) {
			for k := range a {
				a[k] = spread * r.NormFloat64()
				shifted[k] = a[k] + smallest
			}
			d := Paired(a, zero)
			covered.count(*d.Low <= 0 && 0 <= *d.High)
			rejected.count(*d.P < Level)
			if (*d.P < Level) != (*d.Low > 0 || *d.High < 0) {
				t.Fatalf("p %v, interval [%v, %v]", *d.P, *d.Low, *d.High)
			}
			seen.count(*Paired(shifted, zero).P < Level)
		}
		t.Logf("%2d seeds: covered %.3f, rejected %.3f, seen at the smallest difference %.3f", n, covered.value(), rejected.value(), seen.value())
		if !covered.within(0.95) || !rejected.within(Level) || !seen.within(Power) {
			t.Errorf("%d seeds: covered %.3f, rejected %.3f, seen %.3f", n, covered.value(), rejected.value(), seen.value())
		}
	}
}

func TestPairedPanics(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		want string
	}{
		{[]float64{1, 2}, []float64{1}, "2 values do not pair with 1"},
		{nil, nil, "no values"},
		{[]float64{1, math.NaN()}, []float64{1, 2}, "value 1 is NaN"},
		{[]float64{1, 2}, []float64{math.Inf(1), 2}, "value 0 is +Inf"},
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, c.want) {
					t.Errorf("panics with %q, want %q", got, c.want)
				}
			}()
			Paired(c.a, c.b)
		}()
	}
}

// What two shares cannot differ by is not printed as an interval or as a difference that
// would have been found.
func TestDifferencesWithinShares(t *testing.T) {
	wide := Paired([]float64{0.9, 0.1}, []float64{0.2, 0.3})
	if wide.Low != nil || wide.High != nil || wide.P == nil || *wide.Smallest != 1 || wide.Why != "2 seeds are too few: the interval is the whole range and says nothing" {
		t.Errorf("%+v", wide)
	}
}

package stats

import (
	"math"
	"testing"
)

// The quantiles are those of the usual printed tables of t (and, for 2 and 9 degrees of
// freedom, to a digit more).
func TestStudentT(t *testing.T) {
	for _, c := range []struct {
		p    float64
		df   int
		want float64
	}{
		{0.975, 1, 12.7062}, {0.975, 2, 4.302653}, {0.975, 3, 3.18245}, {0.975, 4, 2.77645}, {0.975, 5, 2.57058},
		{0.975, 9, 2.262157}, {0.975, 29, 2.04523}, {0.975, 30, 2.04227}, {0.975, 120, 1.97993},
		{0.95, 1, 6.31375}, {0.995, 10, 3.16927},
	} {
		if got := StudentT(c.p, c.df); math.Abs(got-c.want) > 5e-6*c.want {
			t.Errorf("studentT(%g, %d) = %.7f, want %g", c.p, c.df, got, c.want)
		}
	}

	// Closed forms: tan(π(p-1/2)) for 1 degree of freedom, the normal law in the limit.
	if got, want := StudentT(0.9, 1), math.Tan(0.4*math.Pi); math.Abs(got-want) > 1e-12 {
		t.Errorf("studentT(0.9, 1) = %v, want %v", got, want)
	}
	if got, want := StudentT(0.975, 1_000_000), math.Sqrt2*math.Erfinv(0.95); math.Abs(got-want) > 1e-5 {
		t.Errorf("studentT(0.975, 1e6) = %v, want about %v", got, want)
	}
}

func TestDescribe(t *testing.T) {
	one := Describe([]float64{0.25})
	if one.Mean != 0.25 || one.N != 1 || one.SD != nil || one.Low != nil || one.High != nil {
		t.Errorf("one value: got %+v", one)
	}
	if same := Describe([]float64{0.8, 0.8, 0.8}); same.Mean != 0.8 || *same.SD != 0 || *same.Low != 0.8 || *same.High != 0.8 {
		t.Errorf("equal values: mean %v, sd %v, [%v, %v]", same.Mean, *same.SD, *same.Low, *same.High)
	}
	// By hand: mean 0.5, squared deviations 0.01 + 0 + 0.01, sd √(0.02/2) = 0.1, half
	// width 4.302653·0.1/√3.
	s := Describe([]float64{0.4, 0.5, 0.6})
	half := 4.302653 * 0.1 / math.Sqrt(3)

	for _, c := range []struct{ got, want float64 }{{s.Mean, 0.5}, {*s.SD, 0.1}, {*s.Low, 0.5 - half}, {*s.High, 0.5 + half}} {
		if math.Abs(c.got-c.want) > 1e-7 {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

// What is not defined is NaN.
func TestUndefined(t *testing.T) {
	if s := Describe(nil); !math.IsNaN(s.Mean) || s.N != 0 || s.SD != nil {
		t.Errorf("no values have the statistics %+v", s)
	}
	for _, c := range []struct {
		p  float64
		df int
	}{{0.975, 0}, {0.975, -1}, {0.5, 3}, {1, 3}, {math.NaN(), 3}} {
		if q := StudentT(c.p, c.df); !math.IsNaN(q) {
			t.Errorf("the quantile at %v with %d degrees of freedom is %v", c.p, c.df, q)
		}
	}
}

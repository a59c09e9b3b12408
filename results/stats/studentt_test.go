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

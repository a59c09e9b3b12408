package stats

import (
	"fmt"
	"math"
	"testing"
)

func TestDescribe(t *testing.T) {
	one := Describe([]float64{0.25})
	if one.Mean != 0.25 || one.N != 1 || one.SD != nil || one.Low != nil || one.High != nil {
		t.Errorf("one value: got %+v", one)
	}
	// Of 0.1 + 0.2 and 0.3 the sample deviation is 2⁻⁵⁴·√2, which is rounding alone.
	for _, values := range [][]float64{{0.8, 0.8, 0.8}, {0.1 + 0.2, 0.3}, {0, 0}} {
		same := Describe(values)
		if n := len(values); math.Abs(same.Mean-values[0]) > 1e-16 || *same.SD > 1e-16 || same.Low != nil || same.High != nil || same.Why != fmt.Sprintf("the results of %d runs are equal", n) {
			t.Errorf("equal values %v: %+v", values, same)
		}
	}
	if near := Describe([]float64{0.8, 0.8 + 1e-12}); near.Low == nil || near.Why != "" {
		t.Errorf("values that differ by 1e-12: %+v", near)
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

// An interval is cut at the range of its metric, and is none where it is all of it. Two
// values of 0.2 and 0.6 have the mean 0.4 and the half width 12.706·0.2 = 2.54.
func TestDescribeWithin(t *testing.T) {
	if s := Describe([]float64{0.2, 0.6}).Within(0, 1); s.Low != nil || s.High != nil || s.Mean != 0.4 || s.SD == nil ||
		s.Why != "2 runs differ so much that their interval is the whole range of the metric" {
		t.Errorf("%+v", s)
	}
	if s := Describe([]float64{0.2, 0.6}).Within(-5, 1); s.Low == nil || *s.High != 1 || math.Abs(*s.Low-(0.4-12.7062047*0.2)) > 1e-7 || s.Why != "" {
		t.Errorf("cut on one side: %+v", s)
	}
	if s := Describe([]float64{0.5}).Within(0, 1); s.Low != nil || s.Why != "" {
		t.Errorf("one value: %+v", s)
	}
}

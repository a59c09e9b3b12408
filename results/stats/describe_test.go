package stats

import (
	"math"
	"testing"
)

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

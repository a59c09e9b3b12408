package stats

import (
	"math"
	"reflect"
	"testing"
)

// Demšar, JMLR 7, 2006, Table 5(a): critical values of the two-tailed Nemenyi test, which
// are the studentised range's over √2; the first is the normal quantile.
func TestRangeQuantile(t *testing.T) {
	for _, c := range []struct {
		p    float64
		want []float64
	}{
		{0.95, []float64{1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164}},
		{0.90, []float64{1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920}},
	} {
		for i, want := range c.want {
			if got := rangeQuantile(c.p, i+2) / math.Sqrt2; math.Abs(got-want) > 1e-3 {
				t.Errorf("q(%v, %d)/√2 = %.4f, want %.3f", c.p, i+2, got, want)
			}
		}
	}
	if got, want := rangeQuantile(0.95, 2), 2*math.Erfinv(0.95); !near(got, want, 1e-9) {
		t.Errorf("of two: %v, want √2·z = %v", got, want)
	}
}

func TestGroups(t *testing.T) {
	for _, c := range []struct {
		ranks []float64
		want  [][]int
	}{
		{[]float64{1, 2, 3}, [][]int{}},
		{[]float64{3, 1, 1.5, 3.2, 2.4}, [][]int{{1, 2}, {2, 4}, {4, 0, 3}}},
		{[]float64{2, 2, 2}, [][]int{{0, 1, 2}}},
		{[]float64{1, 1.5, 1.9, 2.5}, [][]int{{0, 1, 2}, {2, 3}}}, // 1.5 and 2.5 are 1 apart
		{nil, [][]int{}},
	} {
		if got := Groups(c.ranks, 1); !reflect.DeepEqual(got, c.want) {
			t.Errorf("Groups(%v) = %v, want %v", c.ranks, got, c.want)
		}
	}
}

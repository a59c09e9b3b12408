package analysis

import (
	"math"
	"testing"
)

func TestMassRange(t *testing.T) {
	similarity := func(p Point) float64 { return p.S }
	var even, heavy []Point
	for k := range 101 {
		even = append(even, Point{S: float64(k), W: 2})
		heavy = append(heavy, Point{S: float64(k)})
	}
	heavy[40].W, heavy[60].W, heavy[50].W = 1, -1, 98
	for _, test := range []struct {
		name      string
		points    []Point
		share     float64
		low, high float64
	}{
		{"all", even, 1, 0, 100},
		{"middle of equal weights", even, 0.5, 25, 75}, // 50.5 of the weight is from 25.25 to 75.75 of 101
		{"weights decide, whatever their sign", heavy, 1, 40, 60},
		{"a tail of weight is cut", heavy, 0.97, 50, 50},
		{"without weights, numbers decide", []Point{{S: 1}, {S: 2}, {S: 3}, {S: 4}}, 0.5, 2, 3},
		{"NaN is no value", []Point{{S: math.NaN(), W: 5}, {S: 2, W: 1}, {S: 3, W: 1}}, 1, 2, 3},
		{"one", []Point{{S: 0.5, W: 1}}, 0.98, 0.5, 0.5},
	} {
		if low, high := MassRange(test.points, similarity, test.share); low != test.low || high != test.high {
			t.Errorf("%s: from %v to %v, want from %v to %v", test.name, low, high, test.low, test.high)
		}
	}
	for _, none := range [][]Point{nil, {{S: math.NaN(), W: 1}}} {
		if low, high := MassRange(none, similarity, 0.9); !math.IsNaN(low) || !math.IsNaN(high) {
			t.Errorf("of no value: from %v to %v", low, high)
		}
	}
}

package analysis

import (
	"math"
	"testing"

	"gpwbench/gpw"
)

func TestWeightRange(t *testing.T) {
	self := func(p gpw.Pair) float64 { return p.S }
	of := func(pairs []gpw.Pair) []*Scatter { return []*Scatter{{Anchors: 1, Pairs: pairs}} }
	var even, heavy []gpw.Pair
	for k := range 101 {
		even = append(even, gpw.Pair{S: float64(k), G: 2})
		heavy = append(heavy, gpw.Pair{S: float64(k)})
	}
	heavy[40].G, heavy[60].G, heavy[50].G = 1, -1, 98
	for _, test := range []struct {
		name      string
		pairs     []gpw.Pair
		share     float64
		low, high float64
	}{
		{"all", even, 1, 0, 100},
		{"middle of equal weights", even, 0.5, 25, 75}, // 50.5 of the weight is from 25.25 to 75.75 of 101
		{"weights decide, whatever their sign", heavy, 1, 40, 60},
		{"a tail of weight is cut", heavy, 0.97, 50, 50},
		{"without weights, numbers decide", []gpw.Pair{{S: 1}, {S: 2}, {S: 3}, {S: 4}}, 0.5, 2, 3},
		{"NaN is no value", []gpw.Pair{{S: math.NaN(), G: 5}, {S: 2, G: 1}, {S: 3, G: 1}}, 1, 2, 3},
		{"one", []gpw.Pair{{S: 0.5, G: 1}}, 0.98, 0.5, 0.5},
	} {
		if low, high := WeightRange(of(test.pairs), false, self, test.share); low != test.low || high != test.high {
			t.Errorf("%s: from %v to %v, want from %v to %v", test.name, low, high, test.low, test.high)
		}
	}
	for _, none := range [][]gpw.Pair{nil, {{S: math.NaN(), G: 1}}} {
		if low, high := WeightRange(of(none), false, self, 0.9); !math.IsNaN(low) || !math.IsNaN(high) {
			t.Errorf("of no value: from %v to %v", low, high)
		}
	}
}

package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestNewAxis(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		n         int
		labels    string
		power     int
	}{
		{-0.63, 1.04, 6, "−0.5 0.0 0.5 1.0", 0},
		{-0.02, 1.02, 6, "0.0 0.2 0.4 0.6 0.8 1.0", 0},
		{-0.02, 1.02, 3, "0.0 0.5 1.0", 0},
		{-0.008, 0.17, 6, "0.00 0.05 0.10 0.15", 0},
		{-0.0002, 0.0044, 6, "0 1 2 3 4", -3},
		{-1.1e-5, 0.2e-5, 4, "−1.0 −0.5 0.0", -5},
		{0, 1050, 6, "0 200 400 600 800 1000", 0},
		{0, 25000, 6, "0.0 0.5 1.0 1.5 2.0 2.5", 4},
		{0.998, 1.0, 3, "0.998 0.999 1.000", 0},
	} {
		a := newAxis(test.low, test.high, test.n)
		if got := strings.Join(a.labels, " "); got != test.labels || a.power != test.power {
			t.Errorf("from %v to %v: %q in 10^%d, want %q in 10^%d", test.low, test.high, got, a.power, test.labels, test.power)
		}
	}
}

// TestAxisOfAnyRange: ticks inside, at most n and at least two from n = 5 on, labels that differ, and no hyphen for a minus.
func TestAxisOfAnyRange(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		low := rng.NormFloat64() * math.Pow(10, rng.Float64()*8-4)
		length := max(math.Abs(low)*1e-3, math.Pow(10, rng.Float64()*10-6))
		n := 5 + rng.IntN(2) // of fewer there can be one
		a := newAxis(low, low+length, n)
		if len(a.ticks) < 2 || len(a.ticks) > n {
			t.Fatalf("%v to %v has %d ticks %v, want 2 to %d", a.low, a.high, len(a.ticks), a.labels, n)
		}
		for k, v := range a.ticks {
			if at := a.at(v); at < -1e-6 || at > 1+1e-6 {
				t.Fatalf("%v to %v: tick %v is outside", a.low, a.high, v)
			}
			if strings.Contains(a.labels[k], "-") || slices.Index(a.labels, a.labels[k]) != k {
				t.Fatalf("%v to %v: labels %q", a.low, a.high, a.labels)
			}
		}
	}
}

// An axis of ends that are no range is there, without ticks, and so is one whose float64
// ends lie too close together for ticks between them; it ends for any input.
func TestAxisOfNoRange(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, ends := range [][2]float64{
		{0, inf}, {-inf, 0}, {-inf, inf}, {inf, inf}, {nan, 1}, {0, nan}, {1, 1}, {1, 0}, {0, 0},
		{-math.MaxFloat64, math.MaxFloat64}, {1e20, 1e20 + 1e5}, {0, math.SmallestNonzeroFloat64},
	} {
		for _, a := range []axis{newAxis(ends[0], ends[1], 5), newAxisX(ends[0], ends[1], 5, 90)} {
			if len(a.ticks) > 0 || a.at(0) != 0 || a.at(1) != 1 {
				t.Errorf("from %v to %v: %+v, want an axis from 0 to 1 without ticks", ends[0], ends[1], a)
			}
		}
		if a := logAxis(span{ends[0], ends[1]}); len(a.ticks) < 1 || len(a.ticks) > 4 || !distinctEnds(a.low, a.high) {
			t.Errorf("logarithmic from %v to %v: %+v", ends[0], ends[1], a)
		}
	}
	for _, ends := range [][2]float64{{0, 1e300}, {0, 1e-300}, {1e15, 1e15 + 1e4}} {
		if a := newAxis(ends[0], ends[1], 5); len(a.ticks) < 2 || len(a.ticks) > 5 || a.low != ends[0] || a.high != ends[1] {
			t.Errorf("from %v to %v: %+v", ends[0], ends[1], a)
		}
	}
}

func TestNumbersOfAxisDoNotTouch(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		low := 2*rng.Float64() - 1
		a := newAxisX(low, low+math.Pow(10, rng.Float64()*3-2.7), 6, 90)
		if a.overlapping(90) {
			t.Errorf("%v to %v: %q", a.low, a.high, a.labels)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{-0.5, 1, "−0.5"}, {-0.001, 1, "0.0"}, {0, 0, "0"}, {math.Copysign(0, -1), 2, "0.00"}, {12, 0, "12"}, {-12.34, 1, "−12.3"},
	} {
		if got := formatDecimal(test.v, test.decimals); got != test.want {
			t.Errorf("%v with %d decimals is %q, want %q", test.v, test.decimals, got, test.want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 58800: "58,800", 1234567: "1,234,567"} {
		if got := withThousands(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

// Any ends have an axis, in an instant, whose ticks are few and on it.
func FuzzAxis(f *testing.F) {
	f.Add(0.0, 1.0, 5)
	f.Add(math.Inf(-1), math.NaN(), 6)
	f.Add(1e20, 1e20+1e5, 3)
	f.Add(-math.MaxFloat64, math.MaxFloat64, 4)
	f.Fuzz(func(t *testing.T, low, high float64, n int) {
		n = 1 + int(uint(n)%8)
		for _, a := range []axis{newAxis(low, high, n), logAxis(span{low, high})} {
			if len(a.ticks) > 8 || len(a.ticks) != len(a.labels) || !(a.low < a.high) {
				t.Fatalf("from %v to %v: %+v", low, high, a)
			}
			for k, v := range a.ticks {
				if at := a.at(v); !(at >= -1e-3 && at <= 1+1e-3) || len(a.labels[k]) > 40 {
					t.Fatalf("from %v to %v: tick %v at %v, labelled %q", low, high, v, at, a.labels[k])
				}
			}
		}
	})
}

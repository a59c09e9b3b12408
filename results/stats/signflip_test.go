package stats

import (
	"math"
	"testing"
)

// Fisher, The Design of Experiments, §21: of the 32,768 arrangements of Darwin's
// differences 863 have a sum of 314 or more, so 1,726 are as far from 0.
func TestSignFlipPublished(t *testing.T) {
	if p, ok := SignFlip(darwin); !ok || p != 1726.0/32768 {
		t.Errorf("p = %v, want 1726/32768", p)
	}
}

// Every choice of signs, in whole numbers.
func TestSignFlipEnumerated(t *testing.T) {
	r := seeded(3)
	for n := 1; n <= 12; n++ {
		whole, tenths := make([]int, n), make([]float64, n)
		observed := 0
		for k := range whole {
			whole[k] = r.IntN(9) - 3
			tenths[k] = float64(whole[k]) / 10 // sums of which are rounded
			observed += whole[k]
		}
		count := 0
		for signs := range 1 << n {
			sum := 0
			for k, w := range whole {
				sum += w * (1 - 2*(signs>>k&1))
			}
			if max(sum, -sum) >= max(observed, -observed) {
				count++
			}
		}
		if p, ok := SignFlip(tenths); !ok || p != float64(count)/float64(int(1)<<n) {
			t.Errorf("%v: p = %v, want %d of %d", whole, p, count, 1<<n)
		}
	}
}

func TestSignFlipReach(t *testing.T) {
	for n := 1; n <= MaxSignFlips; n++ {
		same := make([]float64, n)
		for k := range same {
			same[k] = 0.01 * float64(k+1)
		}
		if p, ok := SignFlip(same); !ok || p != SmallestSignFlip(n) || p != math.Pow(2, float64(1-n)) {
			t.Errorf("%d differences of one sign: p = %v", n, p)
		}
	}
	for _, n := range []int{0, MaxSignFlips + 1} {
		if _, ok := SignFlip(make([]float64, n)); ok || SignFlipReaches(n, 1, Level) {
			t.Errorf("%d differences are tested", n)
		}
	}
	for _, c := range []struct {
		n, comparisons int
		want           bool
	}{{5, 1, false}, {6, 1, true}, {6, 2, false}, {10, 25, true}, {10, 26, false}} {
		if got := SignFlipReaches(c.n, c.comparisons, Level); got != c.want {
			t.Errorf("%d differences, %d comparisons: %v", c.n, c.comparisons, got)
		}
	}
}

// Under symmetric laws with tails that spoil a t-test, the level holds: of 8 differences
// the largest p below it is 12/256.
func TestSignFlipLevel(t *testing.T) {
	r := seeded(4)
	var rejected rate
	d := make([]float64, 8)
	for range simulations(t, 3000) {
		for k := range d {
			d[k] = math.Tan(math.Pi * (r.Float64() - 0.5)) // Cauchy
		}
		p, _ := SignFlip(d)
		rejected.count(p < Level)
	}
	if !rejected.within(12.0 / 256) {
		t.Errorf("rejects %.3f, want %.3f", rejected.value(), 12.0/256)
	}
}

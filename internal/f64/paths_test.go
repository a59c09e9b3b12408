package f64

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every kernel of every path gives the bits of the portable implementation, at any length
// and alignment. It writes nothing beyond its slices, and an element does not depend on
// its place.
func TestPathsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for trial := range 600 {
		n, offset := trial%101, r.IntN(9)
		src := values(r, n)
		want := map[string][]float64{}
		for _, path := range paths() {
			back := take(path)
			for name, got := range results(t, src, offset) {
				if path == "go" {
					want[name] = got
				} else if k, same := equal(got, want[name]); !same {
					t.Errorf("n = %d: %s of %s at %d: %v, the portable implementation %v", n, name, path, k, got[k], want[name][k])
				}
			}
			back()
		}
	}
}

// values are of all sizes, some of them special.
func values(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for k := range x {
		x[k] = r.NormFloat64() * math.Pow(10, float64(r.IntN(6)-3))
		if r.IntN(12) == 0 {
			x[k] = []float64{0, math.Copysign(0, -1), inf, -inf, math.NaN(), 1, -745, 710, 1e300, 5e-324}[r.IntN(10)]
		}
	}
	return x
}

const guard = 12345.678

// results calls every kernel on copies that begin at an offset, between guards. It
// returns their memory by name, and the sums and counts as numbers.
func results(t *testing.T, src []float64, offset int) map[string][]float64 {
	n := len(src)
	all := map[string][]float64{}
	guarded := func(name string) []float64 {
		memory := make([]float64, offset+n+8)
		for k := range memory {
			memory[k] = guard
		}
		piece := memory[offset : offset+n : offset+n]
		all[name] = memory
		copy(piece, src)
		return piece
	}

	Exp(guarded("exp"), src)
	sum := ExpSum(guarded("expsum"), src, 0.25)
	steps, bends := Sigmoid(guarded("sigmoid"), guarded("sigmoid's slope"), src)
	softs, slopes := Softplus(guarded("softplus"), guarded("softplus' slope"), src)
	Scale(guarded("scale"), src, 1.7, -0.3)
	AddScaled(guarded("add scaled"), src, 0.3)
	ramp := Ramp(guarded("ramp"), src, 0.1)
	Divide(guarded("divide"), 0.3)
	Distances(guarded("distances"), guarded("distances' slopes"), src)
	Multiply(guarded("multiply"), src)
	between, sumBetween := AddBetween(guarded("add between"), src, -0.5, 0.7, 1.1)
	other := slices.Clone(src)
	slices.Reverse(other)
	nearer := AddNearer(guarded("nearer"), guarded("nearer, other"), src, other, 0.5)
	wide := AddWide(guarded("wide"), src, other, src, -0.1, 0.6)

	in := guarded("in place")
	Exp(in, in)
	in = guarded("sigmoid in place")
	Sigmoid(in, guarded("sigmoid's slope, in place"), in)
	in = guarded("softplus in place")
	Softplus(in, guarded("softplus' slope, in place"), in)

	keep := make([]bool, n)
	for name, choose := range map[string]func([]bool, []float64, float64){"above": Above, "below": Below} {
		choose(keep, src, 0.1)
		packed := make([]float64, n)
		count := Compress(packed, src, keep)
		clear(packed[count:])
		copy(guarded("compress "+name), packed)
		Expand(guarded("expand "+name), packed, keep)
	}

	finite := 0.0
	if Finite(src) {
		finite = 1
	}
	all["numbers"] = []float64{sum, steps, bends, softs, slopes, ramp, Sum(src), Dot(src, src), Max(src), Min(src), finite, float64(between), sumBetween, float64(nearer), float64(wide), MaxBelow(src, 0.3), float64(Index(src, 1)), float64(Index(src, 0))}
	checkGuards(t, all, offset, n)
	return all
}

// checkGuards tests that the memory before and after n elements from the offset is as it
// was.
func checkGuards(t *testing.T, all map[string][]float64, offset, n int) {
	for name, memory := range all {
		if name == "numbers" {
			continue
		}
		for k, v := range memory {
			if (k < offset || k >= offset+n) && v != guard {
				t.Errorf("n = %d: %s writes beyond its slice, at %d", n, name, k-offset)
			}
		}
	}
}

func equal(x, y []float64) (int, bool) {
	for k := range x {
		if math.Float64bits(x[k]) != math.Float64bits(y[k]) && !(math.IsNaN(x[k]) && math.IsNaN(y[k])) {
			return k, false
		}
	}
	return 0, len(x) == len(y)
}

func onEveryPath(t *testing.T, test func(t *testing.T)) {
	for _, name := range paths() {
		t.Run("path="+name, func(t *testing.T) {
			defer take(name)()
			test(t)
		})
	}
}

func TestPlaceDoesNotMatter(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(2, 2))
		src := values(r, 50)
		all := make([]float64, 50)
		Exp(all, src)
		for k, x := range src {
			alone := []float64{x}
			Exp(alone, alone)
			if _, same := equal(alone, all[k:k+1]); !same {
				t.Errorf("exp(%v) is %v, and %v as the element %d", x, alone[0], all[k], k)
			}
		}
	})
}

func TestNoAllocation(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		for _, n := range []int{0, 5, 24, 61} {
			x, y, z, keep := make([]float64, n), make([]float64, n), make([]float64, n), make([]bool, n)
			if allocs := testing.AllocsPerRun(10, func() {
				Exp(y, x)
				ExpSum(y, x, 1)
				Sigmoid(y, z, x)
				AddScaled(y, x, 2)
				Ramp(y, x, Dot(x, y)+Sum(x))
				Softplus(y, z, x)
				Scale(y, x, 2, 1)
				Divide(y, 2)
				Distances(y, z, x)
				Above(keep, x, Max(x)-Min(x))
				Below(keep, x, 1)
				Expand(y, x[:Compress(x, z, keep)][:n], keep)
				Finite(x)
				Multiply(y, x)
				AddBetween(y, x, -1, MaxBelow(x, 3), 1)
				AddNearer(y, z, x, x, 1)
				AddWide(y, z, x, x, 1, 2)
				Index(x, 7)
			}); allocs != 0 {
				t.Errorf("n = %d: %v allocations", n, allocs)
			}
		}
	})
}

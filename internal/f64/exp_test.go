package f64

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

const bits = 200 // of the references, which are sums of series in big.Float

func number(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }

func fresh() *big.Float { return new(big.Float).SetPrec(bits) }

// series returns Σ_{k≥from} term(k), where next turns the term of k−1 into that of k.
func series(term *big.Float, from int, next func(t *big.Float, k int)) *big.Float {
	sum := fresh().Set(term)
	for k := from + 1; term.Sign() != 0 && term.MantExp(nil) > sum.MantExp(nil)-bits; k++ {
		next(term, k)
		sum.Add(sum, term)
	}
	return sum
}

// bigExp is e^x by the Taylor series of x/1024.
func bigExp(x float64) *big.Float {
	small := number(x)
	small.SetMantExp(small, -10)
	sum := series(number(1), 0, func(t *big.Float, k int) {
		t.Mul(t, small)
		t.Quo(t, number(float64(k)))
	})
	for range 10 {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog1p is log(1+f) = 2 artanh(f/(2+f)).
func bigLog1p(f *big.Float) *big.Float {
	s := fresh().Quo(f, fresh().Add(f, number(2)))
	sum, power, square := fresh().Set(s), fresh().Set(s), fresh().Mul(s, s)
	for k := 3; k < 200; k += 2 {
		power.Mul(power, square)
		sum.Add(sum, fresh().Quo(power, number(float64(k))))
	}
	return sum.Add(sum, sum)
}

// ulps returns how far got is from want in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	place := math.Nextafter(math.Abs(w), math.Inf(1)) - math.Abs(w)
	off := fresh().Sub(number(got), want)
	v, _ := off.Quo(off, number(place)).Float64()
	return math.Abs(v)
}

// arguments are spread over the range of each scale, with both ends.
func arguments(r *rand.Rand, n int, lowest, highest float64) []float64 {
	x := []float64{lowest, highest, math.Nextafter(lowest, 0), math.Nextafter(highest, 0), 0.5 * math.Ln2, -0.5 * math.Ln2, 1e-300, -1e-17}
	for len(x) < n {
		v := lowest + r.Float64()*(highest-lowest)
		x = append(x, v, v*math.Exp2(-20*r.Float64()))
	}
	return x
}

func TestExpAccuracy(t *testing.T) {
	x := arguments(rand.New(rand.NewPCG(1, 1)), 30000, -708, 709.75)
	got := make([]float64, len(x))
	Exp(got, x)
	worst := 0.0
	for k, v := range x {
		if u := ulps(got[k], bigExp(v)); u > worst {
			worst = u
		}
	}
	t.Logf("worst: %.3f ulp", worst)
	if worst > 1 {
		t.Errorf("%.3f ulp off", worst)
	}
}

// Below the smallest normal number results are rounded once more, to the places that
// remain.
func TestExpSmallest(t *testing.T) {
	x := arguments(rand.New(rand.NewPCG(1, 2)), 4000, -745.2, -708)[:4000]
	got := make([]float64, len(x))
	Exp(got, x)
	for k, v := range x {
		if v > -700 {
			continue
		}
		if want, _ := bigExp(v).Float64(); math.Abs(got[k]-want) > 2*math.SmallestNonzeroFloat64 && math.Abs(got[k]/want-1) > 1e-15 {
			t.Errorf("exp(%v) = %v, want %v", v, got[k], want)
		}
	}
}

func TestExpValues(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct{ x, want float64 }{
		{0, 1}, {math.Copysign(0, -1), 1}, {1e-300, 1}, {-inf, 0}, {inf, inf}, {709.78271289338397, 1.7976931348622732e+308}, {709.79, inf}, {-745.2, 0}, {-1e300, 0},
		{1e300, inf}, {math.NaN(), math.NaN()}, {-745.13, math.SmallestNonzeroFloat64},
	} {
		got := []float64{c.x}
		Exp(got, got)
		if got[0] != c.want && !(math.IsNaN(c.want) && math.IsNaN(got[0])) {
			t.Errorf("exp(%v) = %v, want %v", c.x, got[0], c.want)
		}
	}
}

func TestExpAscends(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for range 20000 {
		x := 40 * (r.Float64() - 0.8)
		e := []float64{x, math.Nextafter(x, inf), x + 1e-15*math.Abs(x)}
		Exp(e, e)
		if e[1] < e[0]*(1-3e-16) || e[2] < e[0]*(1-3e-16) {
			t.Fatalf("exp descends at %v: %v", x, e)
		}
	}
}

var inf = math.Inf(1)

func TestExpSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for n := range 70 {
		x := make([]float64, n)
		for k := range x {
			x[k] = 30*r.Float64() - 20
		}
		e := make([]float64, n)
		sum, want := ExpSum(e, x, 1.5), fresh()
		for k, v := range x {
			y := bigExp(v - 1.5)
			want.Add(want, y)
			if ulps(e[k], y) > 1 {
				t.Errorf("n = %d: e^%v = %v", n, v-1.5, e[k])
			}
		}
		if n > 0 && ulps(sum, want) > 4 || n == 0 && sum != 0 {
			t.Errorf("n = %d: sum %v, want %v", n, sum, want)
		}
	}
}

func TestSoftplusAccuracy(t *testing.T) {
	z := arguments(rand.New(rand.NewPCG(1, 5)), 3000, -700, 700)
	value, slope, alone, bend := make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z))
	values, slopes := Softplus(value, slope, z)
	shares, bends := Sigmoid(alone, bend, z)
	for _, c := range []struct {
		sum float64
		of  []float64
	}{{values, value}, {slopes, slope}, {shares, alone}, {bends, bend}} {
		want := fresh()
		for _, v := range c.of {
			want.Add(want, number(v))
		}
		if w, _ := want.Float64(); math.Abs(c.sum-w) > 1e-14*w {
			t.Errorf("sum %v, want %v", c.sum, w)
		}
	}
	worst, worstSlope, worstBend := 0.0, 0.0, 0.0
	for k, v := range z {
		fall := bigExp(-math.Abs(v))
		want := bigLog1p(fall)
		if v > 0 {
			want.Add(want, number(v))
		}
		whole := fresh().Add(number(1), fall)
		share := fresh().Quo(number(1), whole)
		if v < 0 {
			share.Quo(fall, whole)
		}
		worst, worstSlope = max(worst, ulps(value[k], want)), max(worstSlope, ulps(slope[k], share))
		whole.Mul(whole, whole)
		worstBend = max(worstBend, ulps(bend[k], whole.Quo(fall, whole)))
		if alone[k] != slope[k] {
			t.Fatalf("sigmoid(%v) = %v, beside softplus %v", v, alone[k], slope[k])
		}
	}
	t.Logf("worst: softplus %.3f ulp, sigmoid %.3f ulp, its derivative %.3f ulp", worst, worstSlope, worstBend)
	if worst > 3 || worstSlope > 3 || worstBend > 4 {
		t.Errorf("softplus %.3f ulp off, sigmoid %.3f, its derivative %.3f", worst, worstSlope, worstBend)
	}
}

func TestSoftplusValues(t *testing.T) {
	for _, c := range []struct{ z, value, slope float64 }{
		{0, math.Ln2, 0.5}, {inf, inf, 1}, {-inf, 0, 0}, {800, 800, 1}, {-800, 0, 0}, {math.NaN(), math.NaN(), math.NaN()}, {-40, math.Exp(-40), math.Exp(-40)},
	} {
		z, slope := []float64{c.z}, []float64{0}
		Softplus(z, slope, z)
		if !near(z[0], c.value) || !near(slope[0], c.slope) {
			t.Errorf("softplus(%v) = %v with slope %v, want %v with %v", c.z, z[0], slope[0], c.value, c.slope)
		}
	}
}

func near(x, y float64) bool {
	return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 1e-15*math.Abs(y)
}

// The coefficients are those of the interpolation that exp.go names.
func TestCoefficients(t *testing.T) {
	half := math.Ln2 / 2
	checkCoefficients(t, "exponential", exponential.q[:], -half, half, func(r *big.Float) *big.Float { // Σ r^k/(k+2)!
		return series(number(0.5), 0, func(t *big.Float, k int) {
			t.Mul(t, r)
			t.Quo(t, number(float64(k+2)))
		})
	})
	checkCoefficients(t, "logarithm", logarithm.q[:], 0, 1.0/9, func(z *big.Float) *big.Float { // Σ 2·z^k/(2k+3)
		power := number(2)
		sum := fresh().Quo(power, number(3))
		for k := 1; k < 100; k++ {
			power.Mul(power, z)
			sum.Add(sum, fresh().Quo(power, number(float64(2*k+3))))
		}
		return sum
	})
}

// checkCoefficients interpolates f on the Chebyshev nodes of [low, high]: Newton's
// divided differences, expanded.
func checkCoefficients(t *testing.T, name string, got []float64, low, high float64, f func(*big.Float) *big.Float) {
	n := len(got)
	nodes, differences := make([]*big.Float, n), make([]*big.Float, n)
	for k := range n {
		nodes[k] = number((low+high)/2 + (high-low)/2*math.Cos(math.Pi*(2*float64(k)+1)/float64(2*n)))
		differences[k] = f(fresh().Set(nodes[k]))
	}
	for order := 1; order < n; order++ {
		for k := n - 1; k >= order; k-- {
			differences[k] = fresh().Quo(fresh().Sub(differences[k], differences[k-1]), fresh().Sub(nodes[k], nodes[k-order]))
		}
	}
	want := make([]*big.Float, n)
	for k := range want {
		want[k] = fresh()
	}
	for k := n - 1; k >= 0; k-- { // want ← want·(x − node) + difference
		for p := n - 1; p >= 0; p-- {
			v := fresh().Neg(fresh().Mul(want[p], nodes[k]))
			if p > 0 {
				v.Add(v, want[p-1])
			}
			want[p] = v
		}
		want[0].Add(want[0], differences[k])
	}
	for k, w := range want {
		v, _ := w.Float64()
		if math.Abs(got[k]-v) > 1e-9*math.Abs(v)*math.Pow(10, float64(k-n+1)) && math.Abs(got[k]-v) > 2e-16*math.Abs(v) {
			t.Errorf("%s: coefficient %d is %v, want %v", name, k, got[k], v)
		}
	}
}

package losses

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// The references use numbers where nothing can overflow or cancel: exact shifts, or a
// big.Float sum.

func TestSoftplusAndSigmoid(t *testing.T) {
	for _, c := range []struct{ z, softplus, sigmoid float64 }{
		{0, math.Ln2, 0.5},
		{1, 1.3132616875182228, 0.7310585786300049}, // log(1+e), e/(1+e)
		{-1, 0.31326168751822286, 0.2689414213699951},
		{800, 800, 1},
		{-800, 0, 0},
		{-40, 4.248354255291589e-18, 4.248354255291589e-18}, // e^−40
		{math.MaxFloat64, math.MaxFloat64, 1},
		{-math.MaxFloat64, 0, 0},
	} {
		if got := Softplus(c.z); !near(got, c.softplus) || math.Abs(got-c.softplus) > 1e-15*c.softplus {
			t.Errorf("softplus(%v) = %v, want %v", c.z, got, c.softplus)
		}
		if value, slope := SoftplusSlope(c.z); value != Softplus(c.z) || slope != Sigmoid(c.z) {
			t.Errorf("softplusSlope(%v) = %v, %v, not the two functions to the bit", c.z, value, slope)
		}
		if got := Sigmoid(c.z); math.Abs(got-c.sigmoid) > 1e-15*c.sigmoid {
			t.Errorf("sigmoid(%v) = %v, want %v", c.z, got, c.sigmoid)
		}
	}
}

func TestLogSumExp(t *testing.T) {
	if got := LogSumExp(nil); !math.IsInf(got, -1) {
		t.Errorf("over nothing %v, want −Inf", got)
	}
	if got := Log1pSumExp(nil); got != 0 {
		t.Errorf("with the extra logit, over nothing %v, want 0", got)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		shift := 2000*rng.Float64() - 1000
		small := make([]float64, 1+rng.IntN(6))
		large := make([]float64, len(small))
		for k := range small {
			small[k] = 20*rng.Float64() - 10
			large[k] = small[k] + shift
		}
		sum := new(big.Float).SetPrec(200)
		for _, v := range small {
			sum.Add(sum, big.NewFloat(math.Exp(v)))
		}
		exact, _ := sum.Float64()
		share := slices.Clone(small)
		with1 := slices.Clone(small)
		if got := LogSumExp(share); math.Abs(got-math.Log(exact)) > 1e-13 {
			t.Errorf("logSumExp(%v) = %v, want %v", small, got, math.Log(exact))
		}
		if got := Log1pSumExp(with1); math.Abs(got-math.Log1p(exact)) > 1e-13 {
			t.Errorf("logSumExp1(%v) = %v, want %v", small, got, math.Log1p(exact))
		}
		for k, v := range small {
			if math.Abs(share[k]-math.Exp(v)/exact) > 1e-14 || math.Abs(with1[k]-math.Exp(v)/(1+exact)) > 1e-14 {
				t.Errorf("shares of %v: %v and %v", small, share, with1)
			}
		}
		if got, want := LogSumExp(large), math.Log(exact)+shift; math.Abs(got-want) > 1e-12*(1+math.Abs(shift)) {
			t.Errorf("shifted by %v: %v, want %v", shift, got, want)
		}
	}
}

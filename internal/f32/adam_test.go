package f32

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// adam64 is a step of torch.optim.Adam or AdamW as their documentation writes it, in
// float64.
func adam64(w, g, m, v []float64, p AdamParams) {
	for k := range w {
		d := g[k]
		if p.Decoupled {
			w[k] -= p.LR * p.WeightDecay * w[k]
		} else {
			d += p.WeightDecay * w[k]
		}
		m[k] = p.Beta1*m[k] + (1-p.Beta1)*d
		v[k] = p.Beta2*v[k] + (1-p.Beta2)*d*d
		mHat := m[k] / (1 - math.Pow(p.Beta1, float64(p.Step)))
		vHat := v[k] / (1 - math.Pow(p.Beta2, float64(p.Step)))
		w[k] -= p.LR * mHat / (math.Sqrt(vHat) + p.Eps)
	}
}

func TestAdam(t *testing.T) {
	for _, p := range []AdamParams{
		{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8},
		{LR: 1e-2, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.1},
		{LR: 1e-2, Beta1: 0.8, Beta2: 0.99, Eps: 1e-3, WeightDecay: 0.1, Decoupled: true},
	} {
		onEveryPath(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 6))
			for n := range 35 {
				w, g, m, v := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
				w64, g64, m64, v64 := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
				for k := range w {
					w[k] = float32(rng.NormFloat64())
					w64[k] = float64(w[k])
				}
				for p.Step = 1; p.Step <= 20; p.Step++ {
					for k := range g {
						g[k] = float32(rng.NormFloat64())
						g64[k] = float64(g[k])
					}
					before := slices.Clone(g)
					Adam(w, g, m, v, p)
					adam64(w64, g64, m64, v64, p)
					if !slices.Equal(g, before) {
						t.Fatalf("%+v: Adam changed the gradient", p)
					}
				}
				for k := range w {
					if math.Abs(float64(w[k])-w64[k]) > 2e-6 || math.Abs(float64(v[k])-v64[k]) > 1e-6*v64[k] {
						t.Fatalf("%+v: weight %d of %d is %v with v %v, want %v with %v", p, k, n, w[k], v[k], w64[k], v64[k])
					}
				}
			}
		})
	}
}

// The assembly on several cores and the portable implementation agree to the bit, on
// values of very different sizes.
func TestAdamGeneric(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	p := AdamParams{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01, Step: 3}
	f := p.factors()
	draw := func() []float32 {
		x := make([]float32, 2*updateChunk+13)
		for k := range x {
			x[k] = float32(rng.NormFloat64() * math.Pow(2, float64(rng.IntN(200)-100)))
		}
		return x
	}
	w, g, m, v := draw(), draw(), draw(), draw()
	for k := range v {
		v[k] = max(v[k], -v[k])
	}
	w2, m2, v2 := slices.Clone(w), slices.Clone(m), slices.Clone(v)
	Adam(w, g, m, v, p)
	adamGeneric(w2, g, m2, v2, &f)
	for k := range w {
		for _, pair := range [][2]float32{{w[k], w2[k]}, {m[k], m2[k]}, {v[k], v2[k]}} {
			if math.Float32bits(pair[0]) != math.Float32bits(pair[1]) {
				t.Fatalf("element %d: %v by Adam, %v by adamGeneric", k, pair[0], pair[1])
			}
		}
	}
}

func TestAdamPanics(t *testing.T) {
	x, p := make([]float32, 4), AdamParams{LR: 1, Beta1: 0.9, Beta2: 0.999, Step: 1}
	wantPanic(t, "f32: Adam: lengths do not fit: w 4, g 3, m 4, v 4", func() { Adam(x, x[:3], x, x, p) })
	wantPanic(t, "f32: Adam: lengths do not fit: w 4, g 4, m 4, v 0", func() { Adam(x, x, x, nil, p) })
	p.Step = 0
	wantPanic(t, "f32: Adam: step 0: the first is 1", func() { Adam(x, x, x, x, p) })
}

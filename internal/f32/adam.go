package f32

import (
	"fmt"
	"math"
	"runtime"
	"sync"
)

// AdamParams are the settings of one step of Adam (Kingma and Ba, ICLR 2015), with the
// meanings of torch.optim. They are float64, as in torch: with Beta2 rounded to float32,
// 1 − Beta2 would be wrong in the fifth digit.
type AdamParams struct {
	LR, Beta1, Beta2, Eps, WeightDecay float64

	// Decoupled applies the decay to the weights, w −= LR·WeightDecay·w, as AdamW does.
	// Otherwise the decay is part of the gradient, g + WeightDecay·w, as in torch's Adam.
	Decoupled bool

	// Step is 1 at the first update. The bias corrections are 1 − Beta1^Step and
	// 1 − Beta2^Step.
	Step int
}

// Adam updates the weights w by their gradient g. It updates m and v as well, the running
// means of the gradient and of its square, which start at zero. All have the same length;
// g is not changed. The result does not depend on the instruction set.
func Adam(w, g, m, v []float32, p AdamParams) {
	if len(g) != len(w) || len(m) != len(w) || len(v) != len(w) {
		panic(fmt.Sprintf("f32: Adam: lengths do not fit: w %d, g %d, m %d, v %d", len(w), len(g), len(m), len(v)))
	}
	if p.Step < 1 {
		panic(fmt.Sprintf("f32: Adam: step %d: the first is 1", p.Step))
	}

	u := updates.Get().(*update)
	*u = update{w, g, m, v, p.factors()}
	split(u, ceil(len(w), updateChunk), runtime.GOMAXPROCS(0))
	*u = update{}
	updates.Put(u)
}

// An update is one step of Adam, cut into chunks.
type update struct {
	w, g, m, v []float32
	factors    adamFactors
}

const updateChunk = 1 << 16 // 20 µs of work

var updates = sync.Pool{New: func() any { return new(update) }}

func (u *update) chunk(i int) {
	start, end := i*updateChunk, min((i+1)*updateChunk, len(u.w))
	w, g, m, v := u.w[start:end], u.g[start:end], u.m[start:end], u.v[start:end]

	whole := len(w) &^ 7
	if whole > 0 {
		adamBlocks(w[:whole], g[:whole], m[:whole], v[:whole], &u.factors)
	}
	adamGeneric(w[whole:], g[whole:], m[whole:], v[whole:], &u.factors)
}

// adamFactors are the factors of one step. The assembly reads them in this order.
type adamFactors struct {
	shrink, coupled float32 // of w: in the update, and in the gradient
	keepM, takeM    float32
	keepV, takeV    float32
	root, epsilon   float32 // the denominator is √v·root + epsilon
	rate            float32
}

func (p AdamParams) factors() adamFactors {
	step := float64(p.Step)
	f := adamFactors{
		shrink: 1, coupled: float32(p.WeightDecay),
		keepM: float32(p.Beta1), takeM: float32(1 - p.Beta1),
		keepV: float32(p.Beta2), takeV: float32(1 - p.Beta2),
		root: float32(1 / math.Sqrt(1-math.Pow(p.Beta2, step))), epsilon: float32(p.Eps),
		rate: float32(p.LR / (1 - math.Pow(p.Beta1, step))),
	}

	if p.Decoupled {
		f.shrink, f.coupled = float32(1-p.LR*p.WeightDecay), 0
	}
	return f
}

// adamGeneric is the portable implementation, equal to the assembly to the bit. The
// conversions prevent the compiler from fusing a product with a sum.
func adamGeneric(w, g, m, v []float32, f *adamFactors) {
	for k := range w {
		d := float32(f.coupled*w[k]) + g[k]
		m[k] = float32(f.keepM*m[k]) + float32(f.takeM*d)
		v[k] = float32(f.keepV*v[k]) + float32(float32(f.takeV*d)*d)
		root := float32(math.Sqrt(float64(v[k])))
		w[k] = float32(f.shrink*w[k]) - float32(f.rate*m[k])/(float32(root*f.root)+f.epsilon)
	}
}

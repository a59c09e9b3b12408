package train

import (
	"fmt"
	"math"

	"gpwbench/internal/f32"
)

// An OptimizerConfig says how a gradient moves the weights, with the meanings that torch.optim gives the names:
//
//	sgd    g += weight_decay·w;  b = g at first, then momentum·b + g;  w −= lr·b
//	adam   g += weight_decay·w;  then Adam with β₁ 0.9, β₂ 0.999, ε 1e-8 and both bias corrections
//	adamw  w −= lr·weight_decay·w;  then Adam on the gradient alone
type OptimizerConfig struct {
	Name        string  // sgd, adam, adamw
	LR          float64 // > 0
	WeightDecay float64 // ≥ 0
	Momentum    float64 // of sgd, in [0, 1)
}

// An optimizer moves the weights by one step and leaves the gradient as it is.
type optimizer interface{ step(w, g []float32) }

func newOptimizer(c OptimizerConfig, weights int) (optimizer, error) {
	switch {
	case c.Name != "sgd" && c.Name != "adam" && c.Name != "adamw":
		return nil, fmt.Errorf("train: unknown optimizer %q: use sgd, adam or adamw", c.Name)
	case !(c.LR > 0) || math.IsInf(c.LR, 0):
		return nil, fmt.Errorf("train: optimizer.lr is %v: it must be above 0", c.LR)
	case !(c.WeightDecay >= 0) || math.IsInf(c.WeightDecay, 0):
		return nil, fmt.Errorf("train: optimizer.weight_decay is %v: it must be 0 or more", c.WeightDecay)
	case !(c.Momentum >= 0 && c.Momentum < 1):
		return nil, fmt.Errorf("train: optimizer.momentum is %v: it must be in [0, 1)", c.Momentum)
	case c.Momentum > 0 && c.Name != "sgd":
		return nil, fmt.Errorf("train: optimizer.momentum belongs to sgd; %s has its own: leave it out", c.Name)
	}
	if c.Name == "sgd" {
		o := &sgd{lr: float32(c.LR), decay: float32(c.WeightDecay), momentum: float32(c.Momentum)}
		if c.Momentum > 0 {
			o.buffer = make([]float32, weights)
		}
		return o, nil
	}
	return &adam{
		params: f32.AdamParams{
			LR: c.LR, Beta1: beta1, Beta2: beta2, Eps: epsilon,
			WeightDecay: c.WeightDecay, Decoupled: c.Name == "adamw",
		},
		m: make([]float32, weights),
		v: make([]float32, weights),
	}, nil
}

type sgd struct {
	lr, decay, momentum float32
	buffer              []float32 // nil without momentum; zero at first, which makes the first step's buffer g
}

func (o *sgd) step(w, g []float32) {
	for k := range w {
		d := g[k] + o.decay*w[k]
		if o.buffer != nil {
			d += o.momentum * o.buffer[k]
			o.buffer[k] = d
		}
		w[k] -= o.lr * d
	}
}

// The moments' decays and the stabiliser of Kingma and Ba, ICLR 2015, which are torch's defaults too.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

type adam struct {
	params f32.AdamParams
	m, v   []float32 // means of the gradient and of its square
}

func (o *adam) step(w, g []float32) {
	o.params.Step++
	f32.Adam(w, g, o.m, o.v, o.params)
}

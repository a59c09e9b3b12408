package train

import (
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/train/config"
)

// An optimizer moves the weights w by one step along their gradient g. It does not change
// g.
type optimizer interface{ step(w, g []float32) }

// optimizers makes the optimizer that a [config.Optimizer] names, for a number of
// weights.
var optimizers = map[string]func(c config.Optimizer, weights int) optimizer{
	config.SGD:   newSGD,
	config.Adam:  func(c config.Optimizer, weights int) optimizer { return newAdam(c, weights, false) },
	config.AdamW: func(c config.Optimizer, weights int) optimizer { return newAdam(c, weights, true) },
}

func newOptimizer(c config.Optimizer, weights int) (optimizer, error) {
	if err := config.Require("optimizer", c, "lr"); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return optimizers[c.Name](c, weights), nil
}

type sgd struct {
	lr, decay, momentum float32

	// buffer is nil without momentum. It starts at zero, so after the first step it is g.
	buffer []float32
}

func newSGD(c config.Optimizer, weights int) optimizer {
	o := &sgd{
		lr: float32(c.LR), decay: float32(c.WeightDecay), momentum: float32(c.Momentum),
	}
	if c.Momentum > 0 {
		o.buffer = make([]float32, weights)
	}
	return o
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

// The decay rates and the stabiliser of Kingma and Ba, ICLR 2015, which are also the
// defaults of torch.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

type adam struct {
	params f32.AdamParams
	m, v   []float32 // means of the gradient and of its square
}

func newAdam(c config.Optimizer, weights int, decoupled bool) *adam {
	return &adam{
		params: f32.AdamParams{
			LR: c.LR, Beta1: beta1, Beta2: beta2, Eps: epsilon,
			WeightDecay: c.WeightDecay, Decoupled: decoupled,
		},
		m: make([]float32, weights),
		v: make([]float32, weights),
	}
}

func (o *adam) step(w, g []float32) {
	o.params.Step++
	f32.Adam(w, g, o.m, o.v, o.params)
}

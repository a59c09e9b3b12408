package train

import (
	"fmt"
	"math"
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

// An optimizer moves the weights by one step. It may change the gradient.
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
		lr: c.LR, decay: float32(c.WeightDecay), decoupled: c.Name == "adamw",
		m: make([]float32, weights), v: make([]float32, weights),
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
	lr        float64
	decay     float32
	decoupled bool
	steps     int
	m, v      []float32 // moments of the gradient and its square
}

func (o *adam) step(w, g []float32) {
	o.steps++
	rate := float32(o.lr / (1 - math.Pow(beta1, float64(o.steps))))
	root := float32(1 / math.Sqrt(1-math.Pow(beta2, float64(o.steps))))
	shrink, coupled := float32(1), o.decay
	if o.decoupled {
		shrink, coupled = float32(1-o.lr*float64(o.decay)), 0
	}
	for k := range w {
		d := g[k] + coupled*w[k]
		m := beta1*o.m[k] + (1-beta1)*d
		v := beta2*o.v[k] + (1-beta2)*d*d
		o.m[k], o.v[k] = m, v
		w[k] = shrink*w[k] - rate*m/(float32(math.Sqrt(float64(v)))*root+epsilon)
	}
}

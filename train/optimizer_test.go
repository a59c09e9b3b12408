package train

import (
	"math"
	"testing"

	"gpwbench/train/config"
)

// Three steps on one weight, by the algorithms in the documentation of torch.optim,
// computed by hand: the gradients are 0.5, −1, 2 and the weight starts at 1.
func TestOptimizers(t *testing.T) {
	gradients := []float32{0.5, -1, 2}
	for _, c := range []struct {
		name     string
		settings config.Optimizer
		want     []float64
	}{
		{"sgd", config.Optimizer{Name: "sgd", LR: 0.1}, []float64{0.95, 1.05, 0.85}},
		// g + 0.1·w: 0.6, −1 + 0.094, 2 + 0.10306.
		{"sgd decay", config.Optimizer{Name: "sgd", LR: 0.1, WeightDecay: 0.1}, []float64{0.94, 1.0306, 0.820294}},
		// b: 0.5, 0.45 − 1 = −0.55, −0.495 + 2 = 1.505.
		{"sgd momentum", config.Optimizer{Name: "sgd", LR: 0.1, Momentum: 0.9}, []float64{0.95, 1.005, 0.8545}},
		// Step 1 of Adam is lr·sign(g) whatever g; then
		//	m₂ = 0.9·0.05 − 0.1 = −0.055           m̂ = −0.055/0.19
		//	v₂ = 0.999·0.00025 + 0.001 = 0.00124975    v̂ = v₂/0.001999
		//	m₃ = −0.0495 + 0.2 = 0.1505            m̂ = 0.1505/0.271
		//	v₃ = 0.999·v₂ + 0.004 = 0.00524850025      v̂ = v₃/0.002997001
		{"adam", config.Optimizer{Name: "adam", LR: 0.1}, adamSteps(1, 0.1, 0, -0.055/0.19, 0.00124975/0.001999, 0.1505/0.271, 0.00524850025/0.002997001)},
		// Decoupled: w is first multiplied by 1 − 0.1·0.5.
		{"adamw", config.Optimizer{Name: "adamw", LR: 0.1, WeightDecay: 0.5}, adamSteps(1, 0.1, 0.05, -0.055/0.19, 0.00124975/0.001999, 0.1505/0.271, 0.00524850025/0.002997001)},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := newOptimizer(c.settings, 1)
			if err != nil {
				t.Fatal(err)
			}
			w := []float32{1}
			for k, g := range gradients {
				o.step(w, []float32{g})
				if math.Abs(float64(w[0])-c.want[k]) > 1e-6 {
					t.Fatalf("w = %v after step %d, want %v", w[0], k+1, c.want[k])
				}
			}
		})
	}
}

// adamSteps returns the weight after three steps, of which the first is lr long.
func adamSteps(w, lr, shrink, m2, v2, m3, v3 float64) []float64 {
	w1 := (1-shrink)*w - lr
	w2 := (1-shrink)*w1 - lr*m2/math.Sqrt(v2)
	w3 := (1-shrink)*w2 - lr*m3/math.Sqrt(v3)
	return []float64{w1, w2, w3}
}

// Adam's weight decay is in the gradient. With no gradient but the decay, the first step
// is still lr long, and so it is with a hundredfold decay. AdamW's is proportional to
// the weight.
func TestDecayCoupled(t *testing.T) {
	for _, c := range []struct {
		name  string
		decay float64
		want  float32
	}{{"adam", 0.01, 0.9}, {"adam", 1, 0.9}, {"adamw", 0.01, 0.999}, {"adamw", 1, 0.9}} {
		o, err := newOptimizer(config.Optimizer{Name: c.name, LR: 0.1, WeightDecay: c.decay}, 1)
		if err != nil {
			t.Fatal(err)
		}

		w := []float32{1}
		o.step(w, []float32{0})
		if math.Abs(float64(w[0]-c.want)) > 1e-6 {
			t.Errorf("%s, decay %v: w = %v, want %v", c.name, c.decay, w[0], c.want)
		}
	}
}

func TestOptimizerErrors(t *testing.T) {
	for _, c := range []struct {
		settings config.Optimizer
		want     string
	}{
		{config.Optimizer{Name: "adagrad", LR: 1}, `unknown optimizer "adagrad": use sgd, adam or adamw`},
		{config.Optimizer{Name: "adam"}, "optimizer.lr is 0"},
		{config.Optimizer{Name: "adam", LR: math.NaN()}, "optimizer.lr is NaN"},
		{config.Optimizer{Name: "adam", LR: math.Inf(1)}, "optimizer.lr is +Inf"},
		{config.Optimizer{Name: "sgd", LR: 1, WeightDecay: -1}, "optimizer.weight_decay is -1"},
		{config.Optimizer{Name: "sgd", LR: 1, Momentum: 1}, "optimizer.momentum is 1"},
		{config.Optimizer{Name: "adam", LR: 1, Momentum: 0.9}, `momentum belongs to sgd, not to "adam": leave it out`},
	} {
		_, err := newOptimizer(c.settings, 1)
		wantError(t, err, c.want)
	}
}

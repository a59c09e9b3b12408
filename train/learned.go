package train

import (
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// A learner moves the parameters of a loss that has some. It uses the optimizer of the
// head at their own rate, without weight decay: whether they should be small is a matter
// of the loss's formula. The optimizer's numbers are float32, and so are the parameters
// from the first step on.
type learner struct {
	*losses.TrainableParameters
	theta, gradient []float32
	optimizer       optimizer
}

// newLearner returns nil for a loss without parameters.
func newLearner(c config.Optimizer, loss losses.Loss, labels []int) (*learner, error) {
	parametric, ok := loss.(losses.Trainable)
	if !ok {
		return nil, nil
	}

	l := &learner{TrainableParameters: parametric.InitParameters(classes(labels))}
	n := len(l.Theta)
	l.theta, l.gradient = f32.Narrow(l.Theta), make([]float32, n)

	c.LR, c.WeightDecay = l.Rate, 0
	var err error
	if l.optimizer, err = newOptimizer(c, n); err != nil {
		return nil, fmt.Errorf("train: the loss's own parameters: %w", err)
	}
	return l, nil
}

func (l *learner) step() {
	for k, v := range l.Gradient {
		l.gradient[k] = float32(v)
	}
	l.optimizer.step(l.theta, l.gradient)
	for k, v := range l.theta {
		l.Theta[k] = float64(v)
	}
}

// Learned returns the values of the loss's own parameters, by name. It is nil if there
// are none, and with head none.
func (t *Trainer) Learned() map[string]float64 {
	if t.learner == nil {
		return nil
	}

	values := map[string]float64{}
	for k, name := range t.learner.Names {
		values[name] = t.learner.Theta[k]
	}
	return values
}

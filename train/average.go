package train

import (
	"errors"
	"fmt"
	"slices"

	"gpwbench/train/config"
)

// An average is the exponential moving average of weights w of [config.Average]. It is
// kept corrected: with β^t in power,
//
//	w̄_t = w̄_(t−1) + (1−β)/(1−β^t)·(w_t − w̄_(t−1))
//
// is the sum of the definition, and w̄_1 = w_1.
type average struct {
	decay, power float64
	w            []float32
}

// newAverage returns the average of weights that start at w, or nil where none is kept.
func newAverage(c Config, w []float32) (*average, error) {
	if err := config.Check("average", c.Average); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	switch {
	case !c.Average.InUse():
		return nil, nil
	case !c.Head.Trains():
		return nil, errors.New("train: average is of the weights of a head, " +
			"and head none has none: leave average out")
	}
	return &average{decay: c.Average.Decay, power: 1, w: slices.Clone(w)}, nil
}

// add adds the weights after a step. The conversion keeps compilers from fusing, which
// would give other bits on other machines.
func (a *average) add(w []float32) {
	a.power *= a.decay
	share := float32((1 - a.decay) / (1 - a.power))
	mean := a.w[:len(w)]
	for k, v := range w {
		mean[k] += float32(share * (v - mean[k]))
	}
}

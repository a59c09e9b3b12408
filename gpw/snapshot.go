package gpw

import "gpwbench/losses"

// A Snapshot is a batch of a training with its gradient, as the step used them. The
// weight of every pair can be computed from it again.
type Snapshot struct {
	Step   int       // number of steps before this one; all losses share the batch of step 0
	Loss   float64   // value on the batch
	Labels []int     // m
	S, G   []float64 // m×m, row-major
}

// Weights returns the snapshot's weights, with N and P by the mean.
func (s Snapshot) Weights() (*Weights, error) { return s.WeightsPooled(Pooling{}) }

// WeightsPooled is [Snapshot.Weights] with another pooling of N and P.
func (s Snapshot) WeightsPooled(p Pooling) (*Weights, error) {
	b, err := losses.NewBatch(s.S, s.Labels)
	if err != nil {
		return nil, err
	}
	w := FromGradientPooled(b, s.G, p)
	w.Loss = s.Loss
	return w, nil
}

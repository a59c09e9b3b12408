package gpw

import "gpwbench/losses"

// A Snapshot is a batch of a training run with its gradient, as the step used them.
// Every pair's weight can be read from it again.
type Snapshot struct {
	Step   int       // steps done before this one; all losses share the batch of step 0
	Loss   float64   // value on the batch
	Labels []int     // m
	S, G   []float64 // m×m, row-major
}

// Weights reads the snapshot's weights, N and P by the mean.
func (s Snapshot) Weights() (*Weights, error) { return s.WeightsPooled(Pooling{}) }

// WeightsPooled is [Snapshot.Weights] with N and P by another pooling.
func (s Snapshot) WeightsPooled(p Pooling) (*Weights, error) {
	b, err := losses.NewBatch(s.S, s.Labels)
	if err != nil {
		return nil, err
	}
	w := FromGradientPooled(b, s.G, p)
	w.Loss = s.Loss
	return w, nil
}

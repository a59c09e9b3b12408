package analysis

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// A Sweep is the weight of one pair under one loss while one group of its anchor's
// similarities moves and all others are held.
type Sweep struct {
	Moves              gpw.Axis // S: the pair itself; N: the other negatives; P: the other positives
	Positive, Negative *Scatter // the same pair many times, in the order in which it moves
}

// NewSweep sweeps a pair of the batch of [probe.Sweep], once as a positive and once as a
// negative. moves is S, N or P. It returns the error of another axis, or of a loss that
// is not finite there.
func NewSweep(c losses.Choice, moves gpw.Axis, pooling gpw.Pooling) (*Sweep, error) {
	s := &Sweep{Moves: moves}
	for _, side := range []struct {
		positive bool
		to       **Scatter
	}{{true, &s.Positive}, {false, &s.Negative}} {
		w, err := probe.Sweep(c, side.positive, moves, pooling)
		if err != nil {
			return nil, err
		}
		if *side.to, err = sweepScatter(c, w); err != nil {
			return nil, err
		}
	}

	return s, nil
}

// Side returns the pair as a positive or as a negative.
func (s *Sweep) Side(positive bool) *Scatter {
	if positive {
		return s.Positive
	}
	return s.Negative
}

// SweepBatchNote says in a sentence which batch the pair of sweeps and heatmaps belongs
// to.
var SweepBatchNote = fmt.Sprintf("The pair is one of a batch of %d anchors whose positives lie at %v\u00a0±\u00a0%v and negatives at %v\u00a0±\u00a0%v; "+
	"it is held at %v unless it moves.", probe.SweepAnchors, probe.SweepPositives, probe.SweepSpread, probe.SweepNegatives, probe.SweepSpread, probe.SweepPair)

// sweepScatter reads the weights of a loss on a batch of no data set.
func sweepScatter(c losses.Choice, w *gpw.Weights) (*Scatter, error) {
	scatter, err := NewScatter(w)
	if err != nil {
		return nil, err
	}
	scatter.Loss, scatter.Title, scatter.Caption, scatter.Step = c.Name(), c.Spec.Title, c.Caption(), NoStep
	return scatter, nil
}

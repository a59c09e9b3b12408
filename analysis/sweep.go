package analysis

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// A Sweep is what a loss does to one pair while one group of its anchor's similarities moves and all the rest is held.
type Sweep struct {
	Moves              Similarity // S: the pair itself; N: the other negatives; P: the other positives
	Positive, Negative *Cloud     // the same pair many times, in the order in which it moves
}

// groups are what moves with a similarity.
var groups = [...]probe.Movement{S: probe.Itself, N: probe.OtherNegatives, P: probe.OtherPositives}

// NewSweep sweeps a pair of the batch of [probe.Sweep], once as a positive and once as a negative.
func NewSweep(c losses.Choice, moves Similarity, pooling gpw.Pooling) (*Sweep, error) {
	s := &Sweep{Moves: moves}
	for _, kind := range []struct {
		positive bool
		to       **Cloud
	}{{true, &s.Positive}, {false, &s.Negative}} {
		w, err := probe.Sweep(c, kind.positive, groups[moves], pooling)
		if err != nil {
			return nil, err
		}
		if *kind.to, err = named(c, w); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Of returns the pair as a positive or as a negative.
func (s *Sweep) Of(positive bool) *Cloud {
	if positive {
		return s.Positive
	}
	return s.Negative
}

// SweepBatch says in a sentence in what batch the pair of sweeps and planes is.
var SweepBatch = fmt.Sprintf("The pair is one of a batch of %d anchors whose positives lie at %v ± %v and negatives at %v ± %v; "+
	"it is held at %v unless it moves.", probe.SweepAnchors, probe.SweepPositives, probe.SweepSpread, probe.SweepNegatives, probe.SweepSpread, probe.SweepPair)

// named reads the weights of a loss that has no data set.
func named(c losses.Choice, w *gpw.Weights) (*Cloud, error) {
	cloud, err := NewCloud(w)
	if err != nil {
		return nil, err
	}
	cloud.Loss, cloud.Title, cloud.Caption, cloud.Step = c.Name(), c.Spec.Title, c.Caption(), NoStep
	return cloud, nil
}

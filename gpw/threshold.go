package gpw

import (
	"math"

	"gpwbench/losses"
)

// A Threshold is the sweep of case 3: the weight of the scenario's negative pair while the anchor's positives move, all else held.
type Threshold struct {
	Shifts, Weights []float64 // Weights are m·G
	Step            *Step     // the largest one; nil if the weight is continuous
}

// A Step is where a weight jumps.
type Step struct{ At, Below, Above float64 }

// At returns the weight at the point of the sweep nearest to a shift.
func (t *Threshold) At(shift float64) float64 {
	nearest := 0
	for k, s := range t.Shifts {
		if math.Abs(s-shift) < math.Abs(t.Shifts[nearest]-shift) {
			nearest = k
		}
	}
	return t.Weights[nearest]
}

// The sweep's range and its grain.
const (
	sweepFrom, sweepTo = -0.1, 0.25
	sweepPoints        = 71 // every 0.005
)

// FindThreshold moves the anchor's positives by −0.1 to 0.25 and looks for the largest jump between two neighbouring points, which it
// bisects: a change that is left over the smallest interval is a step. The error is that of [losses.Choice.Loss].
func FindThreshold(c losses.Choice) (*Threshold, error) {
	if _, err := c.Loss(); err != nil {
		return nil, err
	}
	t, base := &Threshold{}, newScenario()
	weigh := func(by float64) float64 {
		return float64(len(base.labels)) * evaluate(c, base.labels, base.moved(PartP, by))[scenarioPair]
	}
	steepest, most := 0, 0.0
	for k := range sweepPoints {
		at := sweepFrom + (sweepTo-sweepFrom)*float64(k)/(sweepPoints-1)
		t.Shifts = append(t.Shifts, at)
		t.Weights = append(t.Weights, weigh(at))
		most = max(most, math.Abs(t.Weights[k]))
		if k > 0 && math.Abs(t.Weights[k]-t.Weights[k-1]) > math.Abs(t.Weights[steepest+1]-t.Weights[steepest]) {
			steepest = k - 1
		}
	}
	low, high := t.Shifts[steepest], t.Shifts[steepest+1]
	below, above := t.Weights[steepest], t.Weights[steepest+1]
	for high-low > 1e-12 {
		at := (low + high) / 2
		w := weigh(at)
		if math.Abs(w-below) < math.Abs(w-above) {
			low, below = at, w
		} else {
			high, above = at, w
		}
	}
	if math.Abs(above-below) > 1e-3*most {
		t.Step = &Step{At: low, Below: below, Above: above}
	}
	return t, nil
}

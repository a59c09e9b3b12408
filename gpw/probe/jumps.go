package probe

import (
	"math"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// A Threshold is the sweep of case 3: the weight of the scenario's negative pair while
// the anchor's positives move and everything else is held.
type Threshold struct {
	Shifts, Weights []float64 // Weights are m·G
	Jumps           []Jump    // where the weight jumps, in the order of the shifts
}

// A Jump is a discontinuity of the weight: the shift, and the weights on either side.
type Jump struct{ At, Below, Above float64 }

// At returns the weight at the point of the sweep nearest to a shift, and NaN where the
// sweep has no points.
func (t *Threshold) At(shift float64) float64 {
	if len(t.Shifts) == 0 || len(t.Weights) != len(t.Shifts) {
		return math.NaN()
	}

	nearest := 0
	for k, s := range t.Shifts {
		if math.Abs(s-shift) < math.Abs(t.Shifts[nearest]-shift) {
			nearest = k
		}
	}
	return t.Weights[nearest]
}

// Largest returns the largest jump. It reports false without jumps.
func (t *Threshold) Largest() (largest Jump, ok bool) {
	for _, s := range t.Jumps {
		if math.Abs(s.Above-s.Below) > math.Abs(largest.Above-largest.Below) {
			largest, ok = s, true
		}
	}
	return largest, ok
}

// The range of the sweep, its number of points, and the smallest jump as a share of the
// largest weight.
const (
	sweepFrom, sweepTo = -0.1, 0.25
	sweepPoints        = 71 // every 0.005
	smallestJump       = 1e-3
)

// FindThreshold moves the anchor's positives by −0.1 to 0.25 and bisects between
// neighbouring points where the weight differs. A change that remains across the smallest
// interval is a jump. Of two jumps between neighbouring points it finds one. The error is
// that of [losses.Choice.Loss], or of a loss that is not finite.
func FindThreshold(c losses.Choice) (*Threshold, error) {
	if _, err := c.Loss(); err != nil {
		return nil, err
	}

	t, base := &Threshold{}, newScenario()
	var failed error
	weigh := func(by float64) float64 {
		g, err := evaluate(c, base.labels, base.moved(gpw.P, by))
		if err != nil {
			failed = err
			return 0
		}
		return float64(len(base.labels)) * g[scenarioPair]
	}

	for k := range sweepPoints {
		at := sweepFrom + (sweepTo-sweepFrom)*float64(k)/(sweepPoints-1)
		t.Shifts = append(t.Shifts, at)
		t.Weights = append(t.Weights, weigh(at))
	}

	smallest := smallestJump * largest(0, t.Weights)
	for k := range sweepPoints - 1 {
		low, high, below, above := t.Shifts[k], t.Shifts[k+1], t.Weights[k], t.Weights[k+1]
		for high-low > 1e-12 && math.Abs(above-below) > smallest {
			at := (low + high) / 2
			if w := weigh(at); math.Abs(w-below) < math.Abs(w-above) {
				low, below = at, w
			} else {
				high, above = at, w
			}
		}

		if math.Abs(above-below) > smallest {
			t.Jumps = append(t.Jumps, Jump{At: low, Below: below, Above: above})
		}
	}

	if failed != nil {
		return nil, failed
	}
	return t, nil
}

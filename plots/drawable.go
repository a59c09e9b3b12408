package plots

import (
	"errors"
	"math"
	"slices"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// errEmpty is the error of the formats of an empty figure.
var errEmpty = errors.New("plots: an empty figure: there was no batch, sweep, training or loss to draw")

// empty reports whether there is nothing to draw.
func (f *Figure) empty() bool { return f == nil || f.draw == nil || f.rows == nil }

// kept returns the items that can be drawn.
func kept[T any](all []T, drawable func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !drawable(one) })
}

// drawableBatch reports whether a batch has no pair at infinity, and a weight for each.
func drawableBatch(c *analysis.Scatter) bool {
	return c != nil && c.Finite()
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func drawableMaps(h *analysis.Heatmaps) bool {
	return h != nil && len(kept(append(h.Positive[:], h.Negative[:]...), drawableBatch)) == 4
}

// drawableSweep reports whether a sweep has its pair on both sides.
func drawableSweep(s *analysis.Sweep) bool {
	return s != nil && drawableBatch(s.Positive) && drawableBatch(s.Negative) && gpw.S <= s.Moves && s.Moves <= gpw.P
}

// drawableSweeps returns the losses whose sweeps can all be drawn and have the movements
// of the first of them.
func drawableSweeps(losses [][]*analysis.Sweep) [][]*analysis.Sweep {
	whole := kept(losses, func(sweeps []*analysis.Sweep) bool {
		return len(sweeps) > 0 && len(kept(sweeps, drawableSweep)) == len(sweeps)
	})
	return kept(whole, func(sweeps []*analysis.Sweep) bool {
		return slices.EqualFunc(sweeps, whole[0], func(a, b *analysis.Sweep) bool { return a.Moves == b.Moves })
	})
}

// drawableHistories returns the trainings that have statistics, without the batches that
// cannot be drawn.
func drawableHistories(histories []*analysis.TrainingHistory) []*analysis.TrainingHistory {
	all := kept(histories, func(h *analysis.TrainingHistory) bool {
		return h != nil && len(h.Stats) > 0 && !slices.ContainsFunc(h.EachSeed(), func(seed analysis.SeedStats) bool {
			return slices.ContainsFunc(seed.Stats, hasInfinity)
		})
	})
	for k, h := range all {
		if batches := kept(h.Batches, drawableBatch); len(batches) < len(h.Batches) {
			changed := *h
			changed.Batches = batches
			all[k] = &changed
		}
	}
	return all
}

func hasInfinity(m analysis.WeightStats) bool {
	for _, s := range []analysis.SideStats{m.Positive, m.Negative} {
		for _, v := range []float64{s.Mass, s.Effective, s.Hardest, s.Largest, s.Force, s.Mean, s.Low, s.High} {
			if math.IsInf(v, 0) {
				return true
			}
		}
	}
	return math.IsInf(m.Loss, 0)
}

func drawableScenario(s *Scenario) bool {
	return s != nil && finite(s.Before) && !slices.ContainsFunc(slices.Concat(s.After[:], s.Held[:]), func(v float64) bool { return !finite(v) })
}

func drawableThreshold(s *Scenario) bool {
	return drawableScenario(s) && s.Threshold != nil && len(s.Threshold.Shifts) > 0 && len(s.Threshold.Weights) == len(s.Threshold.Shifts)
}

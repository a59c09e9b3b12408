package plots

import (
	"errors"
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

func drawableBatch(c *analysis.Scatter) bool { return c != nil }

func drawableMaps(h *analysis.Heatmaps) bool {
	return h != nil && !slices.Contains(h.Positive[:], nil) && !slices.Contains(h.Negative[:], nil)
}

// drawableSweep reports whether a sweep has its pair on both sides.
func drawableSweep(s *analysis.Sweep) bool {
	return s != nil && s.Positive != nil && s.Negative != nil && gpw.S <= s.Moves && s.Moves <= gpw.P
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

// drawableCourses returns the trainings that have statistics, without batches that cannot
// be drawn.
func drawableCourses(courses []*analysis.TrainingHistory) []*analysis.TrainingHistory {
	all := kept(courses, func(h *analysis.TrainingHistory) bool { return h != nil && len(h.Stats) > 0 })
	for k, h := range all {
		if batches := kept(h.Batches, drawableBatch); len(batches) < len(h.Batches) {
			changed := *h
			changed.Batches = batches
			all[k] = &changed
		}
	}
	return all
}

func drawableScenario(s *Scenario) bool { return s != nil }

func drawableThreshold(s *Scenario) bool {
	return s != nil && s.Threshold != nil && len(s.Threshold.Shifts) > 0 && len(s.Threshold.Weights) == len(s.Threshold.Shifts)
}

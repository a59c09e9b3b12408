package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/experiments"
	"gpwbench/gpw"
	"gpwbench/plots"
)

// views draws batches: in the view that was asked for, or the one that suits the number of losses. sweeps may be nil.
func (f *plotFlags) views(clouds []*analysis.Scatter, sweeps func() ([]*analysis.Sweep, error)) ([]drawing, error) {
	titles := map[string]bool{}
	for _, c := range clouds {
		titles[c.Loss+c.Title] = true
	}
	view := f.view
	switch {
	case view != "":
	case len(titles) == 1:
		view = "pairs"
	case len(clouds) <= 3:
		view = "compare"
	default:
		view = "overview"
	}
	along := gpw.Axis(strings.Index("SNP", f.against))
	width := f.inches()
	switch view {
	case "pairs":
		return pages(f.name("pairs"), clouds, width.WeightsRows(), func(c []*analysis.Scatter) *plots.Figure { return plots.Weights(width, c...) }), nil
	case "axes":
		return pages(f.name("axes"), clouds, plots.AgainstRows, func(c []*analysis.Scatter) *plots.Figure { return plots.Against(width, c...) }), nil
	case "overview":
		return pages(f.name("overview"), clouds, width.OverviewLosses(), func(c []*analysis.Scatter) *plots.Figure { return plots.Overview(c, along, width) }), nil
	case "map":
		return pages(f.name("map"), clouds, width.HeatmapLosses(), func(c []*analysis.Scatter) *plots.Figure {
			var planes []*analysis.Heatmaps
			for _, cloud := range c {
				planes = append(planes, cloud.Heatmaps())
			}
			return plots.Heatmaps(planes, width)
		}), nil
	}
	if len(clouds) > 3 {
		return nil, usagef("--view compare has room for three losses side by side, not %d; overview is for many", len(clouds))
	}
	var moved []*analysis.Sweep
	if sweeps != nil {
		var err error
		if moved, err = sweeps(); err != nil {
			return nil, err
		}
	}
	return []drawing{{f.name("compare"), plots.Compare(clouds, moved, width)}}, nil
}

// sweeps draws what losses do to a pair while similarities move.
func (f *plotFlags) sweeps(ctx context.Context, rows []experiments.Row, pooling gpw.Pooling) ([]drawing, error) {
	width := f.inches()
	if slices.Contains(f.sweep, "map") {
		var all []*analysis.Heatmaps
		for _, r := range rows {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			p, err := analysis.NewHeatmaps(r.Choice, pooling)
			if err != nil {
				return nil, err
			}
			for _, cloud := range append(p.Positive[:], p.Negative[:]...) {
				cloud.Title = r.Label
			}
			all = append(all, p)
		}
		return pages(f.name("map"), all, width.HeatmapLosses(), func(p []*analysis.Heatmaps) *plots.Figure { return plots.Heatmaps(p, width) }), nil
	}
	var all [][]*analysis.Sweep
	for _, r := range rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var sweeps []*analysis.Sweep
		for _, what := range f.sweep {
			s, err := analysis.NewSweep(r.Choice, gpw.Axis(slices.Index(plotSweeps, what)), pooling)
			if err != nil {
				return nil, err
			}
			s.Positive.Title, s.Negative.Title = r.Label, r.Label
			sweeps = append(sweeps, s)
		}
		all = append(all, sweeps)
	}
	if len(all) <= plots.SweepLines {
		return []drawing{{f.name("sweep"), plots.Sweeps(all, width)}}, nil
	}
	return pages(f.name("sweep"), all, plots.SweepRows, func(l [][]*analysis.Sweep) *plots.Figure { return plots.SweepMultiples(l, width) }), nil
}

// pages draws figures of at most n items each; the second and the others have their number in their name.
func pages[T any](name string, items []T, n int, draw func([]T) *plots.Figure) []drawing {
	var all []drawing
	for page := range slices.Chunk(items, n) {
		title := name
		if len(all) > 0 {
			title += "_" + strconv.Itoa(len(all)+1)
		}
		all = append(all, drawing{title, draw(page)})
	}
	return all
}

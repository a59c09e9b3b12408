package figures

import (
	"errors"
	"fmt"
	"slices"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
)

// A curvePoint is a step of one run, with what was measured after it.
type curvePoint struct{ step, value float64 }

// A curveKind is what a row's curve shows: what chose the step on held-out classes, or
// the test classes, or where nothing was evaluated the loss of the batches.
type curveKind struct {
	dataset, quantity, axis string
	percent                 bool
}

// curves draws the learning curves of records, by data set and by what is measured.
func (l Layout) curves(records []results.Record) ([]Named, error) {
	t := table.Summarize(records, order(nil, records), nil)
	var kinds []curveKind
	rows := map[curveKind][]plots.LearningCurve{}
	for _, b := range t.Blocks {
		var all []compare.Row
		for _, r := range b.Rows {
			all = append(all, compare.Row{Label: b.RowName(r), Head: r.Head, Protocol: r.Protocol, Kind: r.Kind, Runs: r.Runs})
		}
		names := compare.Names(all)
		for k, r := range b.Rows {
			kind, curve := curveOf(names[k], r)
			if curve == nil {
				continue
			}
			if rows[kind] == nil {
				kinds = append(kinds, kind)
			}
			rows[kind] = append(rows[kind], *curve)
		}
	}
	if len(kinds) == 0 {
		return nil, errors.New("no run has a learning curve: nothing was trained for two steps or more")
	}

	var drawn []Named
	for k, kind := range kinds {
		name := l.name(CurvesView)
		if k > 0 {
			name += fmt.Sprintf("_%d", k+1)
		}
		drawn = append(drawn, paged(name, rows[kind], plots.LearningCurvePanels, func(page []plots.LearningCurve) *plots.Figure {
			d := plots.Curves{Dataset: kind.dataset, Quantity: kind.quantity, Axis: kind.axis, Shared: kind.percent, Rows: page}
			note := ""
			if kind.percent {
				d.Unit = "%"
			} else {
				note = "Losses have scales of their own, and so have their panels."
			}
			return plots.LearningCurves(l.Width, d, note)
		})...)
	}
	return drawn, nil
}

// curveOf is the curve of a row, nil without one.
func curveOf(name string, r table.Row) (curveKind, *plots.LearningCurve) {
	kind := curveKind{dataset: datasetName(r.Runs[0])}
	key := testMetric(r)
	var runs [][]curvePoint
	var chosen []float64
	for _, run := range r.Runs {
		var points []curvePoint
		switch v := run.Validation; {
		case v != nil && v.Chosen == results.ChoseSteps:
			kind.axis, kind.percent = metricTitle(v.Metric), true
			kind.quantity = kind.axis + " on held-out classes"
			for _, p := range v.Points {
				points = append(points, curvePoint{p.Value, 100 * p.Mean})
			}
			chosen = append(chosen, v.Value)
		case key != "":
			kind.axis, kind.percent = metricTitle(key), true
			kind.quantity = kind.axis + " on the test classes"
			for _, p := range run.Trajectory {
				if m, ok := p.Metrics[key]; ok {
					points = append(points, curvePoint{float64(p.Step), 100 * m})
				}
			}
			chosen = append(chosen, float64(run.Steps))
		default:
			kind.quantity, kind.axis = "Loss of the batch", "loss L"
			for _, p := range run.Trajectory {
				points = append(points, curvePoint{float64(p.Step), p.Loss})
			}
		}
		if len(points) > 1 {
			runs = append(runs, points)
		}
	}
	if len(runs) == 0 {
		return kind, nil
	}
	return kind, average(name, runs, chosen)
}

// testMetric is the metric of the trajectory of a row whose test classes were evaluated
// more than once, "" of others.
func testMetric(r table.Row) string {
	count := map[string]int{}
	for _, p := range r.Runs[0].Trajectory {
		for key := range p.Metrics {
			count[key]++
		}
	}
	for _, key := range []string{
		results.MAPAtR, results.MetricNamed(results.Recall).Key(1), results.MetricNamed(results.RecallExpected).Key(1),
	} {
		if count[key] > 1 {
			return key
		}
	}
	return ""
}

// average takes the runs together, at the steps that all of them have.
func average(name string, runs [][]curvePoint, chosen []float64) *plots.LearningCurve {
	c := &plots.LearningCurve{Name: name, Seeds: len(runs), Chosen: chosen}
	for _, p := range runs[0] {
		low, high, sum, n := p.value, p.value, 0.0, 0
		for _, run := range runs {
			if k := slices.IndexFunc(run, func(o curvePoint) bool { return o.step == p.step }); k >= 0 {
				low, high, sum, n = min(low, run[k].value), max(high, run[k].value), sum+run[k].value, n+1
			}
		}
		if n == len(runs) {
			c.Steps, c.Mean = append(c.Steps, p.step), append(c.Mean, sum/float64(n))
			c.Low, c.High = append(c.Low, low), append(c.High, high)
		}
	}
	if len(c.Steps) == 0 {
		return nil
	}
	return c
}

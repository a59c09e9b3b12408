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

// A curveKind is what a row's curve shows: a metric by its key, on held-out classes or on
// the test classes, or the loss of the batches.
type curveKind struct {
	dataset, key, quantity, axis string
	percent                      bool
	folds                        bool // of held-out classes, which each seed divides anew
}

// LossCurve is the name of the learning curve of the loss itself.
const LossCurve = "loss"

// curves draws the learning curves of records, by data set and by what is measured: the
// metric of rows that were evaluated while they trained, and the loss of all. A metric,
// or [LossCurve], draws that alone.
func (l Layout) curves(records []results.Record, metric string) ([]Named, error) {
	t := table.Summarize(records, order(nil, records), nil)
	var kinds, losses []curveKind
	rows := map[curveKind][]plots.LearningCurve{}
	for _, b := range t.Blocks {
		var all []compare.Row
		for _, r := range b.Rows {
			all = append(all, compare.Row{Label: b.RowName(r), Head: r.Head, Protocol: r.Protocol, Kind: r.Kind, Runs: r.Runs})
		}
		names := compare.Names(all)
		for k, r := range b.Rows {
			for _, of := range curvesOf(names[k], r) {
				if metric != "" && metric != of.kind.key {
					continue
				}
				if rows[of.kind] == nil && of.kind.key == LossCurve {
					losses = append(losses, of.kind)
				} else if rows[of.kind] == nil {
					kinds = append(kinds, of.kind)
				}
				rows[of.kind] = append(rows[of.kind], *of.curve)
			}
		}
	}
	kinds = append(kinds, losses...)
	if len(kinds) == 0 && metric != "" {
		return nil, fmt.Errorf("no run has a learning curve of %s: leave the metric out for those that there are", metric)
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
				if kind.folds {
					note = "Each seed divides the classes into folds anew, so a band shows how folds differ, too."
				}
			} else {
				note = "Losses have scales of their own, and so have their panels."
			}
			return plots.LearningCurves(l.print(), d, note)
		})...)
	}
	return drawn, nil
}

// A kindCurve is a curve of a row.
type kindCurve struct {
	kind  curveKind
	curve *plots.LearningCurve
}

// curvesOf are the curves of a row: of what chose its steps on held-out classes, or of
// the test classes where these were evaluated in between, and of the loss of its batches.
func curvesOf(name string, r table.Row) []kindCurve {
	var measured, loss [][]curvePoint
	var chosen []float64
	kind := curveKind{dataset: datasetName(r.Runs[0]), percent: true}
	key := testMetric(r)
	for _, run := range r.Runs {
		var points, losses []curvePoint
		switch v := run.Validation; {
		case v != nil && v.Chosen == results.ChoseSteps:
			kind.key, kind.axis = v.Metric, metricTitle(v.Metric)
			kind.quantity, kind.folds = kind.axis+" on held-out classes", true
			for _, p := range v.Points {
				points = append(points, curvePoint{p.Value, 100 * p.Mean})
			}
			chosen = append(chosen, v.Value)
		case key != "":
			kind.key, kind.axis = key, metricTitle(key)
			kind.quantity = kind.axis + " on the test classes"
			for _, p := range run.Trajectory {
				if m, ok := p.Metrics[key]; ok {
					points = append(points, curvePoint{float64(p.Step), 100 * m})
				}
			}
			chosen = append(chosen, float64(run.Steps))
		}
		for _, p := range run.Trajectory {
			losses = append(losses, curvePoint{float64(p.Step), p.Loss})
		}
		if len(points) > 1 {
			measured = append(measured, points)
		}
		if len(losses) > 1 {
			loss = append(loss, losses)
		}
	}

	var all []kindCurve
	if c := average(name, measured, chosen); c != nil {
		all = append(all, kindCurve{kind, c})
	}
	if c := average(name, loss, nil); c != nil {
		all = append(all, kindCurve{curveKind{dataset: kind.dataset, key: LossCurve, quantity: "Loss of the batch", axis: "loss L"}, c})
	}
	return all
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

// average takes the runs together, at the steps that all of them have; nil without any.
func average(name string, runs [][]curvePoint, chosen []float64) *plots.LearningCurve {
	if len(runs) == 0 {
		return nil
	}
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

package figures

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/table"
)

const (
	recallNote      = "Points are means over seeds."
	recallIntervals = " Bars are 95 % intervals by a bootstrap over the test classes: how far the means hold for other classes. Points of one K are drawn a little apart."
	recallWithout   = " The intervals of more rows than five would hide each other; the view intervals shows them."
)

// recallBars is how many rows have intervals in one figure.
const recallBars = 5

// recall draws Recall@K over the K that were measured, a panel a data set and a line a
// row. Rows that have no room on one page are on others.
func (l Layout) recall(t *table.Table) ([]Named, error) {
	data := &plots.Sensitivity{Path: "K", Metric: results.Recall, Title: "Recall@K", Note: recallNote + recallIntervals}
	for _, b := range t.Blocks {
		data.Stacked = data.Stacked || len(b.Rows) > recallBars
	}
	if data.Stacked {
		data.Note = recallNote + recallWithout
	}
	several := false
	for _, b := range t.Blocks {
		panel := plots.SensitivityPanel{Dataset: datasetName(b.Rows[0].Runs[0]), Log: true}
		at := recallKs(b)
		several = several || len(at) > 1
		for _, k := range at {
			panel.Values = append(panel.Values, plots.SensitivityValue{Text: strconv.Itoa(k), Number: float64(k)})
		}
		names := b.Compared.Names()
		lines := make([]plots.SensitivityLine, len(b.Rows))
		for place, k := range at {
			key := results.MetricNamed(results.Recall).Key(k)
			estimates := b.Compared.Intervals(key)
			for n, row := range b.Rows {
				stat, ok := row.Metrics[key]
				if !ok {
					continue
				}
				q := plots.SensitivityPoint{Value: place, Mean: stat.Mean, Low: math.NaN(), High: math.NaN(), Runs: len(row.Runs)}
				if e := estimates[n]; !data.Stacked && e != nil && e.Low != nil && e.High != nil {
					q.Low, q.High = *e.Low, *e.High
				}
				lines[n].Points = append(lines[n].Points, q)
			}
		}
		for n := range lines {
			lines[n].Name = names[n]
			if !slices.Contains(data.Labels, names[n]) {
				data.Labels = append(data.Labels, names[n])
			}
			if len(lines[n].Points) > 0 {
				panel.Lines = append(panel.Lines, lines[n])
			}
		}
		if len(panel.Values) > 0 {
			data.Panels = append(data.Panels, panel)
		}
	}
	if !several {
		return nil, errors.New("no data set has Recall@K of two K or more; metrics: {recall_at: [1, 2, 4, 8]} in the spec measures them")
	}

	drawn := l.Sensitivity(data)
	for k := range drawn {
		drawn[k].Name = l.name(RecallView)
		if k > 0 {
			drawn[k].Name += "_" + strconv.Itoa(k+1)
		}
	}
	return drawn, nil
}

// recallKs are the K of the rows of a block, ascending.
func recallKs(b table.Block) []int {
	var at []int
	for _, r := range b.Rows {
		for key := range r.Metrics {
			if m, k, ok := results.FindMetric(key); ok && m.Key(k) == results.MetricNamed(results.Recall).Key(k) && !slices.Contains(at, k) {
				at = append(at, k)
			}
		}
	}
	slices.Sort(at)
	return at
}

package figures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
)

// The views of an experiment: its rows beside each other.
const (
	IntervalsView = "intervals" // the mean of every row, with its interval over test classes
	RecallView    = "recall"    // Recall@K over K, with intervals over test classes
	RanksView     = "ranks"     // average ranks over data sets, with their critical difference
	CurvesView    = "curves"    // learning curves, with bands over seeds
)

// ComparisonViews are the views of [Run.Comparison].
var ComparisonViews = []string{IntervalsView, RecallView, RanksView, CurvesView}

// Comparison draws the rows of an experiment in one of [ComparisonViews]. Of the
// selection the data set and the rows are read, a data set of "" being all of them. The
// metric is a key of results.Record.Metrics, "" for MAP@R where it was measured and else
// Recall@1; of learning curves it is also [LossCurve], and "" is all that there is. The
// error is a [RequestError], or says what the folder lacks.
func (r *Run) Comparison(ctx context.Context, l Layout, s Selection, metric string) ([]Named, error) {
	records, err := r.compared(s)
	if err != nil {
		return nil, err
	}
	if l.View == CurvesView {
		return l.curves(records, metric)
	}

	t := table.Summarize(records, order(r.plan.Order, records), nil)
	t.Compare(r.store)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if l.View == RecallView {
		return l.recall(t)
	}
	metric, err = compare.Metric(t.Sets(), metric)
	if name := new(compare.NameError); errors.As(err, &name) {
		return nil, &RequestError{fmt.Sprintf("no %s %q", name.What, name.Name), name.Name, name.Known, false}
	}
	if err != nil {
		return nil, err
	}
	if l.View == RanksView {
		return l.ranks(t, metric)
	}
	return l.intervals(t, metric)
}

// compared are the selected records, baselines among them.
func (r *Run) compared(s Selection) ([]results.Record, error) {
	var sets []string
	for _, record := range r.records {
		if !slices.Contains(sets, record.Dataset.Name) {
			sets = append(sets, record.Dataset.Name)
		}
	}
	if len(sets) == 0 {
		return nil, fmt.Errorf("%s holds no finished run; the same gpw run goes on with it", r.folder)
	}
	if s.Dataset != "" && !slices.Contains(sets, s.Dataset) {
		return nil, &RequestError{fmt.Sprintf("%s has no data set %q", r.folder, s.Dataset), s.Dataset, sets, false}
	}

	all := len(s.Rows) == 0 || slices.Contains(s.Rows, "all")
	var records []results.Record
	found := map[string]bool{}
	for _, record := range r.records {
		if s.Dataset != "" && record.Dataset.Name != s.Dataset {
			continue
		}
		named := slices.IndexFunc(s.Rows, func(name string) bool {
			return name == record.Label || name == record.Loss || name == record.Loss+"."+record.Preset
		})
		if named >= 0 {
			found[s.Rows[named]] = true
		}
		if all || named >= 0 {
			records = append(records, record)
		}
	}
	for _, name := range s.Rows {
		if !all && !found[name] {
			return nil, &RequestError{fmt.Sprintf("%s has no row %q", r.folder, name), name, labels(r.records), false}
		}
	}
	return records, nil
}

// order is that of a plan or, without one, of the records.
func order(planned []string, records []results.Record) []string {
	if len(planned) > 0 {
		return planned
	}
	var names []string
	for _, r := range records {
		for _, name := range []string{r.Dataset.Name, r.Label} {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// metricTitle is a metric as tables print it.
func metricTitle(key string) string {
	m, k, _ := results.FindMetric(key)
	return cmp.Or(m.ColumnTitle(k), key)
}

const intervalNote = "Means over seeds, with 95 % intervals by a bootstrap over the test classes: how far they hold for other classes. " +
	"Whether rows are tied is judged by their difference, class by class, so that intervals of rows that differ may overlap."

// intervals draws the rows of a table on all its data sets.
func (l Layout) intervals(t *table.Table, metric string) ([]Named, error) {
	panels := intervalPanels(t, metric)
	if len(panels) == 0 {
		return nil, fmt.Errorf("no row has %s", metric)
	}
	var names []string
	for _, p := range panels {
		for _, r := range p.Rows {
			if !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
	}
	without := append(t.WithoutIntervals(metric), t.NotCompared(metric)...)
	return paged(l.name(IntervalsView), names, plots.IntervalRows, func(page []string) *plots.Figure {
		var part []plots.IntervalPanel
		for _, p := range panels {
			p.Rows = slices.DeleteFunc(slices.Clone(p.Rows), func(r plots.IntervalRow) bool { return !slices.Contains(page, r.Name) })
			part = append(part, p)
		}
		return plots.Intervals(l.print(), metricTitle(metric), part, append([]string{intervalNote}, without...)...)
	}), nil
}

// intervalPanels are the rows of each block that have the metric.
func intervalPanels(t *table.Table, metric string) []plots.IntervalPanel {
	var panels []plots.IntervalPanel
	for _, b := range t.Blocks {
		p := plots.IntervalPanel{Dataset: datasetName(b.Rows[0].Runs[0])}
		estimates := b.Compared.Intervals(metric)
		for k, r := range b.Rows {
			stat, ok := r.Metrics[metric]
			if !ok {
				continue
			}
			row := plots.IntervalRow{Name: b.Compared.Names()[k], Mean: stat.Mean}
			if e := estimates[k]; e != nil {
				row.Low, row.High = e.Low, e.High
			}
			if tie, ok := r.Ties[metric]; ok && tie.Compared() {
				row.Standing = plots.Worse
				if tie.Tied {
					row.Standing = plots.Tied
				}
				if tie.Best {
					row.Standing = plots.Best
				}
			}
			p.Rows = append(p.Rows, row)
		}
		if len(p.Rows) > 0 {
			panels = append(panels, p)
		}
	}
	return panels
}

// ranks draws the critical-difference diagram of a table.
func (l Layout) ranks(t *table.Table, metric string) ([]Named, error) {
	ranking := compare.Rank(t.Sets(), metric)
	if ranking == nil {
		return nil, fmt.Errorf("ranks need two data sets, and two rows that have %s on all of them", metric)
	}
	d := plots.RankDiagram{
		Metric: metricTitle(metric), Rows: ranking.Rows, Ranks: ranking.Ranks,
		CriticalDifference: ranking.CriticalDifference, Groups: ranking.Groups,
	}
	for _, b := range t.Blocks {
		d.Datasets = append(d.Datasets, datasetName(b.Rows[0].Runs[0]))
	}
	var sets []string
	for _, b := range t.Blocks {
		sets = append(sets, b.DatasetName())
	}
	notes := append(ranking.Notes(), "Data sets: "+strings.Join(sets, ", ")+".")
	return []Named{{l.name(RanksView), plots.Ranks(l.print(), d, notes...)}}, nil
}

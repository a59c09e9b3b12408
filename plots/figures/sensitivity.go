package figures

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/table"
)

// Sensitivity is a metric of the rows of an experiment against one of its swept settings,
// "" for the first, on every data set or the selected one. The metric "" is Recall@1.
// Rows without a name are all; the steps of the selection are not read. The error is a
// [RequestError].
func (r *Run) Sensitivity(path, metric string, s Selection) (*plots.Sensitivity, error) {
	t, err := table.Of(r.store, r.plan)
	if err != nil {
		return nil, err
	}
	if path == "" && len(r.plan.Sweep) > 0 {
		path = r.plan.Sweep[0].Path
	}
	p, err := t.Pivot(path, metric)
	if e := new(table.PivotError); errors.As(err, &e) {
		return nil, &RequestError{Text: r.folder + ": " + e.Text, Name: e.Name, Known: e.Known}
	} else if err != nil {
		return nil, err
	}

	out := &plots.Sensitivity{Path: path, Metric: p.Metric, Title: p.MetricTitle()}
	for _, b := range t.Blocks {
		for _, row := range b.Rows {
			out.Labels = append(out.Labels, row.Label)
		}
	}
	var sets, rows []string
	for _, b := range p.Blocks {
		sets = append(sets, b.Dataset.Name)
		if s.Dataset != "" && s.Dataset != b.Dataset.Name {
			continue
		}
		panel := plots.SensitivityPanel{Dataset: table.Block{Dataset: b.Dataset}.DatasetName(), Source: b.Dataset.Provenance}
		for k, v := range b.Values {
			panel.Values = append(panel.Values, sensitivityValue(v, b.Texts[k]))
		}
		for k := range b.Rows {
			row := &b.Rows[k]
			rows = append(rows, row.Label)
			if l := sensitivityLine(row, !results.IsShare(p.Metric)); len(l.Points) > 0 && (len(s.Rows) == 0 || slices.Contains(s.Rows, "all") || slices.Contains(s.Rows, row.Label)) {
				panel.Lines = append(panel.Lines, l)
			}
		}
		out.Panels = append(out.Panels, panel)
	}

	if len(out.Panels) == 0 {
		return nil, &RequestError{Text: fmt.Sprintf("%s sweeps %s on no data set %q", r.folder, path, s.Dataset), Name: s.Dataset, Known: sets}
	}
	for _, name := range s.Rows {
		if name != "all" && !slices.Contains(rows, name) {
			slices.Sort(rows)
			return nil, &RequestError{Text: fmt.Sprintf("%s has no row %q", r.folder, name), Name: name, Known: slices.Compact(rows)}
		}
	}
	return out, nil
}

func sensitivityValue(v any, text string) plots.SensitivityValue {
	number, ok := v.(float64)
	if !ok {
		number = math.NaN()
	}
	return plots.SensitivityValue{Text: text, Number: number}
}

func sensitivityLine(row *table.PivotRow, plain bool) plots.SensitivityLine {
	l := plots.SensitivityLine{Name: row.Name(), Label: row.Label, Constant: row.Constant}
	for k, s := range row.Cells {
		if s == nil {
			continue
		}
		q := plots.SensitivityPoint{Value: k, Mean: s.Mean, Low: math.NaN(), High: math.NaN(), Runs: s.N, Plain: plain}
		if s.Low != nil && s.High != nil {
			q.Low, q.High = *s.Low, *s.High
		}
		l.Points = append(l.Points, q)
	}
	return l
}

// Sensitivity draws a metric against a setting. Rows that have no room on one page are on
// others; each page has all data sets.
func (l Layout) Sensitivity(data *plots.Sensitivity) []Named {
	return paged(l.name("sweep_"+pathName(data.Path)), data.Pages(), 1, func(page []*plots.Sensitivity) *plots.Figure {
		return plots.Sensitivities(l.print(), page[0])
	})
}

// pathName makes a part of a file name of a path.
func pathName(path string) string {
	name := nameOf(path)
	if name == "" {
		return "setting"
	}
	return name
}

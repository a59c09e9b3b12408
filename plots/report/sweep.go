package report

import (
	"slices"

	"gpwbench/results"
	"gpwbench/results/table"
)

// A sweepData is a metric of the rows of a set against one swept setting.
type sweepData struct {
	Path   string     `json:"path"`
	Metric string     `json:"metric"`
	Texts  []string   `json:"texts"`  // of the values
	Values []number   `json:"values"` // null where the values are no numbers
	Rows   []sweepRow `json:"rows"`
}

type sweepRow struct {
	Name  string      `json:"name"`
	Cells []*sweepRun `json:"cells"` // by value; null where there is none
}

type sweepRun struct {
	Mean number `json:"mean"`
	Low  number `json:"low"` // of Student's interval over seeds
	High number `json:"high"`
	Text string `json:"text"`
}

// sweep reads a swept setting on the data set of a block, in every metric.
func (f *Folder) sweep(block int, path string) []sweepData {
	var all []sweepData
	for _, m := range f.data.Metrics {
		pivot, err := f.table.Pivot(path, m.Key)
		if err != nil {
			continue // the table has no row that the setting touches
		}
		k := slices.IndexFunc(pivot.Blocks, func(b table.PivotBlock) bool { return b.Dataset == f.table.Blocks[block].Dataset })
		if k < 0 {
			continue
		}
		d := sweepData{Path: path, Metric: m.Key, Texts: pivot.Blocks[k].Texts}
		for _, v := range pivot.Blocks[k].Values {
			value, ok := v.(float64)
			if !ok {
				value = float64(missing)
			}
			d.Values = append(d.Values, number(value))
		}
		for r := range pivot.Blocks[k].Rows {
			d.Rows = append(d.Rows, sweepRowOf(&pivot.Blocks[k].Rows[r], m.Key))
		}
		all = append(all, d)
	}
	return all
}

func sweepRowOf(r *table.PivotRow, metric string) sweepRow {
	row := sweepRow{Name: r.Name()}
	if r.Kind != results.KindLoss && r.Constant {
		row.Name += " (not swept)"
	}
	by := unit(metric)
	for _, s := range r.Cells {
		if s == nil {
			row.Cells = append(row.Cells, nil)
			continue
		}
		cell := &sweepRun{Mean: by * number(s.Mean), Low: by * optional(s.Low), High: by * optional(s.High), Text: text(metric, s.Mean)}
		if s.SD != nil {
			cell.Text += " ± " + text(metric, *s.SD)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

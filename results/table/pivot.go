package table

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// A Pivot is one metric of a table with the values of one swept setting across.
type Pivot struct {
	Path   string // of the setting
	Metric string // its key
	Blocks []PivotBlock
	Notes  []string // whole sentences
}

// A PivotBlock is the part of a pivot that was measured on one data set.
type PivotBlock struct {
	Dataset results.DatasetInfo
	Values  []any    // of the setting, in the order of the sweep
	Texts   []string // the values as they are printed
	Rows    []PivotRow
}

// A PivotRow stands for rows of the table that differ in nothing but the setting.
type PivotRow struct {
	Label, Kind, Protocol string
	Swept                 results.Swept // the other settings
	Constant              bool          // the setting does not touch the row

	// Cells are those of the values, nil where there is none. A constant row has the same
	// in all.
	Cells []*stats.Stat

	name string
	tied bool // a figure that cannot be read without its range is among the cells
}

// Name is the label with the other settings, and the protocol where the block has
// several.
func (r *PivotRow) Name() string { return r.name }

// MetricTitle is the metric as a table heads its column.
func (p *Pivot) MetricTitle() string { return metricTitle(p.Metric) }

// A PivotError is a request for what a table does not have.
type PivotError struct {
	Text  string
	Name  string   // that is not known; may be ""
	Known []string // the names that could have been meant
}

func (e *PivotError) Error() string {
	if len(e.Known) == 0 {
		return e.Text
	}
	return e.Text + "; known: " + strings.Join(e.Known, ", ")
}

// Sweeps reports whether some row is of a swept setting.
func (t *Table) Sweeps(path string) bool {
	return slices.ContainsFunc(t.Blocks, func(b Block) bool { return slices.Contains(b.Swept, path) })
}

// Pivot sets the values of one swept setting across. The metric "" is Recall@1, or the
// first of the table without one. The error is a *PivotError.
func (t *Table) Pivot(path, metric string) (*Pivot, error) {
	var paths, metrics []string
	for _, b := range t.Blocks {
		paths, metrics = append(paths, b.Swept...), append(metrics, b.allMetrics()...)
	}
	slices.SortFunc(metrics, results.CompareMetrics)
	metrics = slices.Compact(metrics)
	switch {
	case len(t.Blocks) == 0:
		return nil, &PivotError{Text: "there are no runs yet, so there is nothing to pivot"}
	case len(paths) == 0:
		return nil, &PivotError{Text: "no setting is swept here; sweep: in a spec sweeps some"}
	case !slices.Contains(paths, path):
		slices.Sort(paths)
		return nil, &PivotError{fmt.Sprintf("%q is not swept here", path), path, slices.Compact(paths)}
	case metric == "" && slices.Contains(metrics, recallAt1):
		metric = recallAt1
	case metric == "":
		metric = metrics[0]
	case !slices.Contains(metrics, metric):
		return nil, &PivotError{fmt.Sprintf("no run has the metric %q", metric), metric, metrics}
	}

	p := &Pivot{Path: path, Metric: metric}
	for _, b := range t.Blocks {
		if slices.Contains(b.Swept, path) {
			p.Blocks = append(p.Blocks, t.pivotBlock(b, path, metric))
		}
	}
	p.Notes = p.notes(t)
	for _, n := range t.Notes {
		if !slices.Contains(t.onMarks, n) { // a pivot has no marks
			p.Notes = append(p.Notes, n)
		}
	}
	return p, nil
}

func (t *Table) pivotBlock(b Block, path, metric string) PivotBlock {
	out := PivotBlock{Dataset: b.Dataset}
	for _, v := range t.sweep.values(path) {
		if slices.ContainsFunc(b.Rows, func(r Row) bool { return results.EqualSwept(r.Swept[path], v) }) {
			out.Values = append(out.Values, v)
			out.Texts = append(out.Texts, results.SweptTextAmong(v, t.sweep.values(path)))
		}
	}

	for _, r := range b.Rows {
		value, touched := r.Swept[path]
		at := out.row(b, r, path, slices.IndexFunc(out.Values, func(v any) bool { return results.EqualSwept(v, value) }))
		at.tied = at.tied || r.Tied > tiedMark
		s, ok := r.Metrics[metric]
		for k := range at.Cells {
			if ok && (!touched || results.EqualSwept(out.Values[k], value)) {
				at.Cells[k] = &s
			}
		}
	}
	return out
}

// row returns the row of the pivot for a row of the table, with its cell of a value free.
func (p *PivotBlock) row(b Block, r Row, path string, value int) *PivotRow {
	mine := PivotRow{Label: r.Label, Kind: r.Kind, Protocol: r.Protocol, Constant: value < 0, Cells: make([]*stats.Stat, len(p.Values))}
	for other, v := range r.Swept {
		if other != path {
			if mine.Swept == nil {
				mine.Swept = results.Swept{}
			}
			mine.Swept[other] = v
		}
	}
	for k := range p.Rows {
		o := &p.Rows[k]
		same := o.Label == mine.Label && o.Kind == mine.Kind && o.Protocol == mine.Protocol && sweptKey(o.Swept) == sweptKey(mine.Swept)
		if same && value >= 0 && o.Cells[value] == nil {
			return o
		}
	}

	var words []string
	if b.showsProtocol() && r.Kind == results.KindLoss {
		words = append(words, r.Protocol)
	}
	if others := r.sweptWords(slices.DeleteFunc(slices.Clone(b.Swept), func(o string) bool { return o == path })); others != "" {
		words = append(words, others)
	}
	mine.name = r.Label
	if len(words) > 0 {
		mine.name += " (" + strings.Join(words, ", ") + ")"
	}
	p.Rows = append(p.Rows, mine)
	return &p.Rows[len(p.Rows)-1]
}

// notes say what the cells are, and what else varies.
func (p *Pivot) notes(t *Table) []string {
	n := []string{fmt.Sprintf("Columns are values of %s; cells are %s.", p.Path, metricTitle(p.Metric))}
	var constant, others []string
	for _, b := range p.Blocks {
		for _, r := range b.Rows {
			if r.Constant && !slices.Contains(constant, r.Label) {
				constant = append(constant, r.Label)
			}
			for other := range r.Swept {
				if !slices.Contains(others, other) {
					others = append(others, other)
				}
			}
		}
	}
	if len(constant) > 0 {
		n = append(n, fmt.Sprintf("%s does not change these rows, whose one figure stands in every column: %s.", p.Path, strings.Join(constant, ", ")))
	}
	if len(others) > 0 {
		slices.Sort(others)
		n = append(n, fmt.Sprintf("Also swept, and part of the names of rows: %s.", strings.Join(others, ", ")))
	}
	for _, b := range t.Blocks {
		if !slices.Contains(b.Swept, p.Path) {
			n = append(n, fmt.Sprintf("%s changes no row on %s, which is left out.", p.Path, b.Dataset.Name))
		}
	}
	return n
}

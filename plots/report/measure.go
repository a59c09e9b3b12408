package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/stats"
	"gpwbench/results/table"
)

// A measureData is one metric of the rows of a data set.
type measureData struct {
	Answer string        `json:"answer"` // which row is best, and which are tied with it
	Rows   []measuredRow `json:"rows"`   // one for each row of the set
	Matrix *matrixData   `json:"matrix,omitempty"`
}

// A measuredRow is the metric of a row, in the units of its axis. What was not measured
// is null, and its text "–".
type measuredRow struct {
	Mean     number `json:"mean"`
	Low      number `json:"low"` // of the interval over test classes
	High     number `json:"high"`
	SD       number `json:"sd"` // over seeds
	Text     string `json:"text"`
	Interval string `json:"interval"`
	Seeds    int    `json:"seeds"`
	Standing string `json:"standing"` // best, tied, worse, or "" for a row that was not compared
	Against  string `json:"against"`  // its difference to the best
}

// measure reads a metric of the rows of a block.
func measure(b table.Block, metric string) *measureData {
	d := &measureData{}
	var intervals []*stats.Estimate
	if b.Compared != nil && compare.PerQuery(metric) {
		intervals = b.Compared.Intervals(metric)
	}
	by := unit(metric)
	for k, r := range b.Rows {
		row := measuredRow{Mean: missing, Low: missing, High: missing, SD: missing, Text: "–"}
		if s, ok := r.Metrics[metric]; ok {
			row.Mean, row.Text, row.Seeds = by*number(s.Mean), text(metric, s.Mean), s.N
			if s.SD != nil {
				row.SD = by * number(*s.SD)
				row.Text += " ± " + text(metric, *s.SD)
			}
		}
		if intervals != nil && intervals[k] != nil {
			e := intervals[k]
			row.Low, row.High, row.Interval = by*optional(e.Low), by*optional(e.High), between(metric, e.Low, e.High)
		}
		if tie, ok := r.Ties[metric]; ok && tie.Compared() {
			row.Standing, row.Against = standing(tie), against(metric, tie)
		}
		d.Rows = append(d.Rows, row)
	}
	d.Answer = answer(rowNames(b), d.Rows, metric)
	return d
}

func standing(tie compare.Tie) string {
	switch {
	case tie.Best:
		return "best"
	case tie.Tied:
		return "tied"
	default:
		return "worse"
	}
}

// against writes the difference of a row to the best.
func against(metric string, tie compare.Tie) string {
	if tie.Best {
		return "–"
	}
	s := signed(metric, tie.Mean)
	if i := between(metric, tie.Low, tie.High); i != "" {
		s += " (" + i + ")"
	}
	if p := probability(tie.PHolm); p != "" {
		s += ", " + p
	}
	return s
}

// answer says which row is the best in a metric, and which are not told from it.
func answer(names []string, rows []measuredRow, metric string) (text string) {
	title := metricTitle(metric)
	var tied []string
	best, compared := -1, 0
	for k, r := range rows {
		switch r.Standing {
		case "best":
			best = k
		case "tied":
			tied = append(tied, names[k])
		}
		if r.Standing != "" {
			compared++
		}
	}
	if best < 0 {
		return "No row was tested against another in " + title + ": its values are means, and which is larger says nothing of other classes."
	}

	sentence := fmt.Sprintf("%s has the best mean in %s, %s.", names[best], title, rows[best].Text)
	if others := len(names) - compared; others > 0 {
		defer func() {
			text += fmt.Sprintf(" %s in no test; the notes say why.", output.Count(others, "row is", "rows are"))
		}()
	}
	switch {
	case len(tied) == 0:
		return sentence + fmt.Sprintf(" The test tells %s from it.", output.Count(compared-1, "other row", "other rows"))
	case len(tied) == compared-1:
		return sentence + " The test tells no other row from it: on these test classes, any of them may be as good."
	default:
		return sentence + fmt.Sprintf(" Not told from it: %s. The test tells %d of %d from it.", strings.Join(tied, ", "), compared-1-len(tied), compared-1)
	}
}

// amongLosses says which of the losses has the best mean and which others the comparisons
// of the matrix do not tell from it, where the best row of all is no loss. Else the
// answer says so already, and the text is "".
func amongLosses(b table.Block, rows []measuredRow, m compare.Matrix) string {
	best, names := -1, rowNames(b)
	var losses []int // places among the rows of the matrix
	var means []string
	for k, r := range b.Rows {
		if rows[k].Standing == "best" && r.Kind == results.KindLoss {
			return ""
		}
		i := slices.Index(m.Rows, names[k])
		if i < 0 || r.Kind != results.KindLoss {
			continue
		}
		losses, means = append(losses, i), append(means, rows[k].Text)
		if best < 0 || m.Means[i] > m.Means[losses[best]] {
			best = len(losses) - 1
		}
	}
	if len(losses) < 2 {
		return ""
	}

	var tied []string
	untested := 0
	for _, j := range losses {
		switch p, _ := m.At(losses[best], j); {
		case p == nil:
		case p.Tied == nil:
			untested++
		case *p.Tied:
			tied = append(tied, m.Rows[j])
		}
	}
	text := fmt.Sprintf("Of the %d losses, %s has the best mean, %s; ", len(losses), m.Rows[losses[best]], means[best])
	others := len(losses) - 1 - untested
	switch {
	case others == 0:
		return text + "no other loss was tested against it."
	case len(tied) == 0:
		return text + fmt.Sprintf("the comparison of all rows tells %s from it.", output.Count(others, "other loss", "other losses"))
	case len(tied) == others:
		return text + "the comparison of all rows tells no other loss from it."
	default:
		return text + fmt.Sprintf("not told from it: %s.", strings.Join(tied, ", "))
	}
}

// A matrixData is the differences of all pairs of rows in a metric. A cell is row less
// column; that of a row with itself is null.
type matrixData struct {
	Rows  []int           `json:"rows"` // places in the rows of the folder
	Cells [][]*matrixCell `json:"cells"`
	Most  number          `json:"most"` // the largest difference
	Notes []string        `json:"notes"`
}

type matrixCell struct {
	Value number `json:"value"`
	Text  string `json:"text"`
	Tied  *bool  `json:"tied"` // null where the rows were not compared
	Say   string `json:"say"`  // in full
}

// mostPairs is how many comparisons of two rows a page has on all data sets; each is a
// bootstrap, of some milliseconds.
const mostPairs = 500

// addMatrices adds the comparison of every pair of rows, in as many metrics as there is
// time for, the first one of the folder before others. The last of mostPairs may be
// exceeded by one metric.
func (f *Folder) addMatrices(ctx context.Context, block int, s *setData) error {
	b := f.table.Blocks[block]
	if b.Compared == nil || b.Compared.Classes() < 2 {
		return nil
	}
	metrics := slices.DeleteFunc(b.Metrics(), func(m string) bool { return !compare.PerQuery(m) })
	slices.SortStableFunc(metrics, func(x, y string) int { return order(x, f.data.Metric) - order(y, f.data.Metric) })
	pairs := 0
	for _, metric := range metrics {
		if pairs += len(b.Rows) * (len(b.Rows) - 1) / 2 * len(f.table.Blocks); pairs > mostPairs && metric != metrics[0] {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		report, err := compare.All([]*compare.Set{b.Compared}, metric)
		if err != nil {
			continue // fewer than two rows have it
		}
		d := s.Measures[metric]
		d.Matrix = f.matrix(report, metric)
		if text := amongLosses(b, d.Rows, report.Matrices[0]); text != "" {
			d.Answer += " " + text
		}
	}
	return nil
}

// order puts the chosen metric first, then Recall@1.
func order(metric, chosen string) int {
	switch metric {
	case chosen:
		return 0
	case results.MetricNamed(results.Recall).Key(1):
		return 1
	default:
		return 2
	}
}

// matrix takes the first data set of a report.
func (f *Folder) matrix(report *compare.Report, metric string) *matrixData {
	m := report.Matrices[0]
	d := &matrixData{Notes: report.Notes}
	by := unit(metric)
	for i, name := range m.Rows {
		d.Rows = append(d.Rows, f.row(name))
		line := make([]*matrixCell, len(m.Rows))
		for j := range m.Rows {
			p, reversed := m.At(i, j)
			if p == nil {
				continue
			}
			v, low, high := p.Mean, p.Low, p.High
			if reversed {
				v, low, high = -v, negated(p.High), negated(p.Low)
			}
			cell := &matrixCell{Value: by * number(v), Text: signed(metric, v), Tied: p.Tied}
			cell.Say = fmt.Sprintf("%s less %s: %s", name, m.Rows[j], cell.Text)
			if i := between(metric, low, high); i != "" {
				cell.Say += ", 95 % interval " + i
			}
			if t := probability(p.PHolm); t != "" {
				cell.Say += ", " + t + " (Holm)"
			}
			if p.Tied != nil && *p.Tied {
				cell.Say += ": not told apart"
			}
			line[j] = cell
			d.Most = max(d.Most, cell.Value)
		}
		d.Cells = append(d.Cells, line)
	}
	return d
}

func negated(v *float64) *float64 {
	if v == nil {
		return nil
	}
	n := -*v
	return &n
}

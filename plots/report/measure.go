package report

import (
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
// answer says so already, and the text is "". The matrix has the losses of the best
// means.
func amongLosses(b table.Block, rows []measuredRow, m compare.Matrix) string {
	best, names := -1, rowNames(b)
	var losses []int // places among the rows of the matrix
	var means []string
	all := 0
	for k, r := range b.Rows {
		if r.Kind == results.KindLoss && rows[k].Text != "–" {
			all++
		}
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
	text := fmt.Sprintf("Of the %d losses, %s has the best mean, %s; ", all, m.Rows[losses[best]], means[best])
	compared := "the comparison of all rows"
	if all > len(losses) {
		compared = fmt.Sprintf("the comparison of the %d rows of the best means", len(m.Rows))
	}
	others := len(losses) - 1 - untested
	switch {
	case others == 0:
		return text + "no other loss was tested against it."
	case len(tied) == 0:
		return text + fmt.Sprintf("%s tells %s from it.", compared, output.Count(others, "other loss", "other losses"))
	case len(tied) == others:
		return text + compared + " tells no other loss from it."
	default:
		return text + fmt.Sprintf("not told from it: %s.", strings.Join(tied, ", "))
	}
}

package report

import (
	"context"
	"fmt"
	"slices"

	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
)

// A matrixData is the differences of pairs of rows in a metric. A cell is row less
// column; that of a row with itself is null.
type matrixData struct {
	Rows  []int           `json:"rows"` // places in the rows of the folder
	Cells [][]*matrixCell `json:"cells"`
	Most  number          `json:"most"` // the largest difference
	Notes []string        `json:"notes"`
	Says  []string        `json:"says"` // which rows are left out, and why nothing is tested
}

type matrixCell struct {
	Value number `json:"value"`
	Text  string `json:"text"`
	Tied  *bool  `json:"tied,omitempty"` // absent where the rows were not compared
	Say   string `json:"say,omitempty"`  // its interval and p-value
}

const (
	// mostTests is how many comparisons of two rows a page has on all data sets; each is
	// a bootstrap, of some milliseconds.
	mostTests = 1000
	// mostCompared is how many rows are compared with each other: of more, the resamples
	// of a bootstrap are too few to tell any pair of the family apart by Holm.
	mostCompared = 32
	// fewestCompared are compared on however many data sets.
	fewestCompared = 8
)

// rowsCompared is how many rows of each of some data sets are compared with each other.
func rowsCompared(sets int) int {
	rows := mostCompared
	for rows > fewestCompared && rows*(rows-1)/2*sets > mostTests {
		rows--
	}
	return rows
}

// addMatrices adds the differences of the rows of the best means in every metric. Those
// of the first metric are tested, and those of as many others as there is time for; then
// stand differences of means, which cost nothing, with what tests them.
func (f *Folder) addMatrices(ctx context.Context, block int, s *setData) error {
	b, names, sets := f.table.Blocks[block], rowNames(f.table.Blocks[block]), len(f.table.Blocks)
	metrics := b.Metrics()
	slices.SortStableFunc(metrics, func(x, y string) int { return order(x, f.data.Metric) - order(y, f.data.Metric) })
	tests := 0
	for _, metric := range metrics {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, left := f.bestRows(block, metric, rowsCompared(sets))
		if len(rows) < 2 {
			continue
		}
		d := s.Measures[metric]
		why := untested(b, metric)
		if why == "" {
			pairs := len(rows) * (len(rows) - 1) / 2 * sets
			if tests+pairs > mostTests && metric != metrics[0] {
				why = fmt.Sprintf("a page has time for %d tests, and those of other metrics stand before; gpw compare DIR --metric %s has them", mostTests, metric)
			}
		}
		if why == "" {
			var chosen []string
			for _, k := range rows {
				chosen = append(chosen, names[k])
			}
			if left == 0 {
				chosen = nil // all, also where two have one name
			}
			report, err := compare.All([]*compare.Set{b.Compared}, metric, chosen...)
			if err == nil {
				tests += len(rows) * (len(rows) - 1) / 2 * sets
				d.Matrix = f.matrix(report, metric)
				if text := amongLosses(b, d.Rows, report.Matrices[0]); text != "" {
					d.Answer += " " + text
				}
			} else {
				why = err.Error()
			}
		}
		if d.Matrix == nil {
			d.Matrix = f.meansMatrix(b, rows, metric)
			d.Matrix.Says = append(d.Matrix.Says, "These are differences of means, and none is tested: "+why+".")
		}
		if left > 0 {
			d.Matrix.Says = append(d.Matrix.Says, fmt.Sprintf("%d of %d rows stand here, those of the best means. "+
				"gpw compare DIR ROW ROW … --metric %s compares the rows that you name, and without names all of them.", len(rows), len(rows)+left, metric))
		}
	}
	return nil
}

// untested says why rows cannot be tested against each other in a metric, "" where they
// can.
func untested(b table.Block, metric string) string {
	switch {
	case !compare.PerQuery(metric):
		return metricTitle(metric) + " is no mean over queries"
	case b.Compared == nil:
		return "the folder has no per-query results of two rows"
	case b.Compared.Classes() < 2:
		return "a test over classes needs two test classes"
	}
	return ""
}

// bestRows are the rows of a block with the best means in a metric, in the order of the
// table, and how many others have it.
func (f *Folder) bestRows(block int, metric string, most int) (rows []int, left int) {
	ranks := f.ranksIn(block, metric)
	for k, r := range f.table.Blocks[block].Rows {
		if _, ok := r.Metrics[metric]; !ok {
			continue
		}
		if ranks[k] < most {
			rows = append(rows, k)
		} else {
			left++
		}
	}
	return rows, left
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
	d := &matrixData{Notes: report.Notes, Says: []string{}}
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

// meansMatrix has the differences of the means of some rows of a block.
func (f *Folder) meansMatrix(b table.Block, rows []int, metric string) *matrixData {
	d, names, by := &matrixData{Notes: []string{}, Says: []string{}}, rowNames(b), unit(metric)
	for _, i := range rows {
		d.Rows = append(d.Rows, f.row(names[i]))
		line := make([]*matrixCell, len(rows))
		for at, j := range rows {
			if i == j {
				continue
			}
			v := b.Rows[i].Metrics[metric].Mean - b.Rows[j].Metrics[metric].Mean
			line[at] = &matrixCell{Value: by * number(v), Text: signed(metric, v), Say: ", not tested"}
			d.Most = max(d.Most, line[at].Value)
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

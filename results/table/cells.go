package table

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// Title names the data set, and marks a synthetic one.
func (b Block) Title() string {
	title := b.datasetCell()
	if b.Dataset.Title != "" && b.Dataset.Title != b.Dataset.Name {
		title += ": " + b.Dataset.Title
	}
	return title
}

// DatasetName names the data set in short, and marks a synthetic one.
func (b Block) DatasetName() string { return b.datasetCell() }

func (b Block) datasetCell() string {
	if b.Dataset.Synthetic {
		return b.Dataset.Name + " (synthetic)"
	}
	return b.Dataset.Name
}

// Header returns the titles of the columns of the printed block. The first column is the
// label and is set to the left, the others to the right.
func (b Block) Header() []string {
	header := append([]string{"method"}, sweptHeaders(b.Swept)...)
	if b.showsHead() {
		header = append(header, "head")
	}
	if b.showsProtocol() {
		header = append(header, "protocol")
	}
	header = append(header, "n")
	for _, m := range b.printedMetrics() {
		header = append(header, metricTitle(m))
	}
	for _, c := range b.publishedColumns() {
		header = append(header, c.header(metricTitle(c.Metric)))
	}

	return header
}

// Cells returns the rows under [Block.Header], without marks. Figures are in percent with
// one decimal, or of four digits for metrics that are no fractions of 1: the mean and,
// unless the table has another [Style], ± the sample standard deviation.
func (b Block) Cells() [][]string {
	var cells [][]string
	for k, r := range b.Rows {
		label := r.Label
		if r.Tied > tiedMark {
			label += " †"
		}
		line := append([]string{label}, r.sweptCells(b.Swept)...)
		if b.showsHead() {
			line = append(line, r.Head)
		}
		if b.showsProtocol() {
			line = append(line, r.Protocol)
		}
		line = append(line, strconv.Itoa(len(r.Runs)))
		for _, m := range b.printedMetrics() {
			line = append(line, b.cell(k, m))
		}
		for _, c := range b.publishedColumns() {
			line = append(line, r.publishedCell(c))
		}
		cells = append(cells, line)
	}

	return cells
}

// inUnits writes the mean and the deviation of a metric.
func inUnits(metric string, s stats.Stat) string {
	if s.SD == nil {
		return number(metric, s.Mean)
	}
	return number(metric, s.Mean) + " ± " + number(metric, *s.SD)
}

// number is a value of a metric, or a difference of two, as tables print it.
func number(metric string, v float64) string {
	if results.IsShare(metric) {
		return percent(v)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

func (r Row) publishedCell(column PublishedValue) string {
	for _, c := range r.Published {
		if sameColumn(c, column) {
			return c.cell()
		}
	}
	return "–"
}

func percent(fraction float64) string { return strconv.FormatFloat(100*fraction, 'f', 1, 64) }

// showsHead reports whether the block has a column of heads. One head for all losses is
// named once, in a note. Baselines name theirs by their label, unless two share a label.
func (b Block) showsHead() bool {
	heads, labels := map[string]bool{}, map[string]string{}
	for _, r := range b.Rows {
		if r.Kind == results.KindLoss {
			heads[r.Head] = true
		}
		if head, seen := labels[r.Label]; seen && head != r.Head {
			return true
		}
		labels[r.Label] = r.Head
	}
	return len(heads) > 1
}

func (b Block) showsProtocol() bool {
	protocols := map[string]bool{}
	for _, r := range b.Rows {
		if r.Kind == results.KindLoss {
			protocols[r.Protocol] = true
		}
	}
	return len(protocols) > 1
}

// printedMetrics are the measured metrics that have a title, Recall@K by ascending K
// first. The values with ties against the query and expected over tie orders are in the
// notes where they matter, and in JSON and CSV.
func (b Block) printedMetrics() []string {
	var metrics []string
	for _, m := range b.allMetrics() {
		if metricTitle(m) != m {
			metrics = append(metrics, m)
		}
	}
	return metrics
}

// allMetrics are the names of all metrics of the block, Recall@K first.
func (b Block) allMetrics() []string {
	var metrics []string
	for _, r := range b.Rows {
		for m := range r.Metrics {
			if !slices.Contains(metrics, m) {
				metrics = append(metrics, m)
			}
		}
	}
	slices.SortFunc(metrics, results.CompareMetrics)
	return metrics
}

// recallAt1 is the key of Recall@1.
var recallAt1 = results.MetricNamed(results.Recall).Key(1)

// metricTitle is the head of a metric's column. It is the key itself where the metric is
// not printed.
func metricTitle(key string) string {
	m, k, _ := results.FindMetric(key)
	if title := m.ColumnTitle(k); title != "" {
		return title
	}
	return key
}

// publishedColumns has a value for every column of published numbers that is printed. Of
// Recall@K only that at 1 is, because further K would leave most tables mostly empty.
// JSON and CSV have them all.
func (b Block) publishedColumns() []PublishedValue {
	return slices.DeleteFunc(b.allPublished(), func(c PublishedValue) bool {
		m, _, _ := results.FindMetric(c.Metric)
		return m.PerK && c.Metric != recallAt1
	})
}

// allPublished has the first value of every column: metric, dimensions and backbone.
func (b Block) allPublished() []PublishedValue {
	var columns []PublishedValue
	for _, r := range b.Rows {
		for _, c := range r.Published {
			if !slices.ContainsFunc(columns, func(o PublishedValue) bool { return sameColumn(c, o) }) {
				columns = append(columns, c)
			}
		}
	}
	slices.SortStableFunc(columns, func(a, b PublishedValue) int {
		return cmp.Or(results.CompareMetrics(a.Metric, b.Metric), cmp.Compare(a.Dim, b.Dim))
	})
	return columns
}

// sameColumn reports whether two numbers stand in one column. Those of ensembles do,
// whatever their dimensions: each row is of one ensemble.
func sameColumn(a, b PublishedValue) bool {
	alike := a.Dim == b.Dim
	if a.Ensemble != "" || b.Ensemble != "" {
		alike = a.Ensemble != "" && b.Ensemble != ""
	}
	return a.Dataset == b.Dataset && a.Metric == b.Metric && alike && a.Backbone == b.Backbone
}

// header heads the column of a published metric.
func (c PublishedValue) header(metric string) string {
	of := strconv.Itoa(c.Dim) + "-d"
	if c.Ensemble != "" {
		of = foldsHeads
	}
	return fmt.Sprintf("published %s (%s, %s, %s)", metric, benchmarkTitle(c.Dataset), of, c.Backbone)
}

// foldsHeads stands in place of dimensions above a column of ensembles.
const foldsHeads = "heads of folds"

package table

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/results/stats"
)

// An Interval is what stands beside a mean in the printed formats.
type Interval string

// The intervals.
const (
	SD        Interval = "sd"        // ± the sample standard deviation over seeds
	T         Interval = "t"         // [low, high] by Student's t over seeds
	Bootstrap Interval = "bootstrap" // [low, high] by a bootstrap over the test classes
)

// Intervals are all of them. The first is that of a table without a [Style].
var Intervals = []Interval{SD, T, Bootstrap}

// A Style says how a table is printed. Its zero value has ± standard deviations and a
// table for each data set.
type Style struct {
	Interval Interval // "" for SD

	// Wide is one LaTeX table of all data sets: a group of columns for each of them, as
	// many beside each other as a page has room for, and the others below. Other formats
	// are printed as ever.
	Wide bool
}

// measuredNotes say what the printed figures are.
var measuredNotes = map[Interval]string{
	SD:        "R@K is Recall@K. Measured figures are in percent: mean ± sample standard deviation over n seeds; n = 1 has no spread.",
	T:         "R@K is Recall@K. Measured figures are in percent: mean [95 % interval by Student's t over n seeds]; n = 1 has no interval.",
	Bootstrap: "R@K is Recall@K. Measured figures are in percent: mean over n seeds [95 % interval by a bootstrap over the test classes, which says how far it holds for other classes]; a row without per-query results has none.",
}

// Use sets how the table is printed. The error is about an unknown interval.
func (t *Table) Use(s Style) error {
	if s.Interval == "" {
		s.Interval = SD
	}
	if !slices.Contains(Intervals, s.Interval) {
		return fmt.Errorf("results: no interval %q: there are %s", s.Interval, strings.Join(IntervalNames(), ", "))
	}

	before := measuredNotes[t.style.or()]
	t.style = s
	for k := range t.Blocks {
		t.Blocks[k].interval, t.Blocks[k].estimates = s.Interval, nil
		if s.Interval == Bootstrap {
			t.Blocks[k].estimates = t.Blocks[k].estimate()
		}
	}

	t.Notes = slices.DeleteFunc(t.Notes, func(n string) bool { return slices.Contains(t.onIntervals, n) })
	t.onIntervals = intervalNotes(t.Blocks)
	if k := slices.Index(t.Notes, before); k >= 0 {
		t.Notes[k] = measuredNotes[s.Interval]
		t.Notes = slices.Insert(t.Notes, k+1, t.onIntervals...)
	}
	return nil
}

// intervalNotes say which rows have no interval in which metrics, and why. Of standard
// deviations none does.
func intervalNotes(blocks []Block) []string {
	var s groupedNotes
	for _, b := range blocks {
		for k, r := range b.Rows {
			for _, w := range b.withoutInterval(k, b.interval) {
				s.add("No interval in "+strings.Join(w.titles, ", ")+", because "+w.why, rowName(blocks, b, r))
			}
		}
	}
	return s.named()
}

// A withoutInterval is why a row has no interval in some printed metrics.
type withoutInterval struct {
	why          string
	keys, titles []string // of the metrics
}

// withoutInterval says in which metrics a row has no interval of a kind, and why.
func (b Block) withoutInterval(row int, kind Interval) []withoutInterval {
	var all []withoutInterval
	for _, m := range b.printedMetrics() {
		why := ""
		switch kind {
		case T:
			why = b.Rows[row].Metrics[m].Why
		case Bootstrap:
			why = b.overClasses(row)[m].Why
		}
		if why == "" {
			continue
		}
		k := slices.IndexFunc(all, func(w withoutInterval) bool { return w.why == why })
		if k < 0 {
			k, all = len(all), append(all, withoutInterval{why: why})
		}
		all[k].keys, all[k].titles = append(all[k].keys, m), append(all[k].titles, metricTitle(m))
	}
	return all
}

// or is the interval of the style, SD where it names none.
func (s Style) or() Interval {
	if s.Interval == "" {
		return SD
	}
	return s.Interval
}

// IntervalNames are [Intervals] as text.
func IntervalNames() []string {
	var names []string
	for _, i := range Intervals {
		names = append(names, string(i))
	}
	return names
}

// cell is the figure of a row with its interval.
func (b Block) cell(row int, metric string) string {
	mean, spread := b.figure(row, metric)
	if spread == "" {
		return mean
	}
	return mean + " " + spread
}

// figure is the mean of a row, and what stands beside it, "" for nothing.
func (b Block) figure(row int, metric string) (mean, spread string) {
	s, ok := b.Rows[row].Metrics[metric]
	if !ok {
		return "–", ""
	}
	low, high := s.Low, s.High
	switch b.interval {
	case T:
	case Bootstrap:
		e := b.overClasses(row)[metric]
		low, high = e.Low, e.High
	default:
		mean, spread, _ = strings.Cut(inUnits(metric, s), " ")
		return mean, spread
	}

	if low == nil {
		return number(metric, s.Mean), ""
	}
	return number(metric, s.Mean), fmt.Sprintf("[%s, %s]", number(metric, *low), number(metric, *high))
}

// estimate returns the intervals of every row over the test classes, by the names of the
// printed metrics; a row or a metric without per-query results has none.
func (b Block) estimate() []map[string]stats.Estimate {
	all := make([]map[string]stats.Estimate, len(b.Rows))
	if b.Compared == nil {
		return all
	}
	for _, m := range b.printedMetrics() {
		for r, e := range b.Compared.Intervals(m) {
			if e == nil {
				continue
			}
			if all[r] == nil {
				all[r] = map[string]stats.Estimate{}
			}
			all[r][m] = *e
		}
	}
	return all
}

// overClasses has those of one row, nil unless the table is printed with them.
func (b Block) overClasses(row int) map[string]stats.Estimate {
	if b.estimates == nil {
		return nil
	}
	return b.estimates[row]
}

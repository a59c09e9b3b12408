package table

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/stats"
)

// Compare marks, on each data set and in each metric that is printed and is a mean over
// queries, the best row and those tied with it, and says below how it was decided. The
// records are those of the store. It tests the orders that the reference claims. [Of]
// calls it.
func (t *Table) Compare(store *results.Store) {
	for k := range t.Blocks {
		b := &t.Blocks[k]
		var rows []compare.Row
		for _, r := range b.Rows {
			rows = append(rows, compare.Row{Label: b.RowName(r), Head: r.Head, Protocol: r.Protocol, Kind: r.Kind, Ensemble: ensembleOf(r.Runs[0]), Runs: r.Runs})
		}
		b.Compared = compare.Read(store, rows)
		for _, m := range b.printedMetrics() {
			if !compare.PerQuery(m) {
				continue
			}
			for r, tie := range b.Compared.Ties(m) {
				if tie == nil {
					continue
				}
				if b.Rows[r].Ties == nil {
					b.Rows[r].Ties = map[string]compare.Tie{}
				}
				b.Rows[r].Ties[m] = *tie
			}
		}
	}
	t.onMarks = comparisonNotes(t.Blocks)
	t.Notes = append(t.Notes, t.onMarks...)
	t.testOrders()
}

// marks are how a format shows the best row, the tied ones, and the others of a column in
// which some are marked.
type marks struct{ best, tied, other func(cell string) string }

var (
	textMarks = marks{
		best:  func(cell string) string { return cell + "*" },
		tied:  func(cell string) string { return cell + "=" },
		other: func(cell string) string { return cell + " " }, // so that figures stay in line
	}
	markdownMarks = marks{
		best:  func(cell string) string { return "**" + cell + "**" },
		tied:  func(cell string) string { return cell + " =" },
		other: func(cell string) string { return cell },
	}
	latexMarks = marks{
		best:  func(cell string) string { return `\textbf{` + cell + `}` },
		tied:  func(cell string) string { return cell + `\rlap{$^{=}$}` },
		other: func(cell string) string { return cell },
	}
)

// mark marks the cells of the block, under the given titles.
func (b Block) mark(titles []string, cells [][]string, m marks) {
	for _, metric := range b.printedMetrics() {
		column := slices.Index(titles, metricTitle(metric))
		if column < 0 || !b.marks(metric) {
			continue
		}
		for k, r := range b.Rows {
			how := m.other
			switch r.markWord(metric) {
			case "best":
				how = m.best
			case "tied":
				how = m.tied
			}
			cells[k][column] = how(cells[k][column])
		}
	}
}

// marks reports whether some row is marked in a metric.
func (b Block) marks(metric string) bool {
	return slices.ContainsFunc(b.Rows, func(r Row) bool { return r.markWord(metric) != "" })
}

// markWord is what a CSV calls the row in a metric: best, tied, worse, or "" where it was
// not compared.
func (r Row) markWord(metric string) string {
	tie, ok := r.Ties[metric]
	switch {
	case !ok, !tie.Compared():
		return ""
	case tie.Best:
		return "best"
	case tie.Tied:
		return "tied"
	}
	return "worse"
}

// markedMetrics are those in which a row of the table is marked.
func (t *Table) markedMetrics() []string {
	var metrics []string
	for _, b := range t.Blocks {
		for _, m := range b.printedMetrics() {
			if b.marks(m) && !slices.Contains(metrics, m) {
				metrics = append(metrics, m)
			}
		}
	}
	slices.SortFunc(metrics, results.CompareMetrics)
	return metrics
}

// comparisonNotes say how the best and the tied rows were found, what the experiment
// could have distinguished, and which rows were not compared.
func comparisonNotes(blocks []Block) []string {
	var n []string
	marked := false
	for _, b := range blocks {
		marked = marked || slices.ContainsFunc(b.printedMetrics(), b.marks)
		if text := b.detectableNote(); text != "" {
			n = append(n, text)
		}
	}
	if marked {
		n = append([]string{fmt.Sprintf("Marked (text: * and =; Markdown and LaTeX: bold and =) are the best mean of a column on a data set and the rows tied with it: those that a paired bootstrap over the test classes of the differences, averaged over the seeds in common, does not tell from the best at the level %g, adjusted by Holm for all rows of the column. Tied does not mean equal.", stats.Level)}, n...)
	}
	return append(n, uncomparedNotes(blocks)...)
}

// detectableNote says which differences to the best row the block could have shown in the
// first metric in which some vary between classes.
func (b Block) detectableNote() string {
	for _, m := range b.printedMetrics() {
		if !b.marks(m) {
			continue
		}
		var smallest span
		for _, r := range b.Rows {
			if tie, ok := r.Ties[m]; ok && tie.Smallest != nil {
				smallest.add(*tie.Smallest)
			}
		}
		if !smallest.any { // no difference varies between classes
			continue
		}
		if smallest.low >= 1 { // beyond all that a metric can differ
			return fmt.Sprintf("%s: with %s test classes, no difference of %s could have been told from chance.",
				b.datasetCell(), thousands(b.Compared.Classes()), metricTitle(m))
		}
		points := strings.TrimSuffix(smallest.String(), " %")
		depending := ""
		if strings.Contains(points, " to ") {
			depending = ", depending on the row,"
		}
		return fmt.Sprintf("%s: with %s test classes, a row must truly be %s points of %s below the best%s to be told from it four times in five, before Holm's adjustment.",
			b.datasetCell(), thousands(b.Compared.Classes()), points, metricTitle(m), depending)
	}
	return ""
}

// uncomparedNotes say which rows and metrics have no part in the marks, and why.
func uncomparedNotes(blocks []Block) []string {
	var s groupedNotes
	var n []string
	dropped := false
	var unlike, fewer []string
	for _, b := range blocks {
		fewer = append(fewer, b.fewerSeeds(blocks)...)
		for k, r := range b.Rows {
			switch {
			case b.Compared.Why(k) != "":
				s.add("Not compared: "+b.Compared.Why(k), rowName(blocks, b, r))
			case r.chosenOnTest():
				s.add("Not among the rows to be best, because the step was chosen on the test classes", rowName(blocks, b, r))
			}
			if text := b.untested(r); text != "" {
				s.add(text, rowName(blocks, b, r))
			}
			for _, tie := range r.Ties {
				dropped = dropped || tie.Dropped > 0 && tie.Compared()
			}
		}
		for _, m := range b.printedMetrics() {
			if !compare.PerQuery(m) && !slices.Contains(unlike, metricTitle(m)) {
				unlike = append(unlike, metricTitle(m))
			}
		}
		if b.Compared.Classes() == 1 {
			n = append(n, b.datasetCell()+": nothing is marked, because one test class says nothing about others.")
		}
	}
	if len(unlike) > 0 {
		n = append(n, "No row is marked in a metric that is no mean over queries: "+strings.Join(unlike, ", ")+".")
	}
	if dropped {
		n = append(n, "Some rows lack seeds that others have ("+strings.Join(fewer, "; ")+"): two rows are compared over the seeds that both have, and printed over all of their own, so that their difference is not that of the means.")
	}
	return append(n, s.named()...)
}

// fewerSeeds name the compared rows that lack seeds of others, with those that they have.
func (b Block) fewerSeeds(blocks []Block) []string {
	var rows []int
	for k, r := range b.Rows {
		if r.compared() {
			rows = append(rows, k)
		}
	}
	fewer := b.Compared.FewerSeeds(rows)
	var names []string
	for _, k := range rows {
		if fewer[k] != "" {
			names = append(names, rowName(blocks, b, b.Rows[k])+" has "+fewer[k])
		}
	}
	return names
}

// compared reports whether the row was compared in some metric.
func (r Row) compared() bool {
	for _, tie := range r.Ties {
		if tie.Compared() {
			return true
		}
	}
	return false
}

// untested says in which printed metrics the row could not be tested against the best,
// and why; "" for none.
func (b Block) untested(r Row) string {
	var metrics []string
	why := ""
	for _, m := range b.printedMetrics() {
		if tie, ok := r.Ties[m]; ok && !tie.Compared() {
			metrics, why = append(metrics, metricTitle(m)), tie.Why
			if b.marks(m) {
				why += " with the best"
			}
		}
	}
	switch {
	case why == "":
		return ""
	case r.compared():
		return "Not compared in " + strings.Join(metrics, ", ") + ": " + why
	}
	return "Not compared: " + why
}

// notComparedColumns is why rows could not be tested against the best, where there are
// such rows, for a CSV.
func (t *Table) notComparedColumns() []rowColumn {
	why := map[*results.Record]string{} // by the first run of the row
	for _, b := range t.Blocks {
		for _, r := range b.Rows {
			if text := b.untested(r); text != "" {
				_, why[&r.Runs[0]], _ = strings.Cut(text, ": ")
			}
		}
	}
	if len(why) == 0 {
		return nil
	}
	return []rowColumn{{"not_compared", func(r Row) string { return why[&r.Runs[0]] }}}
}

// NotCompared say in whole sentences which rows could not be tested against the best in
// a metric, and why.
func (t *Table) NotCompared(metric string) []string {
	var s groupedNotes
	for _, b := range t.Blocks {
		for _, r := range b.Rows {
			if tie, ok := r.Ties[metric]; ok && !tie.Compared() {
				s.add("Not compared: "+tie.Why, rowName(t.Blocks, b, r))
			}
		}
	}
	return s.named()
}

// chosenOnTest reports whether the step was chosen on the test classes.
func (r Row) chosenOnTest() bool {
	return compare.Row{Ensemble: ensembleOf(r.Runs[0]), Runs: r.Runs}.ChosenOnTest()
}

// Sets are the rows of each block with their per-query results, for package
// [gpwbench/results/compare]. A table that was not made from a folder has none.
func (t *Table) Sets() []*compare.Set {
	var sets []*compare.Set
	for _, b := range t.Blocks {
		if b.Compared != nil {
			sets = append(sets, b.Compared)
		}
	}
	return sets
}

// WithoutIntervals say in whole sentences which rows have no interval over the test
// classes in a metric, and why; of rows without per-query results they say nothing.
func (t *Table) WithoutIntervals(metric string) []string {
	var s groupedNotes
	for _, b := range t.Blocks {
		if b.Compared == nil {
			continue
		}
		for k, e := range b.Compared.Intervals(metric) {
			if e != nil && e.Why != "" {
				s.add("No interval, because "+e.Why, rowName(t.Blocks, b, b.Rows[k]))
			}
		}
	}
	return s.named()
}

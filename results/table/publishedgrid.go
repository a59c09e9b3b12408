package table

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
	"gpwbench/results"
)

// A publishedGrid is what a reference has of one benchmark, its rows below each other as
// in its papers. It stands apart from the measured rows.
type publishedGrid struct {
	title   string
	header  []string
	rows    [][]string
	metrics []string
}

// publishedGrid returns the numbers of a reference on the benchmark of the block, nil
// unless a row of the block has one of a whole table of the reference, or if all stand
// beside rows. A number of an ablation stands beside its row and nowhere else.
func (b Block) publishedGrid(ref *Reference) *publishedGrid {
	if ref == nil || !b.hasWholeTable() {
		return nil
	}

	benchmark := benchmarkOf(b.Dataset.Name)
	var values []PublishedValue
	g := &publishedGrid{title: "published on " + benchmarkTitle(benchmark) + ", not measured here"}
	for _, c := range ref.Values {
		if c.Dataset != benchmark || c.Row != "" {
			continue
		}
		values = append(values, c)
		if !slices.Contains(g.metrics, c.Metric) {
			g.metrics = append(g.metrics, c.Metric)
		}
	}
	values = b.standApart(values)
	slices.SortFunc(g.metrics, results.CompareMetrics)
	g.header = []string{"method", "network", "dimensions"}
	for _, m := range g.metrics {
		g.header = append(g.header, metricTitle(m))
	}
	if g.fill(values); len(g.rows) == 0 {
		return nil
	}
	return g
}

// hasWholeTable reports whether a row has a number that is of no ablation.
func (b Block) hasWholeTable() bool {
	return slices.ContainsFunc(b.Rows, func(r Row) bool {
		return slices.ContainsFunc(r.Published, func(c PublishedValue) bool { return c.Row == "" })
	})
}

// standApart leaves out the lines whose every number stands in a column beside a measured
// row.
func (b Block) standApart(values []PublishedValue) []PublishedValue {
	columns := b.publishedColumns()
	beside := func(c PublishedValue) bool {
		printed := slices.ContainsFunc(columns, func(o PublishedValue) bool { return sameColumn(c, o) })
		return printed && slices.ContainsFunc(b.Rows, func(r Row) bool { return slices.Contains(r.Published, c) })
	}
	return slices.DeleteFunc(slices.Clone(values), func(c PublishedValue) bool {
		return !slices.ContainsFunc(values, func(o PublishedValue) bool { return c.sameLine(o) && !beside(o) })
	})
}

// sameLine reports whether two numbers stand in one line of a grid.
func (c PublishedValue) sameLine(o PublishedValue) bool {
	return c.Method == o.Method && c.Backbone == o.Backbone && c.Dim == o.Dim && c.Ensemble == o.Ensemble
}

// fill makes a line of each method, dimension and ensemble, in the order of the values. A
// cell that could be read nowhere is empty.
func (g *publishedGrid) fill(values []PublishedValue) {
	type place struct {
		method, backbone, ensemble string
		dim                        int
	}
	lines := map[place][]string{}
	var order []place
	for _, c := range values {
		p := place{c.Method, c.Backbone, c.Ensemble, c.Dim}
		if lines[p] == nil {
			name := c.Method
			if c.Ensemble != "" {
				name += ", " + c.Ensemble
			}
			lines[p] = make([]string, len(g.header))
			copy(lines[p], []string{name, c.Backbone, strconv.Itoa(c.Dim)})
			order = append(order, p)
		}
		lines[p][3+slices.Index(g.metrics, c.Metric)] = c.cell()
	}

	for _, p := range order {
		g.rows = append(g.rows, lines[p])
	}
}

// cleaned has every cell, and the title, passed through clean.
func (g *publishedGrid) cleaned(clean func(string) string) *publishedGrid {
	c := &publishedGrid{title: clean(g.title)}
	line := func(cells []string) []string {
		cells = slices.Clone(cells)
		for k := range cells {
			cells[k] = clean(cells[k])
		}
		return cells
	}
	c.header = line(g.header)
	for _, r := range g.rows {
		c.rows = append(c.rows, line(r))
	}
	return c
}

// published are the numbers of the grids, each once.
func (t *Table) published() []PublishedValue {
	var all []PublishedValue
	var met []string
	for _, b := range t.Blocks {
		benchmark := benchmarkOf(b.Dataset.Name)
		if !b.hasWholeTable() || slices.Contains(met, benchmark) {
			continue
		}
		met = append(met, benchmark)
		for _, c := range t.reference.Values {
			if c.Dataset == benchmark && c.Row == "" {
				all = append(all, c)
			}
		}
	}
	return all
}

// latexPublished writes the grid as a float.
func (b Block) latexPublished(out *bytes.Buffer, ref *Reference) {
	g := b.publishedGrid(ref)
	if g == nil {
		return
	}
	widths, caption := textWidths(g.header, g.rows), g.title+"."
	if slices.ContainsFunc(g.rows, hasUnverified) {
		caption += " " + unverifiedCaption
	}
	g = g.cleaned(escape.LaTeX)
	all := output.Tabular{Columns: "ll" + strings.Repeat("r", len(g.header)-2), Header: g.header, Rows: g.rows}
	latexFloat{
		caption: escape.LaTeX(strings.ToUpper(caption[:1]) + caption[1:]),
		lines:   linesOf(make([][]string, len(g.rows))),
		widths:  widths,
		write:   func(out *bytes.Buffer, from, to int) { part(all, from, to).Write(out) },
	}.float(out)
}

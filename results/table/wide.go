package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gpwbench/internal/escape"
	"gpwbench/results"
)

// latexWide is one table of all data sets, a group of columns for each. Its rows are
// those of the blocks, by label, swept values, head and protocol. Groups without room
// beside the others stand below them.
func (t *Table) latexWide(out *bytes.Buffer) {
	rows, kinds := t.wideRows()
	w := wide{lead: t.wideLead(), kinds: kinds}
	for _, r := range rows {
		w.names = append(w.names, t.wideNames(r))
	}
	for c, title := range w.lead {
		width := headWidth * letters(title)
		for _, line := range w.names {
			width = max(width, figureWidth*letters(line[c]))
		}
		w.width += width + betweenWidth
	}

	used, blocks := w.width, []Block(nil)
	for _, b := range t.Blocks {
		g := t.wideGroup(b, rows)
		if len(w.groups) > 0 && used+g.width > pageWidth {
			w.float(out, t.latexCaption(wideTitle(blocks), blocks...))
			w.groups, used, blocks = nil, w.width, nil
		}
		w.groups, used, blocks = append(w.groups, g), used+g.width, append(blocks, b)
	}
	w.float(out, t.latexCaption(wideTitle(blocks), blocks...))
}

// float writes the groups as a float, or several with some of the rows each.
func (w *wide) float(out *bytes.Buffer, caption string) {
	widths, lines := []float64{w.width}, slices.Repeat([]int{1}, len(w.names))
	for _, g := range w.groups {
		widths = append(widths, g.width)
		for k, n := range linesOf(g.below) {
			lines[k] = max(lines[k], n)
		}
	}
	latexFloat{caption: caption, lines: lines, narrow: true, widths: widths, write: w.write}.float(out)
}

// A wide is a tabular of some groups of columns.
type wide struct {
	lead  []string   // the titles of the columns before the groups
	names [][]string // of the rows, under them
	kinds []string   // of the rows
	width float64    // of the columns before the groups, in points

	groups []wideGroup
}

// A wideGroup is the columns of a data set, with a line for each row of the table.
type wideGroup struct {
	title       string
	header      []string
	rows, below [][]string
	width       float64 // in points
}

// wideGroup makes the columns of a block.
func (t *Table) wideGroup(b Block, rows []Row) wideGroup {
	from := slices.Index(b.Header(), "n")
	cells := b.latexGrid(true)
	g := wideGroup{title: escape.LaTeX(b.datasetCell()), header: cells.header[from:]}
	for _, width := range cells.widths[from:] {
		g.width += width
	}
	for _, r := range rows {
		at := slices.IndexFunc(b.Rows, func(o Row) bool { return wideKey(o) == wideKey(r) })
		if at < 0 {
			g.rows = append(g.rows, slices.Repeat([]string{escape.LaTeX("–")}, len(g.header)))
			g.below = append(g.below, make([]string, len(g.header)))
			continue
		}
		g.rows, g.below = append(g.rows, cells.rows[at][from:]), append(g.below, cells.below[at][from:])
	}
	return g
}

// write appends the tabular of some rows.
func (w *wide) write(out *bytes.Buffer, from, to int) {
	columns, header := strings.Repeat("l", len(w.lead)), slices.Clone(w.lead)
	groups, rules := strings.Repeat(" & ", len(w.lead)-1), ""
	for k, title := range header {
		header[k] = escape.LaTeX(title)
	}
	for _, g := range w.groups {
		columns += strings.Repeat("r", len(g.header))
		groups += fmt.Sprintf(" & \\multicolumn{%d}{c}{%s}", len(g.header), g.title)
		rules += fmt.Sprintf("\\cmidrule(lr){%d-%d}", len(header)+1, len(header)+len(g.header))
		header = append(header, g.header...)
	}

	fmt.Fprintf(out, "\\begin{tabular}{%s}\n\\toprule\n%s \\\\\n%s\n", columns, groups, rules)
	out.WriteString(strings.Join(header, " & ") + " \\\\\n\\midrule\n")
	for k := from; k < to; k++ {
		if k > from && w.kinds[k] != w.kinds[k-1] {
			out.WriteString("\\midrule\n")
		}
		line, below := make([]string, len(w.lead)), make([]string, len(w.lead))
		for c, name := range w.names[k] {
			line[c] = escape.LaTeX(name)
		}
		for _, g := range w.groups {
			line, below = append(line, g.rows[k]...), append(below, g.below[k]...)
		}
		out.WriteString(strings.Join(twoLines(line, below), " & ") + " \\\\\n")
	}
	out.WriteString("\\bottomrule\n\\end{tabular}\n")
}

// wideKey is what makes rows of several data sets one row.
func wideKey(r Row) [4]string { return [4]string{r.Label, sweptKey(r.Swept), r.wideHead(), r.Protocol} }

// wideHead is the head of a loss. Baselines fit theirs to the features of a data set, and
// their label names them.
func (r Row) wideHead() string {
	if r.Kind == results.KindBaseline {
		return ""
	}
	return r.Head
}

// wideRows are the rows of all blocks, each once, baselines first, and their kinds.
func (t *Table) wideRows() (rows []Row, kinds []string) {
	for _, kind := range []string{results.KindBaseline, results.KindLoss, results.KindElsewhere} {
		for _, b := range t.Blocks {
			for _, r := range b.Rows {
				same := func(o Row) bool { return wideKey(o) == wideKey(r) }
				if r.Kind == kind && !slices.ContainsFunc(rows, same) {
					rows, kinds = append(rows, r), append(kinds, kind)
				}
			}
		}
	}
	return rows, kinds
}

// wideLead are the titles of the columns before the groups.
func (t *Table) wideLead() []string {
	lead := append([]string{"method"}, sweptHeaders(t.sweptPaths())...)
	if slices.ContainsFunc(t.Blocks, Block.showsHead) {
		lead = append(lead, "head")
	}
	if slices.ContainsFunc(t.Blocks, Block.showsProtocol) {
		lead = append(lead, "protocol")
	}
	return lead
}

// wideNames are the cells of a row before the groups, as plain text.
func (t *Table) wideNames(r Row) []string {
	names := append([]string{r.Label}, r.sweptCells(t.sweptPaths())...)
	for _, title := range t.wideLead()[len(names):] {
		switch title {
		case "head":
			names = append(names, r.wideHead())
		case "protocol":
			names = append(names, r.Protocol)
		}
	}
	return names
}

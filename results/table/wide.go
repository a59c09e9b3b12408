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
// those of the blocks, by label, head and protocol.
func (t *Table) latexWide(out *bytes.Buffer) {
	rows, kinds := t.wideRows()
	lead := t.wideLead()
	columns := strings.Repeat("l", len(lead))
	header := slices.Clone(lead)
	groups, rules := strings.Repeat(" & ", len(lead)-1), ""
	cells := make([][]string, len(rows))
	for k, r := range rows {
		cells[k] = t.wideNames(r)
	}

	for _, b := range t.Blocks {
		titles, block := b.grid(escape.LaTeX, latexMarks)
		from := slices.Index(titles, "n")
		shown := titles[from:]
		columns += strings.Repeat("r", len(shown))
		groups += fmt.Sprintf(" & \\multicolumn{%d}{c}{%s}", len(shown), escape.LaTeX(b.datasetCell()))
		rules += fmt.Sprintf("\\cmidrule(lr){%d-%d}", len(header)+1, len(header)+len(shown))
		for _, title := range shown {
			header = append(header, latexHeader(title))
		}
		for k, r := range rows {
			at := slices.IndexFunc(b.Rows, func(o Row) bool { return wideKey(o) == wideKey(r) })
			if at < 0 {
				cells[k] = append(cells[k], slices.Repeat([]string{escape.LaTeX("–")}, len(shown))...)
				continue
			}
			cells[k] = append(cells[k], block[at][from:]...)
		}
	}

	fmt.Fprintf(out, "\\begin{tabular}{%s}\n\\toprule\n%s \\\\\n%s\n", columns, groups, rules)
	out.WriteString(strings.Join(header, " & ") + " \\\\\n\\midrule\n")
	for k, line := range cells {
		if k > 0 && kinds[k] != kinds[k-1] {
			out.WriteString("\\midrule\n")
		}
		out.WriteString(strings.Join(line, " & ") + " \\\\\n")
	}
	out.WriteString("\\bottomrule\n\\end{tabular}\n\n\\medskip\n")
}

// wideKey is what makes rows of several data sets one row.
func wideKey(r Row) [3]string { return [3]string{r.Label, r.wideHead(), r.Protocol} }

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
	for _, kind := range []string{results.KindBaseline, results.KindLoss} {
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
	lead := []string{"method"}
	if slices.ContainsFunc(t.Blocks, Block.showsHead) {
		lead = append(lead, "head")
	}
	if slices.ContainsFunc(t.Blocks, Block.showsProtocol) {
		lead = append(lead, "protocol")
	}
	return lead
}

// wideNames are the cells of a row before the groups.
func (t *Table) wideNames(r Row) []string {
	all := map[string]string{"method": r.Label, "head": r.wideHead(), "protocol": r.Protocol}
	var names []string
	for _, title := range t.wideLead() {
		names = append(names, escape.LaTeX(all[title]))
	}
	return names
}

package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
)

// latexLines is how many lines of \footnotesize a float has room for, beside its caption
// and its rules, on a page of any class of LaTeX with text of 10 to 12 points.
const latexLines = 36

// columnWidth is the width of a column of a page of two: 3.25 inches, in points.
const columnWidth = 3.25 * 72.27

// articleWidth is that of the text of an article of 10 points in one column, in points.
const articleWidth = 345

// A latexFloat is a table environment, or several where its rows have no room on a page.
// LaTeX makes a tabular that is wider than the line as small as the line, so that it has
// room in every class. All text is LaTeX already.
type latexFloat struct {
	caption string
	lines   []int                                 // of each row, 1 or 2
	narrow  bool                                  // columns stand close whatever the room
	widths  []float64                             // of the columns with 2 points on either side; nil if not known
	write   func(out *bytes.Buffer, from, to int) // the tabular of some rows
}

// float appends the environments.
func (f latexFloat) float(out *bytes.Buffer) {
	name, space := f.environment()
	parts := f.parts()
	for k, p := range parts {
		caption := f.caption
		if len(parts) > 1 {
			caption = fmt.Sprintf("%s Part %d of %d.", f.caption, k+1, len(parts))
		}
		fmt.Fprintf(out, "\\begin{%s}\n\\centering\n\\caption{%s}\\medskip\n\\footnotesize%s\n", name, caption, space)
		out.WriteString("\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n")
		f.write(out, p[0], p[1])
		fmt.Fprintf(out, "}\n\\end{%s}\n\n", name)
	}
}

// environment is table, or table* where one column is too narrow, and the space between
// columns where that of the class is too much.
func (f latexFloat) environment() (name, space string) {
	width := 0.0
	for _, w := range f.widths {
		width += w
	}
	usual := width + 8*float64(len(f.widths)) // 6 points on either side
	const close = `\setlength{\tabcolsep}{2pt}`
	switch {
	case !f.narrow && usual <= columnWidth:
		return "table", ""
	case width <= columnWidth:
		return "table", close
	case !f.narrow && usual <= articleWidth:
		return "table*", ""
	}
	return "table*", close
}

// parts divides the rows into as few parts as have room, of much the same length.
func (f latexFloat) parts() [][2]int {
	all := 0
	for _, n := range f.lines {
		all += n
	}
	count := max(1, (all+latexLines-1)/latexLines)
	most := min(latexLines, (all+count-1)/count+1) // a row of two lines may end a part

	var parts [][2]int
	from, used := 0, 0
	for k, n := range f.lines {
		if used+n > most && used > 0 {
			parts = append(parts, [2]int{from, k})
			from, used = k, 0
		}
		used += n
	}
	return append(parts, [2]int{from, len(f.lines)})
}

// part is a tabular of some of the rows.
func part(t output.Tabular, from, to int) output.Tabular {
	rows, ruled := t.Rows[from:to], t.Ruled
	t.Rows = rows
	if ruled != nil {
		t.Ruled = func(i int) bool { return i > 0 && ruled(from+i) }
	}
	return t
}

// linesOf are the lines of rows with second lines.
func linesOf(below [][]string) []int {
	lines := make([]int, len(below))
	for k, cells := range below {
		lines[k] = 1
		if slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) {
			lines[k] = 2
		}
	}
	return lines
}

// latexFigures say in a caption what the figures are. The notes say it in full.
var latexFigures = map[Interval]string{
	SD:        "Percent: mean ± standard deviation over n seeds.",
	T:         "Percent: mean and 95 % interval over n seeds.",
	Bootstrap: "Percent: mean over n seeds and 95 % interval over the test classes.",
}

// latexCaption is the title of a block and what its figures and marks are.
func (t *Table) latexCaption(title string, blocks ...Block) string {
	say := []string{strings.TrimSuffix(title, ".") + ".", latexFigures[t.style.or()]}
	marked, tied, published, secondhand := false, false, false, false
	for _, b := range blocks {
		marked = marked || slices.ContainsFunc(b.printedMetrics(), b.marks)
		tied = tied || slices.ContainsFunc(b.Rows, func(r Row) bool { return r.Tied > tiedMark })
		published = published || len(b.publishedColumns()) > 0
		secondhand = secondhand || slices.ContainsFunc(b.Cells(), hasUnverified)
	}
	if marked {
		say = append(say, "Bold: the best; =: tied with it.")
	}
	if tied {
		say = append(say, "†: ties among neighbours.")
	}
	if published {
		say = append(say, "Published columns were not measured here.")
	}
	if secondhand {
		say = append(say, unverifiedCaption)
	}
	return escape.LaTeX(strings.Join(say, " "))
}

// unverifiedCaption explains the sign in a caption.
const unverifiedCaption = unverified + ": known from secondary sources only."

// hasUnverified reports whether some cell has the sign behind its number.
func hasUnverified(cells []string) bool {
	return slices.ContainsFunc(cells[1:], func(cell string) bool { return strings.HasSuffix(cell, " "+unverified) })
}

// ruledBefore reports whether a row is of another kind than the one before it: baselines,
// losses, and rows trained elsewhere.
func ruledBefore(kinds []string) func(row int) bool {
	return func(i int) bool { return i > 0 && kinds[i] != kinds[i-1] }
}

// kindsOf are those of the rows.
func kindsOf(rows []Row) []string {
	kinds := make([]string, len(rows))
	for k, r := range rows {
		kinds[k] = r.Kind
	}
	return kinds
}

// textWidths are the widths of the columns of plain text, as far as characters tell.
func textWidths(header []string, rows [][]string) []float64 {
	widths := make([]float64, len(header))
	for c, title := range header {
		widths[c] = headWidth * letters(title)
		for _, line := range rows {
			widths[c] = max(widths[c], figureWidth*letters(line[c]))
		}
		widths[c] += betweenWidth
	}
	return widths
}

// latexNotes are paragraphs below the tables, and not in a float: they may go on over a
// page.
func latexNotes(out *bytes.Buffer, notes []string) {
	if len(notes) == 0 {
		return
	}

	out.WriteString("\\par{\\footnotesize\\raggedright\n")
	for _, n := range notes {
		out.WriteString(escape.LaTeX(n) + "\\par\n")
	}
	out.WriteString("}\n")
}

// wideTitle names the data sets of a wide table.
func wideTitle(blocks []Block) string {
	var names []string
	for _, b := range blocks {
		names = append(names, b.datasetCell())
	}
	return strings.Join(names, ", ")
}

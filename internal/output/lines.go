package output

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"gpwbench/internal/escape"
)

// Lines writes the rows of a grid while they are made, as csv, markdown or latex, in the
// bytes of [Grid.Write]. It holds no rows and allocates nothing for numbers.
type Lines struct {
	w       *bufio.Writer
	format  string
	layout  layout
	text    func(string) string // escapes a cell
	columns int
	at      int    // the column of the next cell
	number  []byte // reused
}

// NewLines begins a grid. Texts are those of cells that may have letters which need a
// definition in LaTeX; others may be left out. The error is that of an unknown format;
// those of w come with Close.
func NewLines(w io.Writer, format string, header []string, texts iter.Seq[string]) (*Lines, error) {
	l := &Lines{w: bufio.NewWriterSize(w, 1<<16), format: format, columns: len(header)}
	switch format {
	case "csv":
		l.layout, l.text = layout{"", ",", "\n", ""}, csvCell
	case "markdown":
		l.layout, l.text = layout{"| ", " | ", " |\n", strings.Repeat("| --- ", len(header)) + "|\n"}, markdownCell
	case "latex":
		l.layout, l.text = layout{"", " & ", " \\\\\n", "\\midrule\n"}, escape.LaTeX
		fmt.Fprintf(l.w, "%s\\begin{tabular}{%s}\n\\toprule\n", latexNeeds(texts), strings.Repeat("l", len(header)))
	default:
		return nil, fmt.Errorf("unknown format %q; known: %s", format, strings.Join(GridFormats, ", "))
	}

	for _, title := range header {
		l.Text(title)
	}
	l.w.WriteString(l.layout.rule)
	return l, nil
}

// latexNeeds are the definitions that texts need.
func latexNeeds(texts iter.Seq[string]) string {
	if texts == nil {
		return ""
	}
	var all strings.Builder
	seen := map[string]bool{}
	for text := range texts {
		if !seen[text] {
			seen[text] = true
			all.WriteString(escape.LaTeX(text))
		}
	}
	return escape.LaTeXNeeds(all.String())
}

// Int writes a cell.
func (l *Lines) Int(v int) { l.cell(strconv.AppendInt(l.number[:0], int64(v), 10)) }

// Float writes a cell as [Exact] does.
func (l *Lines) Float(v float64) {
	if math.IsNaN(v) {
		l.cell(nil)
		return
	}
	l.cell(strconv.AppendFloat(l.number[:0], Unsigned(v), 'g', -1, 64))
}

// Rounded writes a cell of so many significant digits.
func (l *Lines) Rounded(v float32, digits int) {
	l.cell(strconv.AppendFloat(l.number[:0], float64(v), 'g', digits, 32))
}

// Bool writes a cell.
func (l *Lines) Bool(v bool) { l.cell(strconv.AppendBool(l.number[:0], v)) }

// Text writes a cell of any text.
func (l *Lines) Text(text string) {
	l.before()
	l.w.WriteString(l.text(text))
	l.after()
}

// cell writes a number or a truth value, which no format escapes.
func (l *Lines) cell(text []byte) {
	l.before()
	l.w.Write(text)
	l.after()
	l.number = text
}

func (l *Lines) before() {
	if l.at == 0 {
		l.w.WriteString(l.layout.before)
	} else {
		l.w.WriteString(l.layout.between)
	}
}

func (l *Lines) after() {
	if l.at++; l.at == l.columns {
		l.w.WriteString(l.layout.after)
		l.at = 0
	}
}

// Err returns the first error of the writer below, so that a long loop can end.
func (l *Lines) Err() error {
	_, err := l.w.Write(nil)
	return err
}

// Close ends the grid. The error is the first of the writer below, or that of a row that
// has not all its cells.
func (l *Lines) Close() error {
	if l.at != 0 {
		return fmt.Errorf("output: the last row has %d cells of %d", l.at, l.columns)
	}
	if l.format == "latex" {
		l.w.WriteString("\\bottomrule\n\\end{tabular}\n")
	}
	return l.w.Flush()
}

// csvCell escapes and quotes a cell.
func csvCell(text string) string {
	text = escape.CSV(text)
	var b strings.Builder
	c := csv.NewWriter(&b)
	c.Write([]string{text})
	c.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

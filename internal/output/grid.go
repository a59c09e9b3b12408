// Package output writes what the verbs of gpw print, in the formats that they share.
//
// # Route
//
//   - A [Grid] is rows of cells under a header. [Grid.Write] prints it as text, CSV,
//     Markdown or LaTeX, each cell escaped as the format needs it.
//   - [Lines] prints the rows of a grid that is too long for memory, as they are made,
//     and [Text] those of one with aligned columns.
//   - [JSON] prints a value as JSON. [Object] and [JSONList] print one whose lists come
//     in parts.
//   - A [Sized] writer ends at a window, and text written to it fits its columns.
//   - [Exact] and [OrNull] write numbers that may be undefined, without negative
//     zeros.
//
// Packages lay out their own tables over this one. Colours, progress and files are not
// here.
package output

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"gpwbench/internal/escape"
)

// GridFormats are the tabular formats of [Grid.Write] other than text. Text stands apart,
// because a verb says more in it than a grid.
var GridFormats = []string{"csv", "markdown", "latex"}

// Formats are all formats of verbs that print grids: text, json and GridFormats.
var Formats = append([]string{"text", "json"}, GridFormats...)

// A Grid is rows of cells under a header.
type Grid struct {
	Header []string
	Rows   [][]string // each as long as Header
}

// Add appends a row.
func (g *Grid) Add(cells ...string) { g.Rows = append(g.Rows, cells) }

// Write writes the grid as csv, markdown or latex, and in any other format as plain text
// with aligned columns, in several parts where a window is too narrow for one ([Sized]).
// A LaTeX grid begins with the definitions that its letters need and uses the rules of
// the package booktabs. The error is that of w.
func (g *Grid) Write(w io.Writer, format string) error {
	switch format {
	case "csv":
		return g.csv(w)
	case "markdown":
		rule := strings.Repeat("| --- ", len(g.Header)) + "|\n"
		return g.lines(w, markdownCell, layout{"| ", " | ", " |\n", rule})
	case "latex":
		return g.latex(w)
	case "text":
	default:
		return fmt.Errorf("unknown format %q; known: text, %s", format, strings.Join(GridFormats, ", "))
	}

	return Text(w, g.Header, slices.Values(g.Rows))
}

func (g *Grid) csv(w io.Writer) error {
	c := csv.NewWriter(w)
	for _, cells := range append([][]string{g.Header}, g.Rows...) {
		c.Write(each(cells, escape.CSV)) // an error stays until Flush
	}
	c.Flush()
	return c.Error()
}

func (g *Grid) latex(w io.Writer) error {
	t := Tabular{Columns: strings.Repeat("l", len(g.Header)), Header: each(g.Header, escape.LaTeX)}
	for _, r := range g.Rows {
		t.Rows = append(t.Rows, each(r, escape.LaTeX))
	}
	var body bytes.Buffer
	t.Write(&body)

	_, err := fmt.Fprint(w, escape.LaTeXNeeds(body.String()), body.String())
	return err
}

// A layout is the text around the cells of a line, and the rule below the header.
type layout struct{ before, between, after, rule string }

// lines writes the header, a rule and the rows, each cell escaped.
func (g *Grid) lines(w io.Writer, clean func(string) string, l layout) error {
	line := func(cells []string) error {
		_, err := fmt.Fprint(w, l.before, strings.Join(each(cells, clean), l.between), l.after)
		return err
	}

	if err := line(g.Header); err != nil {
		return err
	}
	if _, err := fmt.Fprint(w, l.rule); err != nil {
		return err
	}
	for _, r := range g.Rows {
		if err := line(r); err != nil {
			return err
		}
	}
	return nil
}

// markdownCell escapes a cell, except for one between backquotes, which is code.
func markdownCell(cell string) string {
	code, ok := strings.CutPrefix(cell, "`")
	if ok && strings.Count(code, "`") == 1 && strings.HasSuffix(code, "`") {
		return strings.ReplaceAll(escape.Line(cell), "|", `\|`)
	}
	return escape.Markdown(cell)
}

// each returns the cells, each passed through clean.
func each(cells []string, clean func(string) string) []string {
	cleaned := make([]string, len(cells))
	for k, c := range cells {
		cleaned[k] = clean(c)
	}
	return cleaned
}

// Notes writes sentences below a grid: an empty line, then each sentence as the format
// writes a line of text.
func Notes(w io.Writer, format string, notes []string) error {
	before, clean, after := "", escape.Line, "\n"
	switch format {
	case "markdown":
		before, clean = "- ", escape.Markdown
	case "latex":
		clean, after = escape.LaTeX, "\\par\n"
	}

	text := "\n"
	for _, note := range notes {
		text += before + clean(note) + after
	}
	if format == "text" {
		text = Wrap(text, Columns(w))
	}
	_, err := io.WriteString(w, text)
	return err
}

// WriteLines writes lines of text, escaped. The error is that of w.
func WriteLines(w io.Writer, lines []string) error {
	for _, line := range lines {
		if _, err := io.WriteString(w, escape.Line(line)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

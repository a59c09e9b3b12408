package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"text/tabwriter"

	"gpwbench/internal/escape"
)

// A grid is what a verb prints where there are rows and columns.
type grid struct {
	header []string
	rows   [][]string
}

// gridFormats are the tabular formats; text stands apart, because a verb says more in it than a grid.
var gridFormats = []string{"csv", "markdown", "latex"}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

func (g *grid) write(w writer, format string) error {
	switch format {
	case "csv":
		c := csv.NewWriter(w)
		for _, cells := range append([][]string{g.header}, g.rows...) {
			c.Write(each(cells, escape.CSV)) // an error stays until Flush
		}
		c.Flush()
		return c.Error()
	case "markdown":
		rule := strings.Repeat("| --- ", len(g.header)) + "|\n"
		return g.lines(w, markdownCell, "| ", " | ", " |\n", rule)
	case "latex":
		return g.latex(w)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if err := g.lines(t, escape.Cell, "", "\t", "\n", ""); err != nil {
		return err
	}
	return t.Flush()
}

func (g *grid) latex(w writer) error {
	var body bytes.Buffer
	fmt.Fprintf(&body, "\\begin{tabular}{%s}\n\\toprule\n", strings.Repeat("l", len(g.header)))
	if err := g.lines(&body, escape.LaTeX, "", " & ", ` \\`+"\n", "\\midrule\n"); err != nil {
		return err
	}
	fmt.Fprint(&body, "\\bottomrule\n\\end{tabular}\n")
	_, err := fmt.Fprint(w, escape.LaTeXNeeds(body.String()), body.String())
	return err
}

// markdownCell is a cell as it is read, but for one between backquotes, which is code.
func markdownCell(cell string) string {
	if code, ok := strings.CutPrefix(cell, "`"); ok && strings.Count(code, "`") == 1 && strings.HasSuffix(code, "`") {
		return strings.ReplaceAll(escape.Line(cell), "|", `\|`)
	}
	return escape.Markdown(cell)
}

// each returns what clean makes of each cell.
func each(cells []string, clean func(string) string) []string {
	cleaned := make([]string, len(cells))
	for k, c := range cells {
		cleaned[k] = clean(c)
	}
	return cleaned
}

// lines writes the header, a rule and the rows, each cell escaped.
func (g *grid) lines(w writer, clean func(string) string, before, between, after, rule string) error {
	line := func(cells []string) error {
		_, err := fmt.Fprint(w, before, strings.Join(each(cells, clean), between), after)
		return err
	}
	if err := line(g.header); err != nil {
		return err
	}
	if _, err := fmt.Fprint(w, rule); err != nil {
		return err
	}
	for _, r := range g.rows {
		if err := line(r); err != nil {
			return err
		}
	}
	return nil
}

package cli

import (
	"encoding/csv"
	"fmt"
	"strings"
	"text/tabwriter"
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
		if err := c.WriteAll(append([][]string{g.header}, g.rows...)); err != nil {
			return err
		}
		return c.Error()
	case "markdown":
		rule := strings.Repeat("| --- ", len(g.header)) + "|\n"
		return g.lines(w, strings.NewReplacer("|", `\|`), "| ", " | ", " |\n", rule)
	case "latex":
		if _, err := fmt.Fprintf(w, "\\begin{tabular}{%s}\n\\toprule\n", strings.Repeat("l", len(g.header))); err != nil {
			return err
		}
		if err := g.lines(w, latexEscapes, "", " & ", ` \\`+"\n", "\\midrule\n"); err != nil {
			return err
		}
		_, err := fmt.Fprint(w, "\\bottomrule\n\\end{tabular}\n")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if err := g.lines(t, strings.NewReplacer("\t", " "), "", "\t", "\n", ""); err != nil {
		return err
	}
	return t.Flush()
}

var latexEscapes = strings.NewReplacer(`\`, `\textbackslash{}`, "_", `\_`, "%", `\%`, "&", `\&`, "#", `\#`, "$", `\$`, "{", `\{`, "}", `\}`, "≠", `$\neq$`, "÷", `$\div$`, "±", `$\pm$`, "−", `$-$`)

// lines writes the header, a rule and the rows, each cell escaped.
func (g *grid) lines(w writer, escape *strings.Replacer, before, between, after, rule string) error {
	line := func(cells []string) error {
		escaped := make([]string, len(cells))
		for k, c := range cells {
			escaped[k] = escape.Replace(c)
		}
		_, err := fmt.Fprint(w, before, strings.Join(escaped, between), after)
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

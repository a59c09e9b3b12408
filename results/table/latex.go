package table

import (
	"bytes"
	"strings"

	"gpwbench/internal/escape"
	"gpwbench/internal/output"
)

func (t *Table) latex(out *bytes.Buffer) error {
	var body bytes.Buffer
	t.latexBody(&body)
	out.WriteString("% Needs \\usepackage{booktabs}; stands inside a table environment.\n")
	out.WriteString(escape.LaTeXNeeds(body.String()))
	out.Write(body.Bytes())
	return nil
}

func (t *Table) latexBody(out *bytes.Buffer) {
	if len(t.Blocks) == 0 {
		out.WriteString("no runs yet\n")
	}
	for _, b := range t.Blocks {
		header, cells := b.grid(escape.LaTeX)
		for i, h := range header {
			if stacked := breakHeader(h); stacked != h {
				header[i] = `\shortstack[r]{` + strings.ReplaceAll(stacked, "\n", `\\`) + "}"
			}
		}

		output.Tabular{
			Columns: "l" + strings.Repeat("r", len(header)-1),
			Title:   escape.LaTeX(b.Title()),
			Header:  header,
			Rows:    cells,
			// Baselines, losses, and rows trained elsewhere.
			Ruled: func(i int) bool { return i > 0 && b.Rows[i].Kind != b.Rows[i-1].Kind },
		}.Write(out)

		out.WriteString("\n\\medskip\n")
	}

	if len(t.Notes) == 0 {
		return
	}

	out.WriteString("\\begin{minipage}{\\linewidth}\\footnotesize\\raggedright\n")
	for _, n := range t.Notes {
		out.WriteString(escape.LaTeX(n) + "\\par\n")
	}
	out.WriteString("\\end{minipage}\n")
}

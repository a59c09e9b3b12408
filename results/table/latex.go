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
	latexDocument(out, body.Bytes())
	return nil
}

// latexDocument writes tabulars with what they need above them.
func latexDocument(out *bytes.Buffer, body []byte) {
	out.WriteString("% Needs \\usepackage{booktabs}; stands inside a table environment.\n")
	out.WriteString(escape.LaTeXNeeds(string(body)))
	out.Write(body)
}

func (t *Table) latexBody(out *bytes.Buffer) {
	if len(t.Blocks) == 0 {
		out.WriteString("no runs yet\n")
	}
	if t.style.Wide && len(t.Blocks) > 0 {
		t.latexWide(out)
		latexNotes(out, t.Notes)
		return
	}
	for _, b := range t.Blocks {
		g := b.latexGrid(t.style.or() != SD)
		for k := range g.rows {
			g.rows[k] = twoLines(g.rows[k], g.below[k])
		}

		output.Tabular{
			Columns: "l" + strings.Repeat("r", len(g.header)-1),
			Title:   escape.LaTeX(b.Title()),
			Header:  g.header,
			Rows:    g.rows,
			// Baselines, losses, and rows trained elsewhere.
			Ruled: func(i int) bool { return i > 0 && b.Rows[i].Kind != b.Rows[i-1].Kind },
		}.Write(out)

		out.WriteString("\n\\medskip\n")
		b.latexPublished(out, t.reference)
	}

	latexNotes(out, t.Notes)
}

// latexHeader sets what a published column is under its name.
func latexHeader(title string) string {
	stacked := breakHeader(title)
	if stacked == title {
		return title
	}
	return `\shortstack[r]{` + strings.ReplaceAll(stacked, "\n", `\\`) + "}"
}

func latexNotes(out *bytes.Buffer, notes []string) {
	if len(notes) == 0 {
		return
	}

	out.WriteString("\\begin{minipage}{\\linewidth}\\footnotesize\\raggedright\n")
	for _, n := range notes {
		out.WriteString(escape.LaTeX(n) + "\\par\n")
	}
	out.WriteString("\\end{minipage}\n")
}

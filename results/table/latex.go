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

// latexDocument writes tables with what they need above them.
func latexDocument(out *bytes.Buffer, body []byte) {
	out.WriteString("% Needs \\usepackage{booktabs,graphicx}. Each table is a float; the notes below them are text. Input it between\n" +
		"% paragraphs, and not inside a table environment. A table that is wider than the line is scaled down to it.\n" +
		"% A wide one has as many data sets side by side as have room in 6.75 inches, the page of a paper of two columns.\n")
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

		all := output.Tabular{
			Columns: "l" + strings.Repeat("r", len(g.header)-1),
			Header:  g.header,
			Rows:    g.rows,
			Ruled:   ruledBefore(kindsOf(b.Rows)),
		}
		latexFloat{
			caption: t.latexCaption(b.Title(), b),
			lines:   linesOf(g.below),
			widths:  g.widths,
			write:   func(out *bytes.Buffer, from, to int) { part(all, from, to).Write(out) },
		}.float(out)
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

package table

import (
	"bytes"
	"fmt"
	"strings"

	"gpwbench/internal/escape"
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
		fmt.Fprintf(out, "\\begin{tabular}{l%s}\n\\toprule\n", strings.Repeat("r", len(header)-1))
		fmt.Fprintf(out, "\\multicolumn{%d}{l}{%s} \\\\\n\\midrule\n", len(header), escape.LaTeX(b.Title()))
		for i, h := range header {
			if stacked := breakHeader(h); stacked != h {
				header[i] = `\shortstack[r]{` + strings.ReplaceAll(stacked, "\n", `\\`) + "}"
			}
		}
		latexRow(out, header)
		out.WriteString("\\midrule\n")
		for i, line := range cells {
			if i > 0 && b.Rows[i].Kind != b.Rows[i-1].Kind {
				out.WriteString("\\midrule\n") // between baselines and losses
			}
			latexRow(out, line)
		}
		out.WriteString("\\bottomrule\n\\end{tabular}\n\n\\medskip\n")
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

func latexRow(out *bytes.Buffer, cells []string) {
	out.WriteString(strings.Join(cells, " & ") + " \\\\\n")
}

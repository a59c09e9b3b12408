package results

import (
	"bytes"
	"fmt"
	"strings"
)

func (t *Table) latex(out *bytes.Buffer) error {
	out.WriteString("% Needs \\usepackage{booktabs}; stands inside a table environment.\n")
	if len(t.Blocks) == 0 {
		out.WriteString("no runs yet\n")
	}
	for _, b := range t.Blocks {
		header, cells := b.grid(escapeLaTeX)
		fmt.Fprintf(out, "\\begin{tabular}{l%s}\n\\toprule\n", strings.Repeat("r", len(header)-1))
		fmt.Fprintf(out, "\\multicolumn{%d}{l}{%s} \\\\\n\\midrule\n", len(header), escapeLaTeX(oneLine(b.Title())))
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
		return nil
	}
	out.WriteString("\\begin{minipage}{\\linewidth}\\footnotesize\\raggedright\n")
	for _, n := range t.Notes {
		out.WriteString(escapeLaTeX(oneLine(n)) + "\\par\n")
	}
	out.WriteString("\\end{minipage}\n")
	return nil
}

func latexRow(out *bytes.Buffer, cells []string) {
	out.WriteString(strings.Join(cells, " & ") + " \\\\\n")
}

// latexNames are what LaTeX would misread, and the signs and Greek letters of our labels and captions that pdfLaTeX does
// not have in its text fonts. A [ or * after \\ would be taken for its argument.
var latexNames = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `#`, `\#`, `%`, `\%`, `_`, `\_`,
	`^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `<`, `$<$`, `>`, `$>$`, `|`, `$|$`, `"`, `''`, `[`, `{[}`, `*`, `{*}`,
	`±`, `$\pm$`, `×`, `$\times$`, `·`, `$\cdot$`, `−`, `$-$`, `→`, `$\to$`, `≤`, `$\le$`, `≥`, `$\ge$`, `∞`, `$\infty$`,
	`†`, `$^\dagger$`, `–`, `--`, `—`, `---`, `…`, `\dots{}`, `’`, `'`, `“`, "``", `”`, `''`, `²`, `$^2$`,
	`α`, `$\alpha$`, `β`, `$\beta$`, `γ`, `$\gamma$`, `δ`, `$\delta$`, `ε`, `$\varepsilon$`, `θ`, `$\theta$`, `κ`, `$\kappa$`,
	`λ`, `$\lambda$`, `μ`, `$\mu$`, `ν`, `$\nu$`, `ρ`, `$\rho$`, `σ`, `$\sigma$`, `τ`, `$\tau$`, `φ`, `$\varphi$`,
	`ω`, `$\omega$`, `Δ`, `$\Delta$`, `Σ`, `$\Sigma$`, `Φ`, `$\Phi$`,
)

func escapeLaTeX(s string) string { return latexNames.Replace(s) }

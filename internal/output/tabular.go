package output

import (
	"bytes"
	"fmt"
	"strings"
)

// A Tabular is a tabular environment of LaTeX with the rules of the package booktabs. All
// text is LaTeX already.
type Tabular struct {
	Columns string // the alignment of each, such as lrr
	Title   string // a line above the header; "" for none
	Header  []string
	Rows    [][]string
	Ruled   func(row int) bool // whether a rule stands above a row; nil for none
}

// Write appends the environment to a buffer.
func (t Tabular) Write(to *bytes.Buffer) {
	line := func(cells []string) { to.WriteString(strings.Join(cells, " & ") + " \\\\\n") }

	fmt.Fprintf(to, "\\begin{tabular}{%s}\n\\toprule\n", t.Columns)
	if t.Title != "" {
		fmt.Fprintf(to, "\\multicolumn{%d}{l}{%s} \\\\\n\\midrule\n", len(t.Header), t.Title)
	}
	line(t.Header)
	to.WriteString("\\midrule\n")
	for i, r := range t.Rows {
		if t.Ruled != nil && t.Ruled(i) {
			to.WriteString("\\midrule\n")
		}
		line(r)
	}
	to.WriteString("\\bottomrule\n\\end{tabular}\n")
}

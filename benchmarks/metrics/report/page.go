package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gpwbench/benchmarks/metrics"
	"gpwbench/internal/output"
)

// WritePage writes the metrics that there are as Markdown, with a section for each
// family. The error is that of w.
func WritePage(w io.Writer) error {
	for _, f := range metrics.Families {
		if _, err := fmt.Fprintf(w, "## %s\n\n", strings.ToUpper(string(f[:1]))+string(f[1:])); err != nil {
			return err
		}
		g := &output.Grid{Header: []string{"name", "also called", "definition", "range", "better", "source"}}
		for _, m := range metrics.All {
			if m.Family == f {
				g.Add("`"+m.Pattern()+"`", strings.Join(m.Aliases, ", "), m.Doc, rangeOf(m), m.Better(), m.Source)
			}
		}
		if err := g.Write(w, "markdown"); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return nil
}

// rangeOf is the interval of a metric's values.
func rangeOf(m *metrics.Metric) string {
	end := func(v float64) string { return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "-", "−", 1) }
	if math.IsInf(m.Most, 1) {
		return "[" + end(m.Least) + ", ∞)"
	}
	return "[" + end(m.Least) + ", " + end(m.Most) + "]"
}

package report

import (
	"io"

	"gpwbench/benchmarks/metrics"
	"gpwbench/internal/output"
)

// WriteList prints the metrics that there are, each with its definition and its source.
// The error is that of w.
func WriteList(w io.Writer, format string) error {
	type metricJSON struct {
		Name    string   `json:"name"`
		Title   string   `json:"title"`
		Family  string   `json:"family"`
		Doc     string   `json:"definition"`
		Source  string   `json:"source"`
		Aliases []string `json:"aliases"`
		Lower   bool     `json:"lower_is_better"`
		Better  string   `json:"better"`
	}
	if format == "json" {
		list := []metricJSON{}
		for _, m := range metrics.All {
			list = append(list, metricJSON{
				m.Pattern(), m.Title, string(m.Family), m.Doc, m.Source, append([]string{}, m.Aliases...), m.Lower, m.Better(),
			})
		}
		return output.JSON(w, list, "  ")
	}

	g := &output.Grid{Header: []string{"name", "family", "better", "definition"}}
	if format != "text" {
		g.Header = append(g.Header, "source")
	}
	for _, m := range metrics.All {
		cells := []string{m.Pattern(), string(m.Family), m.Better(), m.Doc}
		if format != "text" {
			cells = append(cells, m.Source)
		}
		g.Add(cells...)
	}
	return g.Write(w, format)
}

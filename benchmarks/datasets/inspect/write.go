package inspect

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/output"
)

// Formats are the formats of [Write].
var Formats = []string{"text", "json", "csv"}

// Write prints a report. CSV has a line for each number, array and finding. The error is
// that of w, or of a format that is none of [Formats].
func Write(w io.Writer, r *Report, format string) error {
	switch {
	case format == "json":
		return output.JSON(w, r, "  ")
	case format == "csv":
		return r.table().Write(w, format)
	case !slices.Contains(Formats, format):
		return fmt.Errorf("inspect: unknown format %q; known: %s", format, strings.Join(Formats, ", "))
	}

	for _, f := range r.Files {
		title := f.Path
		if f.LabelsPath != "" {
			title += ", labels of " + f.LabelsPath
		}
		if err := output.Notes(w, format, []string{title}); err != nil {
			return err
		}
		g := &output.Grid{Header: []string{"", ""}}
		f.lines(func(name, text, _ string) { g.Add("  "+name, text) })
		// The header has no words.
		g.Header, g.Rows = g.Rows[0], g.Rows[1:]
		if err := g.Write(w, format); err != nil {
			return err
		}
	}
	return output.Notes(w, format, r.sentences())
}

// sentences are the findings as text, the gravest first.
func (r *Report) sentences() []string {
	if len(r.Findings) == 0 {
		return []string{fmt.Sprintf("nothing is wrong that the %d checks find (samples are drawn with seed %d)", len(Checks), r.Seed)}
	}
	var all []string
	for _, severity := range severities {
		for _, f := range r.Findings {
			if f.Severity == severity {
				all = append(all, fmt.Sprintf("%s: %s: %s. Advice (%s): %s", f.Severity, f.File, f.Text, f.Name, f.Advice))
			}
		}
	}
	return append(all, fmt.Sprintf("samples are drawn with seed %d", r.Seed))
}

// lines visits what was measured: a name, what text says of it, and the names and numbers
// of a table, as "min=1 max=2".
func (f *File) lines(visit func(name, text, numbers string)) {
	visit("format", f.Format, "")
	for _, a := range f.Arrays {
		name := "array"
		if a.Name != "" {
			name += " " + a.Name
		}
		text := strings.Join(slices.DeleteFunc([]string{a.Type, shapeText(a.Shape), a.Bytes, a.Order}, func(s string) bool { return s == "" }), " ")
		visit(name, text, "")
	}
	if v := f.Features; v != nil {
		visit("rows", fmt.Sprintf("%d of %s", v.Rows, output.Count(v.Columns, "column", "columns")), fmt.Sprintf("rows=%d columns=%d", v.Rows, v.Columns))
		visit("norms", v.Norms.text(), v.Norms.numbers())
		visit("rows with NaN or an infinity", strconv.Itoa(v.NotFinite), count(v.NotFinite))
		visit("rows of zeros", strconv.Itoa(v.Zero), count(v.Zero))
		visit("copies of earlier rows", strconv.Itoa(v.Copies), count(v.Copies))
		visit("constant columns", strconv.Itoa(v.ConstantColumns), count(v.ConstantColumns))
	}
	if v := f.Classes; v != nil {
		kind := ""
		if v.Type != "" {
			kind = " of the type " + v.Type
		}
		visit("labels", strconv.Itoa(v.Labels)+kind, count(v.Labels))
		text := strconv.Itoa(v.Classes)
		if v.Classes > 0 {
			text += fmt.Sprintf(", %s to %s", v.First, v.Last)
		}
		visit("classes", text, count(v.Classes))
		visit("rows a class", v.PerClass.text(), v.PerClass.numbers())
		visit("classes of one row", strconv.Itoa(v.Singleton), count(v.Singleton))
	}
	if v := f.Parts; v != nil {
		visit("partition", fmt.Sprintf("%d train, %d query, %d gallery, %d test", v.Train, v.Query, v.Gallery, v.Test),
			fmt.Sprintf("train=%d query=%d gallery=%d test=%d", v.Train, v.Query, v.Gallery, v.Test))
	}
	if v := f.Within; v != nil {
		visit("similarity within classes", v.text()+fmt.Sprintf(" (%d pairs sampled)", pairSample), v.numbers())
	}
	if v := f.Between; v != nil {
		visit("similarity between classes", v.text()+fmt.Sprintf(" (%d pairs sampled)", pairSample), v.numbers())
	}
	if v := f.Nearest; v != nil {
		share := float64(v.Hits) / float64(v.Of)
		visit("nearest row has the label", fmt.Sprintf("%.1f %% of %d rows sampled, %.3g %% by chance", 100*share, v.Of, 100*v.Chance),
			fmt.Sprintf("hits=%d of=%d chance=%s", v.Hits, v.Of, output.Exact(v.Chance)))
	}
}

func count(n int) string { return fmt.Sprintf("count=%d", n) }

func (s *Summary) text() string {
	if s == nil {
		return "none"
	}
	return fmt.Sprintf("%.4g to %.4g, median %.4g", s.Min, s.Max, s.Median)
}

func (s *Summary) numbers() string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("min=%s median=%s max=%s", output.Exact(s.Min), output.Exact(s.Median), output.Exact(s.Max))
}

// table has a line for each number, array and finding.
func (r *Report) table() *output.Grid {
	g := &output.Grid{Header: []string{"file", "what", "name", "value", "severity", "advice"}}
	for _, f := range r.Files {
		if f.LabelsPath != "" {
			g.Add(f.Path, "labels of", f.LabelsPath, "", "", "")
		}
		f.lines(func(name, text, numbers string) {
			if numbers == "" {
				g.Add(f.Path, name, "", text, "", "")
			}
			for _, number := range strings.Fields(numbers) {
				key, value, _ := strings.Cut(number, "=")
				g.Add(f.Path, name, key, value, "", "")
			}
		})
	}
	for _, f := range r.Findings {
		g.Add(f.File, "finding", f.Name, f.Text, string(f.Severity), f.Advice)
	}
	g.Add("", "seed", "", strconv.FormatUint(r.Seed, 10), "", "")
	return g
}

package table

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/results"
)

// Write writes the table in one of [results.Formats]. Text, markdown and latex are as
// people print figures, in percent; csv and json hold fractions of 1 in full. A nil
// table is an error.
func (t *Table) Write(w io.Writer, format string) error {
	if t == nil {
		return errors.New("results: no table to write")
	}

	out := output.NewPage(w) // whole or not at all
	write := map[string]func() error{
		"text":     func() error { return t.text(out) },
		"markdown": func() error { return t.markdown(&out.Buffer) },
		"latex":    func() error { return t.latex(&out.Buffer) },
		"csv":      func() error { return t.csv(&out.Buffer) },
		"json":     func() error { return t.json(&out.Buffer) },
	}[format]
	if write == nil {
		return fmt.Errorf("results: no table format %q: there are %s", format, strings.Join(results.Formats, ", "))
	}
	if err := write(); err != nil {
		return fmt.Errorf("results: table as %s: %w", format, err)
	}

	_, err := w.Write(out.Bytes())
	return err
}

// grid is the header and the cells of b, each passed through clean, which makes text from
// a spec fit for a cell. Then the best rows and the tied ones are marked.
func (b Block) grid(clean func(string) string, m marks) (header []string, cells [][]string) {
	titles := b.Header()
	header, cells = slices.Clone(titles), b.Cells()
	for _, line := range append(slices.Clip(cells), header) {
		for i := range line {
			line[i] = clean(line[i])
		}
	}

	b.mark(titles, cells, m)
	return header, cells
}

package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gpwbench/results"
)

// Write writes the table in one of [results.Formats]. Text, markdown and latex are as
// people print figures, in percent; csv and json hold fractions of 1 in full. A nil
// table is an error.
func (t *Table) Write(w io.Writer, format string) error {
	if t == nil {
		return errors.New("results: no table to write")
	}

	write := map[string]func(*Table, *bytes.Buffer) error{
		"text":     (*Table).text,
		"markdown": (*Table).markdown,
		"latex":    (*Table).latex,
		"csv":      (*Table).csv,
		"json":     (*Table).json,
	}[format]
	if write == nil {
		return fmt.Errorf("results: no table format %q: there are %s", format, strings.Join(results.Formats, ", "))
	}

	var out bytes.Buffer // whole or not at all
	if err := write(t, &out); err != nil {
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

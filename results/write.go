package results

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Formats are the names that Write knows: for people, for documents, for programs.
var Formats = []string{"text", "markdown", "latex", "csv", "json"}

// Write writes the table in one of Formats. Text, markdown and latex are as people print figures, in percent; csv and
// json hold fractions of 1 in full.
func (t *Table) Write(w io.Writer, format string) error {
	write := map[string]func(*Table, *bytes.Buffer) error{
		"text":     (*Table).text,
		"markdown": (*Table).markdown,
		"latex":    (*Table).latex,
		"csv":      (*Table).csv,
		"json":     (*Table).json,
	}[format]
	if write == nil {
		return fmt.Errorf("results: no table format %q: there are %s", format, strings.Join(Formats, ", "))
	}
	var out bytes.Buffer // whole or not at all
	if err := write(t, &out); err != nil {
		return fmt.Errorf("results: table as %s: %w", format, err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// oneLine makes text from a spec fit for a cell: line breaks and other control characters would break every format.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}

// grid is the header and the cells of b, each passed through clean.
func (b Block) grid(clean func(string) string) (header []string, cells [][]string) {
	header, cells = b.Header(), b.Cells()
	for _, line := range append(slices.Clip(cells), header) {
		for i := range line {
			line[i] = clean(oneLine(line[i]))
		}
	}
	return header, cells
}

package output

import (
	"bufio"
	"io"
	"iter"
	"unicode/utf8"

	"gpwbench/internal/escape"
)

// textGap is the space between two columns of text.
const textGap = 2

// Text writes rows under a header as plain text with aligned columns, each cell escaped,
// in several parts where a window is too narrow for one ([Sized]). It holds one row at a
// time: rows are made once for the widths of the columns, and once more for each part,
// and must be the same every time. Each has as many cells as the header. The error is
// that of w.
func Text(w io.Writer, header []string, rows iter.Seq[[]string]) error {
	widths := make([]int, len(header))
	measure := func(cells []string) {
		for k, c := range cells {
			widths[k] = max(widths[k], utf8.RuneCountInString(escape.Cell(c))+textGap)
		}
	}
	measure(header)
	for cells := range rows {
		measure(cells)
	}

	out := bufio.NewWriter(w)
	for k, columns := range Groups(widths, Columns(w)) {
		if k > 0 {
			out.WriteByte('\n') // an error stays until Flush
		}
		err := textLine(out, header, columns, widths)
		for cells := range rows {
			if err != nil {
				break
			}
			err = textLine(out, cells, columns, widths)
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// textLine writes some of the cells of a row. Nothing follows the last one.
func textLine(out *bufio.Writer, cells []string, columns, widths []int) error {
	for n, k := range columns {
		cell := escape.Cell(cells[k])
		out.WriteString(cell)
		if n == len(columns)-1 {
			break
		}
		for range widths[k] - utf8.RuneCountInString(cell) {
			out.WriteByte(' ')
		}
	}
	return out.WriteByte('\n')
}

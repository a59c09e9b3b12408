package output

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// Sized is a writer that ends at a window of so many columns. What is written as text
// fits them: see [Columns].
type Sized struct {
	io.Writer
	Columns int
}

// A Page collects what is written at once at its end, for a window of so many columns.
type Page struct {
	bytes.Buffer
	Columns int
}

// NewPage returns an empty page for the window of w.
func NewPage(w io.Writer) *Page { return &Page{Columns: Columns(w)} }

// Columns returns how many columns w shows in a line, or 0 for a writer that has no
// window, such as a file.
func Columns(w io.Writer) int {
	switch w := w.(type) {
	case Sized:
		return w.Columns
	case *Page:
		return w.Columns
	}
	return 0
}

// Groups divides the columns of a table so that each part fits in so many letters. Every
// part begins with column 0, which names the rows, and has one other at least. widths are
// those of the columns with the space around them; limit 0 is no limit, and one part.
func Groups(widths []int, limit int) [][]int {
	var parts [][]int
	used := 0
	for k := 1; k < len(widths); k++ {
		last := len(parts) - 1
		if last < 0 || limit > 0 && used+widths[k] > limit {
			parts = append(parts, []int{0, k})
			used = widths[0] + widths[k]
			continue
		}
		parts[last] = append(parts[last], k)
		used += widths[k]
	}

	if parts == nil {
		return [][]int{{0}}
	}
	return parts
}

// Pick returns the cells of these columns.
func Pick(cells []string, columns []int) []string {
	var picked []string
	for _, k := range columns {
		picked = append(picked, cells[k])
	}
	return picked
}

// Wrap breaks the lines of a text between words so that they fit in so many letters, as
// far as single words do. Lines after the first of a sentence begin with two spaces; 0
// breaks nothing.
func Wrap(text string, limit int) string {
	if limit == 0 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		wrapLine(&b, strings.TrimRight(line, "\n"), limit)
		if strings.HasSuffix(line, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func wrapLine(b *strings.Builder, line string, limit int) {
	used := 0
	for k, word := range strings.Split(line, " ") {
		letters := utf8.RuneCountInString(word)
		switch {
		case k == 0:
		case used+1+letters > limit:
			b.WriteString("\n  ")
			used = 2
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += letters
	}
}

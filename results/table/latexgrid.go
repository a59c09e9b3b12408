package table

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gpwbench/internal/escape"
)

// A latexGrid is a block as LaTeX.
type latexGrid struct {
	header []string
	rows   [][]string
	below  [][]string // the second line of each row, in small type: the intervals
	widths []float64  // of the columns in points, as far as characters tell
}

// The widths of characters in a wide table, in points: those of \footnotesize, of a head,
// which has capitals, and of \tiny; and what is between two columns.
const (
	figureWidth  = 4.25
	headWidth    = 4.7
	spreadWidth  = 3.0
	betweenWidth = 4.0

	// The width of a page of two columns: 6.75 inches, of 72.27 points.
	pageWidth = 6.75 * 72.27
)

// latexGrid makes LaTeX of the block. Stacked, what is beside a mean is below it.
func (b Block) latexGrid(stacked bool) latexGrid {
	titles := b.Header()
	g := latexGrid{header: slices.Clone(titles), rows: b.Cells(), widths: make([]float64, len(titles))}
	for k := range g.rows {
		g.below = append(g.below, make([]string, len(titles)))
		for _, m := range b.printedMetrics() {
			if column := slices.Index(titles, metricTitle(m)); stacked && column >= 0 {
				g.rows[k][column], g.below[k][column] = b.figure(k, m)
			}
		}
	}

	for c, title := range titles {
		for _, part := range strings.Split(breakHeader(title), "\n") {
			g.widths[c] = max(g.widths[c], headWidth*letters(part))
		}
		for k, line := range g.rows {
			g.widths[c] = max(g.widths[c], figureWidth*letters(line[c]), spreadWidth*letters(g.below[k][c]))
			line[c] = escape.LaTeX(line[c])
			if g.below[k][c] != "" {
				g.below[k][c] = `{\tiny ` + escape.LaTeX(g.below[k][c]) + "}"
			}
		}
		g.widths[c] += betweenWidth
		g.header[c] = latexHeader(escape.LaTeX(title))
	}
	b.mark(titles, g.rows, latexMarks)
	return g
}

func letters(text string) float64 { return float64(utf8.RuneCountInString(text)) }

// twoLines returns the cells of a row with those of its second line behind the last, if
// there are any.
func twoLines(row, below []string) []string {
	if !slices.ContainsFunc(below, func(cell string) bool { return cell != "" }) {
		return row
	}
	all := slices.Clone(row)
	all[len(all)-1] += " \\\\[-3pt]\n" + strings.Join(below, " & ")
	return all
}

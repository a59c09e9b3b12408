package plots

import (
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// A layout is a figure laid out downwards in blocks.
type layout struct {
	Options
	width   vg.Length
	title   string
	caption string // the sentences below it
	blocks  []block
}

type block struct {
	height vg.Length
	draw   func(c draw.Canvas, top vg.Length)
}

func newLayout(as Print) *layout {
	o := as.options()
	return &layout{Options: o, width: o.Width.length()}
}

// inside returns the width between the margins.
func (s *layout) inside() vg.Length { return s.width - 2*margin }

func (s *layout) add(height vg.Length, draw func(c draw.Canvas, top vg.Length)) {
	s.blocks = append(s.blocks, block{height, draw})
}

func (s *layout) space(height vg.Length) { s.add(height, func(draw.Canvas, vg.Length) {}) }

// text adds a paragraph.
func (s *layout) text(st style, text string) {
	wrapped := st.wrap(text, s.inside())
	s.add(linesHeight(wrapped, st.size), func(c draw.Canvas, top vg.Length) {
		st.writeLines(c, vg.Point{X: margin, Y: top - st.size}, wrapped)
	})
}

// heading adds the title and, below it, lines of captions.
func (s *layout) heading(title string, captions ...string) {
	if s.Title != "" {
		title = s.Title
	}
	s.title = title
	if !s.NoTitle {
		s.text(style{size: titleSize, bold: true}, title)
	}
	for _, c := range captions {
		s.text(style{size: captionSize}, c)
	}
}

// note adds the explanation of the figure below everything else: the sentences that are
// not empty.
func (s *layout) note(sentences ...string) {
	said := slices.DeleteFunc(slices.Clone(sentences), func(t string) bool { return t == "" })
	s.caption = strings.Join(said, " ")
	if !s.NoCaption {
		s.text(style{size: tickSize, faint: true}, s.caption)
	}
}

// letters returns the letters of n panels, none where there is but one.
func (s *layout) letters(n int) []string {
	all := make([]string, n)
	for k := range all {
		if n > 1 && !s.NoLetters {
			all[k] = letterOf(k)
		}
	}
	return all
}

// letterOf is a for 0, z for 25, aa for 26.
func letterOf(k int) string {
	if k < 26 {
		return string(rune('a' + k))
	}
	return letterOf(k/26-1) + letterOf(k%26)
}

// writeLetter writes the letter of a panel left of its heading, whose baseline is given.
func writeLetter(c draw.Canvas, left, baseline vg.Length, letter string) {
	style{size: labelSize, bold: true, align: 1}.write(c, vg.Point{X: left - letterGap, Y: baseline}, letter)
}

// letterGap is the space between a letter and its panel, in points.
const letterGap = 3.0

// panelColumns returns the left edges of n panels side by side and their width. Each has
// space for an axis on its left. If they share one, only the first has.
func (s *layout) panelColumns(n int, gap vg.Length, shared bool) (lefts []vg.Length, width vg.Length) {
	axes := vg.Length(n)
	if shared {
		axes = 1
	}

	width = (s.inside() - axes*underY - vg.Length(n-1)*gap) / vg.Length(n)
	left := vg.Length(margin + underY)
	for range n {
		lefts = append(lefts, left)
		left += width + gap
		if !shared {
			left += underY
		}
	}

	return lefts, width
}

// figure ends the layout. The scatter has the pooling of the figure's N and P.
func (s *layout) figure(of *analysis.Scatter, rows func(emit func(...string))) *Figure {
	height := vg.Length(2 * margin)
	for _, b := range s.blocks {
		height += b.height
	}
	return &Figure{title: s.title, caption: s.caption, pooling: of.Pooling.String(), width: s.width, height: height, rows: rows, draw: func(c draw.Canvas) {
		top := height - margin
		for _, b := range s.blocks {
			b.draw(c, top)
			top -= b.height
		}
	}}
}

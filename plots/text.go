package plots

import (
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The two faces, parsed when first used.
var (
	regularFace = sync.OnceValue(func() font.Face { return parseFont(liberationsansregular.TTF, stdfont.WeightNormal) })
	boldFace    = sync.OnceValue(func() font.Face { return parseFont(liberationsansbold.TTF, stdfont.WeightBold) })
)

func parseFont(ttf []byte, weight stdfont.Weight) font.Face {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("plots: the built-in font: " + err.Error())
	}
	return font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, Face: f}
}

// A style says how a line of text is drawn. The zero style is regular, in the colour of
// ink, and starts at its point.
type style struct {
	size  vg.Length
	bold  bool
	faint bool
	align float64 // 0 starts at the point, 0.5 is centred on it, 1 ends there
}

func (s style) face() font.Face {
	f := regularFace()
	if s.bold {
		f = boldFace()
	}
	f.Font.Size = s.size
	return f
}

func (s style) width(text string) vg.Length {
	f := s.face()
	return f.Width(legible(f, text))
}

// legible replaces characters that the font lacks and that would vanish: a subscript by a
// plain character, and characters of other scripts by a box.
func legible(f font.Face, text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '₊':
			return '+'
		case '₋':
			return '−'
		}

		if !unicode.IsGraphic(r) {
			return '□'
		}
		if glyph, err := f.Face.GlyphIndex(nil, r); err != nil || glyph == 0 {
			return '□'
		}

		return r
	}, text)
}

// write draws a line of text with its baseline at a point.
func (s style) write(c draw.Canvas, at vg.Point, text string) {
	if text == "" {
		return
	}
	c.SetColor(inkColor)
	if s.faint {
		c.SetColor(faintColor)
	}
	at.X -= vg.Length(s.align) * s.width(text)
	f := s.face()
	c.FillString(f, at, legible(f, text))
}

// A run is a part of a line. A raised one is an exponent; the font has no raised minus
// sign.
type run struct {
	text   string
	raised bool
}

// writeRuns draws a line of several runs, its baseline through a point at an angle.
func (s style) writeRuns(c draw.Canvas, at vg.Point, angle float64, runs []run) {
	styles, total := s.ofRuns(runs)

	c.Push()
	c.Translate(at)
	c.Rotate(angle)
	pen := vg.Point{X: -vg.Length(s.align) * total}

	for k, r := range runs {
		pen.Y = 0
		if r.raised {
			pen.Y = 0.34 * s.size
		}

		styles[k].write(c, pen, r.text)
		pen.X += styles[k].width(r.text)
	}

	c.Pop()
}

// ofRuns returns the styles of runs and how wide they are together.
func (s style) ofRuns(runs []run) (styles []style, total vg.Length) {
	for _, r := range runs {
		own := style{size: s.size, bold: s.bold, faint: s.faint}
		if r.raised {
			own.size *= 0.75
		}
		styles = append(styles, own)
		total += own.width(r.text)
	}
	return styles, total
}

// writeNumber draws a number of an axis with its baseline at a point.
func (s style) writeNumber(c draw.Canvas, at vg.Point, text string) {
	if runs := numberRuns(text); len(runs) > 1 {
		s.writeRuns(c, at, 0, runs)
	} else {
		s.write(c, at, text)
	}
}

// numberWidth is how wide a number of an axis is.
func (s style) numberWidth(text string) vg.Length {
	_, width := s.ofRuns(numberRuns(text))
	return width
}

// writeLines draws lines downwards from the baseline of the first.
func (s style) writeLines(c draw.Canvas, at vg.Point, lines []string) {
	for _, line := range lines {
		s.write(c, at, line)
		at.Y -= s.size * leading
	}
}

// linesHeight returns the height of lines of text.
func linesHeight(text []string, size vg.Length) vg.Length {
	return vg.Length(len(text)) * size * leading
}

// wrap breaks text at spaces into lines of at most the given width, unless one word is
// longer. A no-break space is not broken, unless the words it joins are longer than a
// line; it then becomes a space.
func (s style) wrap(text string, width vg.Length) []string {
	var words, lines []string
	for _, word := range strings.Split(text, " ") {
		if s.width(word) > width {
			words = append(words, strings.Split(word, "\u00a0")...)
		} else {
			words = append(words, word)
		}
	}

	for _, word := range words {
		if n := len(lines); n > 0 && s.width(lines[n-1]+" "+word) <= width {
			lines[n-1] += " " + word
			continue
		}

		lines = append(lines, word)
	}

	for k := range lines {
		lines[k] = strings.ReplaceAll(lines[k], "\u00a0", " ")
	}
	return lines
}

// parameters returns the caption of a loss with breaks at its commas only, so that a
// hyper-parameter stays with its value.
func parameters(caption string) string {
	if caption == "" {
		return "no parameters"
	}
	return strings.ReplaceAll(strings.ReplaceAll(caption, " ", "\u00a0"), ",\u00a0", ", ")
}

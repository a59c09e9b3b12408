package plots

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// A page is a canvas that keeps the text written on it, with the box that each line
// takes.
type page struct {
	stack  []affine
	lines  []line
	images int
	dashes int // strokes with dashes
	dashed bool
}

type line struct {
	text string
	bold bool
	box  vg.Rectangle
}

// An affine map takes (x, y) to (a·x − b·y + dx, b·x + a·y + dy).
type affine struct{ a, b, dx, dy vg.Length }

func (m affine) apply(p vg.Point) vg.Point {
	return vg.Point{X: m.a*p.X - m.b*p.Y + m.dx, Y: m.b*p.X + m.a*p.Y + m.dy}
}

func (p *page) now() *affine { return &p.stack[len(p.stack)-1] }

func (p *page) SetLineWidth(vg.Length)                      {}
func (p *page) SetLineDash(dashes []vg.Length, _ vg.Length) { p.dashed = len(dashes) > 0 }
func (p *page) SetColor(color.Color)                        {}
func (p *page) Push()                                       { p.stack = append(p.stack, *p.now()) }
func (p *page) Pop()                                        { p.stack = p.stack[:len(p.stack)-1] }
func (p *page) Fill(vg.Path)                                {}
func (p *page) DrawImage(vg.Rectangle, image.Image)         { p.images++ }
func (p *page) Scale(x, y float64)                          { panic("no figure scales") }

func (p *page) Translate(by vg.Point) {
	to := p.now().apply(by)
	p.now().dx, p.now().dy = to.X, to.Y
}

func (p *page) Rotate(angle float64) {
	m := p.now()
	cos, sin := vg.Length(math.Cos(angle)), vg.Length(math.Sin(angle))
	m.a, m.b = m.a*cos-m.b*sin, m.b*cos+m.a*sin
}

func (p *page) Stroke(vg.Path) {
	if p.dashed {
		p.dashes++
	}
}

// FillString keeps the box from the foot of a p to the head of a d: 0.21 below the line
// and 0.73 above, of Liberation Sans.
func (p *page) FillString(f font.Face, at vg.Point, text string) {
	size := f.Font.Size
	from := p.now().apply(vg.Point{X: at.X, Y: at.Y - 0.21*size})
	to := p.now().apply(vg.Point{X: at.X + f.Width(text), Y: at.Y + 0.73*size})
	p.lines = append(p.lines, line{text, f.Font.Weight > stdfont.WeightNormal, vg.Rectangle{
		Min: vg.Point{X: min(from.X, to.X), Y: min(from.Y, to.Y)},
		Max: vg.Point{X: max(from.X, to.X), Y: max(from.Y, to.Y)},
	}})
}

// look draws a figure on a page.
func look(f *Figure) *page {
	p := &page{stack: []affine{{a: 1}}}
	f.draw(f.canvas(p))
	return p
}

// says reports whether the text, line after line, contains s.
func (p *page) says(s string) bool { return strings.Contains(p.text(), s) }

func (p *page) text() string {
	var all []string
	for _, l := range p.lines {
		all = append(all, l.text)
	}
	return strings.ReplaceAll(strings.Join(all, " "), "\u00a0", " ")
}

// isLetter reports whether a line is the letter of a panel.
func (l line) isLetter() bool {
	return l.bold && len(l.text) <= 2 && strings.Trim(l.text, "abcdefghijklmnopqrstuvwxyz") == ""
}

// checkLayout fails where text leaves the page or runs into other text, or where a letter
// stands nearer to what is left of it than to its own panel. An exponent stands close to
// what it belongs to.
func checkLayout(t *testing.T, f *Figure) {
	t.Helper()
	p := look(f)
	const slack = 0.3
	for k, l := range p.lines {
		if l.box.Min.X < 0 || l.box.Min.Y < 0 || l.box.Max.X > f.width || l.box.Max.Y > f.height {
			t.Errorf("%q is cut off: %v on a page of %v × %v", l.text, l.box, f.width, f.height)
		}
		for _, other := range p.lines[:k] {
			x := min(l.box.Max.X, other.box.Max.X) - max(l.box.Min.X, other.box.Min.X)
			y := min(l.box.Max.Y, other.box.Max.Y) - max(l.box.Min.Y, other.box.Min.Y)
			if x > slack && y > slack {
				t.Errorf("%q runs into %q", l.text, other.text)
			}
			for _, pair := range [][2]line{{l, other}, {other, l}} {
				if gap := pair[0].box.Min.X - pair[1].box.Max.X; pair[0].isLetter() && y > 1 && gap >= -slack && gap <= letterGap {
					t.Errorf("the letter %q is %.1f points right of %q", pair[0].text, gap, pair[1].text)
				}
			}
		}
	}
}

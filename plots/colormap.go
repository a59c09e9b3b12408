package plots

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// viridis by Nathaniel Smith and Stéfan van der Walt (matplotlib, CC0), in 17 even
// steps. Its last quarter is left out, because it is too light on white paper.
var viridis = [...]color.NRGBA{
	{0x44, 0x01, 0x54, 255}, {0x48, 0x18, 0x6a, 255}, {0x47, 0x2d, 0x7b, 255}, {0x42, 0x40, 0x86, 255}, {0x3b, 0x52, 0x8b, 255},
	{0x33, 0x63, 0x8d, 255}, {0x2c, 0x72, 0x8e, 255}, {0x26, 0x82, 0x8e, 255}, {0x21, 0x91, 0x8c, 255}, {0x1f, 0xa0, 0x88, 255},
	{0x28, 0xae, 0x80, 255}, {0x3f, 0xbc, 0x73, 255}, {0x5e, 0xc9, 0x62, 255},
}

// A palette gives a pair its colour.
type palette interface {
	color(value float64) color.NRGBA
}

// A uniformColor is one colour for all pairs.
type uniformColor color.NRGBA

func (p uniformColor) color(float64) color.NRGBA { return color.NRGBA(p) }

// A viridisScale runs over viridis from its light end at low to its dark end at high.
// Values beyond have the colour of the end. NaN is grey.
type viridisScale struct{ low, high float64 }

// newViridisScale returns the scale of a range. For a single value it is a range around
// it. For NaN it is a scale whose colours are never used.
func newViridisScale(low, high float64) viridisScale {
	low, high = span{low, high}.widened()
	return viridisScale{low, high}
}

func (s viridisScale) color(value float64) color.NRGBA {
	if math.IsNaN(value) {
		return undefinedColor
	}
	last := len(viridis) - 1
	at := min(max((s.high-value)/(s.high-s.low), 0), 1) * float64(last)
	k := min(int(at), last-1)
	return blend(viridis[k], viridis[k+1], at-float64(k))
}

// blend returns the colour at the given share of the way from a to b.
func blend(a, b color.NRGBA, share float64) color.NRGBA {
	between := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + share*(float64(y)-float64(x)))) }
	return color.NRGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), between(a.A, b.A)}
}

// bar draws a colour bar with its name. If no pair has a value there is none.
func (s viridisScale) bar(c draw.Canvas, left, top, width vg.Length, name string) {
	if !math.IsNaN(s.low) {
		drawBar(c, s, newAxisX(s.low, s.high, 5, width), left, top, width, name)
	}
}

// drawBar draws a colour bar over an axis. Its upper left corner is given. Its numbers
// are below it, and below these their name. An axis of logarithms has colours of these.
func drawBar(c draw.Canvas, colors palette, over axis, left, top, width vg.Length, name string) {
	p := newPanel(left, top, width, barHeight, over, axis{high: 1})
	size := p.Size()
	img := image.NewNRGBA(image.Rect(0, 0, pixels(size.X), pixels(size.Y)))

	for x := range img.Rect.Dx() {
		paint := colors.color(over.low + (float64(x)+0.5)/float64(img.Rect.Dx())*(over.high-over.low))
		for y := range img.Rect.Dy() {
			img.SetNRGBA(x, y, paint)
		}
	}

	c.DrawImage(p.Rectangle, img)
	p.ticksX(c)
	p.labelX(c, name)
}

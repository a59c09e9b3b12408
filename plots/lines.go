package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// lineStyles distinguish the losses of a figure by colour (Okabe & Ito, 2008) and, in
// grey, by dashes.
var lineStyles = [...]draw.LineStyle{
	{Color: negativeColor, Width: 1},
	{Color: positiveColor, Width: 1, Dashes: []vg.Length{4, 1.5}},
	{Color: color.NRGBA{R: 0x00, G: 0x9e, B: 0x73, A: 255}, Width: 1, Dashes: []vg.Length{1.2, 1.2}},
	{Color: color.NRGBA{R: 0x9e, G: 0x4a, B: 0x80, A: 255}, Width: 1, Dashes: []vg.Length{6, 1.5, 1.2, 1.5}},
	{Color: inkColor, Width: 1, Dashes: []vg.Length{2.5, 1}},
}

// lineOf is the line of the k-th loss of a figure.
func lineOf(k int) draw.LineStyle { return lineStyles[k%len(lineStyles)] }

// sideLine is the line of the positive or the negative pair, where both are in one panel.
func sideLine(positive bool) draw.LineStyle {
	if positive {
		return lineStyles[1]
	}
	return lineStyles[0]
}

// sweepLine draws the weights of a pair that moves, divided by a number.
func (p panel) sweepLine(c draw.Canvas, scatter *analysis.Scatter, along gpw.Axis, over float64, how draw.LineStyle) {
	var path []vg.Point
	for _, q := range scatter.Pairs {
		if v := q.At(along); v >= p.x.low && v <= p.x.high {
			path = append(path, p.at(v, scatter.Weight(q)/over))
		}
	}
	c.StrokeLines(how, path)
}

// A legendEntry is a line of a legend: the style, name and parameters of a loss.
type legendEntry struct {
	how           draw.LineStyle
	name, caption string
}

// legendEntries adds a legend, one loss below the other.
func (s *layout) legendEntries(keys []legendEntry) {
	const sample = 20
	for _, k := range keys {
		set, height := nameWithCaption(k.name, k.caption, s.inside()-sample)
		s.add(height, func(c draw.Canvas, top vg.Length) {
			y := top - captionSize*(1-0.36)
			c.StrokeLine2(k.how, margin, y, margin+sample-4, y)
			set(c, margin+sample, top)
		})
	}
}

// nameWithCaption sets a name and, after it, the parameters of a loss.
func nameWithCaption(name, caption string, width vg.Length) (set func(c draw.Canvas, left, top vg.Length), height vg.Length) {
	bold, plain := style{size: captionSize, bold: true}, style{size: captionSize}
	names := bold.wrap(name, width)
	last := bold.width(names[len(names)-1]) + 5
	rest := plain.wrap(caption, width-last)
	above := linesHeight(names[1:], captionSize)
	return func(c draw.Canvas, left, top vg.Length) {
		bold.writeLines(c, vg.Point{X: left, Y: top - captionSize}, names)
		plain.writeLines(c, vg.Point{X: left + last, Y: top - above - captionSize}, rest)
	}, above + linesHeight(rest, captionSize)
}

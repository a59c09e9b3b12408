package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A series is how the points of a row are drawn, and the line through them.
type series struct {
	line   draw.LineStyle
	form   marker
	hollow bool // the marks
}

// seriesColors are those of Okabe & Ito, 2008, which people with any common colour
// blindness tell apart, with a darker purple and without the yellow, which is too light
// for a line. The last of the first ten, and the second ten, were found by searches: of
// all colours with contrast to white paper they are the farthest from the others in any
// of these views.
var seriesColors = [...]color.NRGBA{
	negativeColor,
	positiveColor,
	{R: 0x00, G: 0x9e, B: 0x73, A: 255},
	{R: 0x9e, G: 0x4a, B: 0x80, A: 255},
	inkColor,
	{R: 0x56, G: 0xb4, B: 0xe9, A: 255},
	{R: 0xe6, G: 0x9f, B: 0x00, A: 255},
	{R: 0x2d, G: 0x1e, B: 0x96, A: 255},
	{R: 0x87, G: 0x1e, B: 0xf0, A: 255},
	{R: 0x78, G: 0x0f, B: 0x0f, A: 255},
	{R: 0x00, G: 0x90, B: 0xfc, A: 255},
	{R: 0xb4, G: 0x3c, B: 0x18, A: 255},
	{R: 0x60, G: 0x18, B: 0x48, A: 255},
	{R: 0x30, G: 0x9c, B: 0xb4, A: 255},
	{R: 0x24, G: 0xcc, B: 0x78, A: 255},
	{R: 0x90, G: 0x30, B: 0x48, A: 255},
	{R: 0x84, G: 0x24, B: 0x78, A: 255},
	{R: 0x54, G: 0xc0, B: 0xb4, A: 255},
	{R: 0x3c, G: 0x48, B: 0xa8, A: 255},
	{R: 0x00, G: 0x00, B: 0xe4, A: 255},
}

// seriesDashes are those of lines. The first line is solid.
var seriesDashes = [...][]vg.Length{nil, {4, 1.5}, {1.2, 1.2}, {6, 1.5, 1.2, 1.5}, {2.5, 1}}

// A marker is the form of a mark.
type marker int

// The markers.
const (
	discMark marker = iota
	triangleMark
	squareMark
	diamondMark
	droopMark // a triangle on its tip
	markers   = iota
)

// seriesOf is the k-th loss of a figure in its v-th variant. The first 20 losses differ
// in colour. No two of the first 100 have both colour and marker in common, because there
// are 20 colours and 5 markers. Of the first 25 none have both dashes and marker in
// common, so that they differ in grey. Variants have the colour and the marker of their
// loss; ten of them differ in their dashes, or in being hollow.
func seriesOf(k, v int) series {
	form := (k + k/len(seriesColors)) % int(markers)
	dash := seriesDashes[(form+k/int(markers)+v)%len(seriesDashes)]
	return series{
		line:   draw.LineStyle{Color: seriesColors[k%len(seriesColors)], Width: 1, Dashes: dash},
		form:   marker(form),
		hollow: v/len(seriesDashes)%2 == 1,
	}
}

// mark draws a point.
func (s series) mark(c draw.Canvas, at vg.Point) {
	path := s.form.path(at, pointRadius)
	if !s.hollow {
		c.SetColor(s.line.Color)
		c.Fill(path)
		return
	}
	c.SetColor(whiteColor)
	c.Fill(path)
	c.SetColor(s.line.Color)
	c.SetLineWidth(0.7)
	c.SetLineDash(nil, 0)
	c.Stroke(path)
}

// path is the outline of a mark with the area of a disc of a radius.
func (m marker) path(at vg.Point, radius vg.Length) vg.Path {
	const (
		halfSide     = 0.8862 // of a square, √π/2
		halfDiagonal = 1.2533 // of a diamond, √(π/2)
	)
	var path vg.Path
	var corners []vg.Point
	switch m {
	case discMark:
		disc.add(&path, at, radius)
		return path
	case triangleMark:
		triangle.add(&path, at, radius)
		return path
	case squareMark:
		a := halfSide * radius
		corners = []vg.Point{{X: -a, Y: -a}, {X: a, Y: -a}, {X: a, Y: a}, {X: -a, Y: a}}
	case diamondMark:
		a := halfDiagonal * radius
		corners = []vg.Point{{X: -a}, {Y: -a}, {X: a}, {Y: a}}
	default:
		r := triangleReach * radius
		corners = []vg.Point{{Y: -r}, {X: r * cos30, Y: r / 2}, {X: -r * cos30, Y: r / 2}}
	}
	for k, p := range corners {
		if p = at.Add(p); k == 0 {
			path.Move(p)
		} else {
			path.Line(p)
		}
	}
	path.Close()
	return path
}

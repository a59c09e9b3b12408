package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// lineOf is the line of the k-th loss of a figure of few, which have colours and, in
// grey, dashes of their own.
func lineOf(k int) draw.LineStyle {
	k %= len(seriesDashes)
	return draw.LineStyle{Color: seriesColors[k], Width: 1, Dashes: seriesDashes[k]}
}

// sideLine is the line of the positive or the negative pair, where both are in one panel.
func sideLine(positive bool) draw.LineStyle {
	if positive {
		return lineOf(1)
	}
	return lineOf(0)
}

// sweepLine draws the weights of a pair that moves, with gaps where it is off the axes.
func (p panel) sweepLine(c draw.Canvas, scatter *analysis.Scatter, along gpw.Axis, how draw.LineStyle) {
	var path []vg.Point
	for _, q := range scatter.Pairs {
		x, y := q.At(along), p.y.place(scatter.Weight(q))
		if !p.x.holds(x) || !p.y.holds(y) {
			c.StrokeLines(how, thinned(path))
			path = nil
			continue
		}
		path = append(path, p.at(x, y))
	}
	c.StrokeLines(how, thinned(path))
}

// lineSlack is how far a line may pass from points that it leaves out, in points: less
// than a twentieth of its width.
const lineSlack = 0.03

// thinned leaves out points of a path near the straight line between those that it keeps.
func thinned(path []vg.Point) []vg.Point {
	if len(path) < 3 {
		return path
	}
	kept, from := []vg.Point{path[0]}, 0
	for to := 2; to < len(path); to++ {
		if !straight(path[from : to+1]) {
			from = to - 1
			kept = append(kept, path[from])
		}
	}
	return append(kept, path[len(path)-1])
}

// straight reports whether a path is the line between its ends.
func straight(path []vg.Point) bool {
	a, b := path[0], path[len(path)-1]
	along := b.Sub(a)
	length := math.Hypot(float64(along.X), float64(along.Y))
	for _, p := range path[1 : len(path)-1] {
		off := p.Sub(a)
		across := math.Abs(float64(along.X*off.Y - along.Y*off.X))
		if length == 0 || across > lineSlack*length {
			return false
		}
	}
	return true
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

// legendGrid adds a legend in columns, row by row.
func (s *layout) legendGrid(keys []legendEntry, columns int) {
	const sample, apart = 20, 8
	width := (s.inside()-vg.Length(columns-1)*apart)/vg.Length(columns) - sample
	for from := 0; from < len(keys); from += columns {
		row := keys[from:min(from+columns, len(keys))]
		set := make([]func(c draw.Canvas, left, top vg.Length), len(row))
		height := vg.Length(0)
		for k, key := range row {
			var own vg.Length
			set[k], own = nameWithCaption(key.name, key.caption, width)
			height = max(height, own)
		}
		s.add(height, func(c draw.Canvas, top vg.Length) {
			for k := range row {
				left := margin + vg.Length(k)*(width+sample+apart)
				y := top - captionSize*(1-0.36)
				c.StrokeLine2(row[k].how, left, y, left+sample-4, y)
				set[k](c, left+sample, top)
			}
		})
	}
	s.space(4)
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

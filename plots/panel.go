package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// A panel is a rectangle of the page with two axes.
type panel struct {
	vg.Rectangle
	x, y    axis
	limited bool // the ends of an axis are the user's
}

// newPanel returns the panel of the given upper left corner and size.
func newPanel(left, top, width, height vg.Length, x, y axis) panel {
	return panel{Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: top - height}, Max: vg.Point{X: left + width, Y: top}}, x: x, y: y}
}

// at returns the point of the page for a value of each axis.
func (p panel) at(x, y float64) vg.Point {
	size := p.Size()
	return vg.Point{X: p.Min.X + size.X*vg.Length(p.x.at(x)), Y: p.Min.Y + size.Y*vg.Length(p.y.at(y))}
}

// pairs draws the weights of a batch's positive or negative pairs along a similarity,
// each pair with the colour of what N or P is counted from. Pairs that are off the axes
// are left out.
func (p panel) pairs(c draw.Canvas, batch *analysis.Scatter, positive bool, along gpw.Axis, colors palette, color gpw.Axis) {
	dots, opposite := p.newDots(), p.newDots() // opposite: weights below zero on a logarithmic axis
	for row := range batch.Rows() {
		for _, q := range row {
			if q.Positive != positive {
				continue
			}
			x, w := q.At(along), batch.Weight(q)
			y := p.y.place(w)
			if math.IsNaN(x) || !p.x.holds(x) || !p.y.holds(y) {
				continue
			}
			one := dot{at: p.at(x, y), value: q.Others(color)}
			if w < 0 && p.y.log {
				opposite.add(one)
			} else {
				dots.add(one)
			}
		}
	}

	dots.draw(c, shape(positive), colors)
	opposite.draw(c, shape(positive), uniformColor(inkColor))
	p.zeroLine(c)
	p.frame(c)

	switch t := batch.Summary(positive); {
	case t.Pairs == 0:
		p.emptyLabel(c, "no such pair")
	case t.Weighted == 0:
		p.emptyLabel(c, "no pair has weight")
	case dots.none() && opposite.none() && p.limited:
		p.emptyLabel(c, "none within the limits")
	case dots.none() && opposite.none():
		p.emptyLabel(c, "no pair has "+along.String())
	}
}

// curve draws the mean weight of each interval as a step, and nothing over intervals
// without a pair.
func (p panel) curve(c draw.Canvas, bins []analysis.Bin) {
	var steps []vg.Point
	for k, b := range bins {
		y := p.y.place(b.Mean)
		outside := b.High <= p.x.low || b.Low >= p.x.high || !p.y.holds(y)
		if outside || k > 0 && b.Low != bins[k-1].High {
			c.StrokeLines(curveLine, steps)
			steps = nil
		}
		if !outside {
			steps = append(steps, p.at(max(b.Low, p.x.low), y), p.at(min(b.High, p.x.high), y))
		}
	}
	c.StrokeLines(curveLine, steps)
}

var curveLine = draw.LineStyle{Color: inkColor, Width: curveWidth}

// zeroLine draws a line at weight zero if there are weights below.
func (p panel) zeroLine(c draw.Canvas) {
	if p.y.signed {
		zero := p.at(p.x.low, 0).Y
		c.StrokeLine2(draw.LineStyle{Color: faintColor, Width: lineWidth, Dashes: []vg.Length{2, 2}}, p.Min.X, zero, p.Max.X, zero)
	}
}

// frame draws the axes without numbers.
func (p panel) frame(c draw.Canvas) {
	line := draw.LineStyle{Color: inkColor, Width: lineWidth}
	c.StrokeLines(line, []vg.Point{{X: p.Min.X, Y: p.Max.Y}, p.Min, {X: p.Max.X, Y: p.Min.Y}})
	p.ticksX(c)
	for _, v := range p.y.ticks {
		y := p.at(p.x.low, v).Y
		c.StrokeLine2(line, p.Min.X-tickLength, y, p.Min.X, y)
	}
	for _, v := range p.y.minor {
		y := p.at(p.x.low, v).Y
		c.StrokeLine2(line, p.Min.X-tickLength/2, y, p.Min.X, y)
	}
}

func (p panel) ticksX(c draw.Canvas) {
	for _, v := range p.x.ticks {
		x := p.at(v, p.y.low).X
		c.StrokeLine2(draw.LineStyle{Color: inkColor, Width: lineWidth}, x, p.Min.Y-tickLength, x, p.Min.Y)
	}
	for _, v := range p.x.minor {
		x := p.at(v, p.y.low).X
		c.StrokeLine2(draw.LineStyle{Color: inkColor, Width: lineWidth}, x, p.Min.Y-tickLength/2, x, p.Min.Y)
	}
}

// labelX writes the numbers below the panel and, below them, their name. A number that
// extends far over the panel's side is left out, because the next panel has its own
// there.
func (p panel) labelX(c draw.Canvas, name string) {
	y := p.Min.Y - tickLength - tickSize
	number := style{size: tickSize, align: 0.5}
	for k, v := range p.x.ticks {
		x, half := p.at(v, p.y.low).X, number.numberWidth(p.x.labels[k])/2
		if x-half >= p.Min.X-overLeft && x+half <= p.Max.X+overRight {
			number.writeNumber(c, vg.Point{X: x, Y: y}, p.x.labels[k])
		}
	}
	style{size: labelSize, align: 0.5}.writeRuns(c, vg.Point{X: (p.Min.X + p.Max.X) / 2, Y: y - labelSize*leading}, 0, p.x.name(name, ""))
}

// labelY writes the numbers left of the panel. Left of them, upwards, it writes their
// name and their source, which may be empty.
func (p panel) labelY(c draw.Canvas, name, where string) {
	p.numbersY(c)
	at := vg.Point{X: p.Min.X - underY + labelSize, Y: (p.Min.Y + p.Max.Y) / 2}
	style{size: labelSize, align: 0.5}.writeRuns(c, at, math.Pi/2, p.y.name(name, where))
}

// numbersY writes the numbers left of the panel. In a low panel it leaves out those for
// which there is no room.
func (p panel) numbersY(c draw.Canvas) {
	const (
		middle   = 0.36 * tickSize // half the height of a digit
		exponent = 0.89 * tickSize // the head of a raised one above the line
		letter   = 2.3             // the foot of the letter of a panel above it
	)
	below := vg.Length(math.Inf(-1))
	for k, v := range p.y.ticks {
		line, room := p.at(p.x.low, v).Y-middle, vg.Length(0.95*tickSize)
		if len(numberRuns(p.y.labels[k])) > 1 {
			line = max(line-1, min(line, p.Max.Y+letter-exponent))
			room = exponent + 0.21*tickSize // over the foot of the next number
		}
		if line-below < room {
			continue
		}
		style{size: tickSize, align: 1}.writeNumber(c, vg.Point{X: p.Min.X - tickLength - 1.5, Y: line}, p.y.labels[k])
		below = line
	}
}

// emptyLabel writes a line into the middle of the panel.
func (p panel) emptyLabel(c draw.Canvas, text string) {
	size := p.Size()
	style{size: tickSize, align: 0.5, faint: true}.write(c, vg.Point{X: p.Min.X + size.X/2, Y: p.Min.Y + size.Y/2}, text)
}

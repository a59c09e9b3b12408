package plots

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// levelReach is how much longer than the lines that move need it the vertical axis may
// be to show level lines, and leastReach what these lines are taken to need at least, in
// percent. Beyond it a level line would make the others flat.
const (
	levelReach = 2.0
	leastReach = 1.0
)

// axisLines are the lines that the axes are for: those of all pages.
func (d *SensitivityPanel) axisLines() []SensitivityLine {
	if d.all != nil {
		return d.all
	}
	return d.Lines
}

// axisY is in percent, around the means and intervals of the lines that move, and the
// level lines near them, or has the limits.
func (d *SensitivityPanel) axisY(limits Limits) axis {
	if limits.set() {
		return newAxis(limits.Low, limits.High, 5)
	}
	s, level := newSpan(), []float64{}
	for _, l := range d.axisLines() {
		for _, q := range l.Points {
			if l.Constant {
				level = append(level, q.drawn(q.Mean))
				continue
			}
			s.add(q.drawn(q.Mean))
			s.add(q.drawn(q.Low))
			s.add(q.drawn(q.High))
		}
	}
	switch {
	case len(level) == 0 && s.low > s.high:
		return newAxis(0, 100, 5)
	case s.low > s.high: // level lines alone
		for _, v := range level {
			s.add(v)
		}
	}
	s.addNear(level, d.leastReach())

	pad := max(0.05*(s.high-s.low), d.leastReach()/10)
	return newAxis(s.low-pad, s.high+pad, 5)
}

// leastReach is that of the lines of a panel. Figures that are not in percent have any
// scale, so theirs is a hundredth of the largest.
func (d *SensitivityPanel) leastReach() float64 {
	largest := 0.0
	for _, l := range d.axisLines() {
		for _, q := range l.Points {
			if !q.Plain {
				return leastReach
			}
			largest = max(largest, math.Abs(q.Mean))
		}
	}
	if largest == 0 {
		return leastReach
	}
	return largest / 100
}

// addNear takes in the values, the nearest first, as long as the span does not become too
// long.
func (s *span) addNear(values []float64, least float64) {
	most := levelReach * max(s.high-s.low, least)
	low, high := s.low, s.high
	values = slices.Clone(values)
	away := func(v float64) float64 { return max(low-v, v-high) }
	slices.SortStableFunc(values, func(a, b float64) int { return cmp.Compare(away(a), away(b)) })
	for _, v := range values {
		if max(s.high, v)-min(s.low, v) <= most {
			s.add(v)
		}
	}
}

// outside reports whether a level line is not on the axis.
func (l SensitivityLine) outside(y axis) bool {
	v := l.Points[0].drawn(l.Points[0].Mean)
	return l.Constant && (v < y.low || v > y.high)
}

// levelLine draws a row that the setting does not touch: a line with its mark at x or,
// where it is not on the axis, the mark with an arrow to the side where it is.
func (p panel) levelLine(c draw.Canvas, how series, l SensitivityLine, x vg.Length) {
	if !l.outside(p.y) {
		y := p.at(p.x.low, l.Points[0].drawn(l.Points[0].Mean)).Y
		c.StrokeLine2(how.line, p.Min.X, y, p.Max.X, y)
		p.interval(c, how.line, x, l.Points[0])
		how.mark(c, vg.Point{X: x, Y: y})
		return
	}

	const from, head = 9, 2.2
	edge, up := p.Min.Y, vg.Length(1)
	if l.Points[0].drawn(l.Points[0].Mean) > p.y.high {
		edge, up = p.Max.Y, -1
	}
	line := draw.LineStyle{Color: how.line.Color, Width: 0.6}
	tip := vg.Point{X: x, Y: edge + up*1.5}
	c.StrokeLine2(line, x, edge+up*from, tip.X, tip.Y)
	c.StrokeLines(line, []vg.Point{{X: x - head/2, Y: tip.Y + up*head}, tip, {X: x + head/2, Y: tip.Y + up*head}})
	how.mark(c, vg.Point{X: x, Y: edge + up*from})
}

// outsideNote names the level lines that are not on the axis of their data set, with
// their values.
func (d *Sensitivity) outsideNote() string {
	var sets []string
	for k := range d.Panels {
		p := &d.Panels[k]
		y := p.axisY(Limits{})
		var rows []string
		for _, l := range p.Lines {
			if l.outside(y) {
				rows = append(rows, l.Name+" "+l.Points[0].text())
			}
		}
		if len(rows) > 0 {
			sets = append(sets, p.Dataset+": "+strings.Join(rows, ", "))
		}
	}
	if len(sets) == 0 {
		return ""
	}
	return "Arrows: level rows beyond the axis, which shows the rows that " + d.Path + " changes (" + strings.Join(sets, "; ") + ")."
}

// clamp is a value on the axis, or the end of the axis beyond which it is.
func (a axis) clamp(v float64) float64 { return math.Min(a.high, math.Max(a.low, v)) }

package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// A quantity is a number that a panel shows for the pairs of one kind over a training.
type quantity struct {
	name  string
	scale func(span) axis
	value func(analysis.SideStats) float64 // NaN where it is undefined
	band  bool                             // around it, from the lowest S to the highest

	decades bool // zero is not on its axis
}

// The quantities. Numbers of pairs span decades, and so do the weights of different
// losses. Shares are percentages of all, so that panels compare.
var (
	keptShare = quantity{name: "pairs with weight, %", scale: shareAxis, value: func(k analysis.SideStats) float64 {
		return 100 * float64(k.Weighted) / float64(k.Pairs) // 0/0 is NaN: no pairs
	}}
	massSum = quantity{name: "weight Σw", scale: sumAxis, value: func(k analysis.SideStats) float64 {
		return orNothing(k, k.Mass)
	}}
	effectiveNumber = quantity{name: "effective number", scale: logAxis, value: func(k analysis.SideStats) float64 {
		if k.Effective == 0 {
			return math.NaN()
		}
		return k.Effective
	}}
	hardestShare = quantity{name: "hardest 1 %, share in %", scale: shareAxis, value: func(k analysis.SideStats) float64 {
		return ofWeight(k, 100*k.Hardest)
	}}
	largestShare = quantity{name: "largest share, %", scale: logAxis, value: func(k analysis.SideStats) float64 {
		return ofWeight(k, 100*k.Largest)
	}}
	forceSum = quantity{name: "force Σw√(1−S²)", scale: sumAxis, value: func(k analysis.SideStats) float64 {
		return orNothing(k, k.Force)
	}}
	meanSimilarity = quantity{name: "similarity S", scale: meanAxis, value: func(k analysis.SideStats) float64 { return k.Mean }, band: true}
)

// inDecades returns the quantity on a logarithmic axis. Zero, and numbers too low for the
// axis, are drawn on its lower edge.
func (q quantity) inDecades() quantity {
	q.scale = func(s span) axis {
		a := logAxis(s)
		a.floored = true
		return a
	}
	q.decades = true
	return q
}

func orNothing(k analysis.SideStats, v float64) float64 {
	if k.Pairs == 0 {
		return math.NaN()
	}
	return v
}

func ofWeight(k analysis.SideStats, v float64) float64 {
	if k.Mass == 0 {
		return math.NaN()
	}
	return v
}

func shareAxis(span) axis { return newAxis(-3, 103, 5) }

func sumAxis(s span) axis { return span{0, max(s.high, 0)}.weightAxis(5) }

func meanAxis(s span) axis {
	if s.low > s.high {
		s = span{-1, 1}
	}
	low, high := s.widened()
	return newAxis(low-0.03*(high-low), high+0.03*(high-low), 5)
}

// axis returns the axis that contains everything that is shown of the trainings.
func (q quantity) axis(histories []*analysis.TrainingHistory) axis {
	s := newSpan()
	for _, c := range histories {
		for _, m := range c.Stats {
			for _, k := range []analysis.SideStats{m.Positive, m.Negative} {
				if v := q.value(k); v > 0 || !q.decades {
					s.add(v)
				}
				if q.band {
					s.add(k.Low)
					s.add(k.High)
				}
			}
		}
	}

	return q.scale(s)
}

// trainingLine is the line of the positive or the negative pairs over a training. It is
// thin, because it is seldom smooth.
func trainingLine(positive bool) draw.LineStyle {
	line := sideLine(positive)
	line.Width = trainingWidth
	return line
}

const (
	trainingWidth = 0.8
	bandEdge      = 0.4

	// The distance from a panel's lower edge to a floored line, as a share of its height;
	// it separates the line from the axis.
	floorMargin = 0.02
)

// trainingCurves draws a quantity over a training, positives and negatives.
func (p panel) trainingCurves(c draw.Canvas, moments []analysis.WeightStats, q quantity) {
	shown := false
	for _, positive := range []bool{false, true} {
		of := func(m analysis.WeightStats) analysis.SideStats {
			if positive {
				return m.Positive
			}
			return m.Negative
		}

		if q.band {
			p.band(c, moments, positive, of)
		}
		if p.series(c, moments, trainingLine(positive), func(m analysis.WeightStats) float64 { return q.value(of(m)) }) {
			shown = true
		}
	}

	p.frame(c)
	if !shown {
		p.emptyLabel(c, "none")
	}
}

// series draws a number over a training, with gaps where it is NaN or off the axis. It
// reports whether anything was drawn.
func (p panel) series(c draw.Canvas, moments []analysis.WeightStats, style draw.LineStyle, value func(analysis.WeightStats) float64) bool {
	var points []vg.Point
	shown := false
	end := func() {
		if len(points) == 1 { // a single point between two gaps
			points = append(points, vg.Point{X: points[0].X + trainingWidth, Y: points[0].Y})
		}
		c.StrokeLines(style, points)
		points = nil
	}

	for _, m := range moments {
		v := value(m)
		if p.y.log {
			v = math.Log10(v)
		}
		if p.y.floored && v < p.y.low {
			v = p.y.low + floorMargin*(p.y.high-p.y.low)
		}
		if math.IsNaN(v) || v < p.y.low || v > p.y.high {
			end()
			continue
		}

		points = append(points, p.at(float64(m.Step), v))
		shown = true
	}

	end()
	return shown
}

// band fills from the lowest to the highest similarity.
func (p panel) band(c draw.Canvas, moments []analysis.WeightStats, positive bool, of func(analysis.WeightStats) analysis.SideStats) {
	var upper, lower []vg.Point
	for _, m := range moments {
		if k := of(m); k.Pairs > 0 {
			upper = append(upper, p.at(float64(m.Step), k.High))
			lower = append(lower, p.at(float64(m.Step), k.Low))
		}
	}

	if len(upper) < 2 {
		return
	}
	full := sideColor(positive).color(0)
	paint := blend(whiteColor, full, 0.2)

	paint.A = 150 // the band of the other kind stays visible
	edge := draw.LineStyle{Color: blend(whiteColor, full, 0.6), Width: bandEdge}
	c.StrokeLines(edge, upper, lower)
	slices.Reverse(lower)
	c.FillPolygon(paint, append(upper, lower...))
}

package plots

import (
	"image/color"
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
		for _, seed := range c.EachSeed() {
			for _, m := range seed.Stats {
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

// trainingCurves draws a quantity over a training, positives and negatives: the mean over
// the seeds, and behind it their range.
func (p panel) trainingCurves(c draw.Canvas, history *analysis.TrainingHistory, q quantity) {
	sides := []bool{false, true}
	of := func(positive bool, value func(analysis.SideStats) float64) []analysis.SeedPoint {
		return history.OverSeeds(func(m analysis.WeightStats) float64 { return value(m.Side(positive)) })
	}
	for _, positive := range sides {
		if q.band {
			p.similarities(c, of(positive, func(k analysis.SideStats) float64 { return k.Low }), of(positive, func(k analysis.SideStats) float64 { return k.High }), positive)
		}
		p.seedRange(c, of(positive, q.value), trainingLine(positive).Color, seedBandAlpha)
	}
	shown := false
	for _, positive := range sides {
		shown = p.series(c, of(positive, q.value), trainingLine(positive)) || shown
	}

	p.frame(c)
	if !shown {
		p.emptyLabel(c, "none")
	}
}

// stepRuns calls do with the steps that have a number on the axis, in runs without a gap.
// A line also ends where the training of a seed does, because the mean of the others is
// another one.
func (p panel) stepRuns(points []analysis.SeedPoint, do func([]analysis.SeedPoint)) {
	from := 0
	end := func(to int) {
		if to > from {
			do(points[from:to])
		}
	}
	for k, at := range points {
		if k > from && at.Seeds != points[k-1].Seeds {
			end(k)
			from = k
		}
		if v := p.seriesPlace(at.Mean); math.IsNaN(v) || v < p.y.low || v > p.y.high {
			end(k)
			from = k + 1
		}
	}
	end(len(points))
}

// seriesPlace is a number on the vertical axis: its logarithm on a logarithmic one, and
// not below the lower edge of a floored one.
func (p panel) seriesPlace(v float64) float64 {
	if p.y.log {
		v = math.Log10(v)
	}
	if p.y.floored && v < p.y.low {
		v = p.y.low + floorMargin*(p.y.high-p.y.low)
	}
	return v
}

// series draws the mean of a number over the seeds, with gaps where it is NaN or off the
// axis. It reports whether anything was drawn.
func (p panel) series(c draw.Canvas, numbers []analysis.SeedPoint, style draw.LineStyle) bool {
	shown := false
	p.stepRuns(numbers, func(run []analysis.SeedPoint) {
		var points []vg.Point
		for _, at := range run {
			points = append(points, p.at(float64(at.Step), p.seriesPlace(at.Mean)))
		}
		if len(points) == 1 { // a single point between two gaps
			points = append(points, vg.Point{X: points[0].X + trainingWidth, Y: points[0].Y})
		}
		c.StrokeLines(style, points)
		shown = true
	})
	return shown
}

// seedBandAlpha is how far the range of the seeds covers what is behind it, of 255, and
// manyBandsAlpha where there are those of many lines.
const (
	seedBandAlpha  = 70
	manyBandsAlpha = 34
)

// seedRange fills the range of a number over the seeds, where there are two or more.
func (p panel) seedRange(c draw.Canvas, numbers []analysis.SeedPoint, of color.Color, alpha uint8) {
	paint := color.NRGBAModel.Convert(of).(color.NRGBA)
	paint.A = alpha
	p.stepRuns(numbers, func(run []analysis.SeedPoint) {
		if run[0].Seeds < 2 || len(run) < 2 {
			return
		}
		var edge []vg.Point
		for _, at := range run {
			edge = append(edge, p.at(float64(at.Step), p.y.clamp(p.seriesPlace(at.High))))
		}
		for _, at := range slices.Backward(run) {
			edge = append(edge, p.at(float64(at.Step), p.y.clamp(p.seriesPlace(at.Low))))
		}
		c.FillPolygon(paint, edge)
	})
}

// similarities fills from the lowest to the highest similarity of any seed.
func (p panel) similarities(c draw.Canvas, lows, highs []analysis.SeedPoint, positive bool) {
	var upper, lower []vg.Point
	for k, at := range lows {
		if !math.IsNaN(at.Low) {
			upper = append(upper, p.at(float64(at.Step), highs[k].High))
			lower = append(lower, p.at(float64(at.Step), at.Low))
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

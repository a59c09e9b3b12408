package plots

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A LearningCurve is a row over its steps, averaged over seeds.
type LearningCurve struct {
	Name  string
	Seeds int

	Steps           []float64 // ascending
	Mean, Low, High []float64 // of the seeds at each step: mean, least, greatest

	Chosen []float64 // steps that the seeds chose; may be empty
}

// Curves are the learning curves of a data set that are of one kind.
type Curves struct {
	Dataset  string
	Quantity string // what is drawn, as "MAP@R on held-out classes"
	Axis     string // the same in short, beside the vertical axis: "MAP@R"; "" for Quantity
	Unit     string // "%" where figures are in percent; else ""
	Shared   bool   // whether the rows share their vertical axis
	Rows     []LearningCurve
}

// LearningCurvePanels is how many rows have room in a figure.
const LearningCurvePanels = 24

// The layout of curves, in points.
const (
	curveHead  = trainingHead + 4 // above a panel: its name, above the topmost number
	curveLabel = labelSize + 3    // left of a line of panels: what is on their vertical axis
)

// curvePanels is how many panels stand side by side, and their height: few are large, so
// that they fill the width.
func (w Width) curvePanels(rows int) (across int, height vg.Length) {
	across = grid(rows, w.choose(4, 2), LearningCurvePanels)
	heights := []vg.Length{130, 110, 80, trainingPanel}
	if w == Column {
		heights = []vg.Length{80, trainingPanel}
	}
	return across, heights[across-1]
}

// LearningCurves shows rows over their steps: the mean over seeds, and as a band the
// range of the seeds. Up to [OverlaidCurves] rows with one scale are lines of one panel.
// More have a panel each, with the means of all others in grey; a place that no panel
// takes has the key. Steps that were chosen have a mark at the foot. It panics without a
// row, or without a step.
func LearningCurves(as Print, d Curves, notes ...string) *Figure {
	s := newLayout(as)
	s.heading(d.Quantity + " over the training on " + d.Dataset)
	if d.Shared && len(d.Rows) > 1 && len(d.Rows) <= OverlaidCurves {
		return s.overlaidCurves(d, notes)
	}
	chosen := s.curveGrid(d)
	said := d.sentences(chosen)
	if d.Shared && len(d.Rows) > 1 {
		said = append(said, "Grey: the means of the other rows.")
	}
	s.note(append(said, notes...)...)
	return s.plain(d.emit)
}

// reach returns the spans of the steps and of the values, and whether a step was chosen.
func (d Curves) reach() (steps, values span, chosen bool) {
	steps, values = newSpan(), newSpan()
	for _, r := range d.Rows {
		steps.add(r.Steps[0])
		steps.add(r.Steps[len(r.Steps)-1])
		r.reach(&values)
		chosen = chosen || len(r.Chosen) > 0
	}
	return steps, values, chosen
}

// stepsAxis is the horizontal axis of the steps, or of the limits.
func (s *layout) stepsAxis(steps span, ticks int, width vg.Length) axis {
	if s.X.set() {
		return newAxisX(s.X.Low, s.X.High, ticks, width)
	}
	low, high := steps.widened()
	return newAxisX(low, high, ticks, width)
}

// curveGrid adds a panel for each row, and reports whether a step was chosen.
func (s *layout) curveGrid(d Curves) (chosen bool) {
	across, height := s.Options.Width.curvePanels(len(d.Rows))
	letters := s.letters(len(d.Rows))
	lefts, panelWidth := s.curveColumns(across)
	title := style{size: labelSize}
	var names []string
	for _, r := range d.Rows {
		names = append(names, r.Name)
	}
	steps, values, chosen := d.reach()
	x := s.stepsAxis(steps, 4, panelWidth)
	room := panelWidth + trainingAxis - 12
	names = title.shortPaths(names, room)

	for from := 0; from < len(d.Rows); from += across {
		line := d.Rows[from:min(from+across, len(d.Rows))]
		below := vg.Length(trainingBelow)
		if from+across >= len(d.Rows)-across+1 { // some panel has none below it
			below = underX
		}
		s.add(curveHead+height+below, func(c draw.Canvas, top vg.Length) {
			for k, r := range line {
				own := values
				if !d.Shared {
					own = newSpan()
					r.reach(&own)
				}
				p := newPanel(lefts[k], top-curveHead, panelWidth, height, x, own.curveAxis(s.Y))
				if d.Shared {
					p.otherCurves(c, d.Rows, from+k)
				}
				p.learningCurve(c, r, draw.LineStyle{Color: negativeColor, Width: trainingWidth})
				p.numbersY(c)
				title.write(c, vg.Point{X: p.Max.X - room, Y: p.Max.Y + 7}, title.fit(names[from+k], room))
				style{size: labelSize, bold: true}.write(c, vg.Point{X: p.Max.X - room - 9, Y: p.Max.Y + 7}, letters[from+k])
				if k == 0 {
					p.nameY(c, d.axisName())
				}
				name := ""
				if from+k+across >= len(d.Rows) {
					name = "step"
				}
				p.labelX(c, name)
			}
			if len(line) < across {
				s.curveKey(c, d, vg.Point{X: lefts[len(line)], Y: top - curveHead}, panelWidth, chosen)
			}
		})
	}
	return chosen
}

// curveKey says what is drawn in the first place without a panel, whose upper left corner
// is given.
func (s *layout) curveKey(c draw.Canvas, d Curves, at vg.Point, width vg.Length, chosen bool) {
	const (
		sample  = 12
		apart   = 4
		between = 1.6 * tickSize
	)
	color, foot := negativeColor, draw.LineStyle{Color: negativeColor, Width: trainingWidth}
	var most int
	for _, r := range d.Rows {
		most = max(most, r.Seeds)
	}
	key := func(name string, mark func(left, y vg.Length)) {
		mark(at.X, at.Y-0.64*tickSize)
		text := style{size: tickSize}
		text.write(c, vg.Point{X: at.X + sample + apart, Y: at.Y - tickSize}, text.fit(name, width-sample-apart))
		at.Y -= between
	}
	line := func(how draw.LineStyle) func(left, y vg.Length) {
		return func(left, y vg.Length) { c.StrokeLine2(how, left, y, left+sample, y) }
	}

	if most <= 1 {
		key("one seed", line(foot))
	} else {
		key("mean over seeds", line(foot))
		key("range of seeds", func(left, y vg.Length) {
			color.A = bandAlpha
			c.FillPolygon(color, []vg.Point{{X: left, Y: y - 2.5}, {X: left + sample, Y: y - 2.5}, {X: left + sample, Y: y + 2.5}, {X: left, Y: y + 2.5}})
		})
	}
	if d.Shared && len(d.Rows) > 1 {
		key("other rows", line(draw.LineStyle{Color: otherColor, Width: lineWidth}))
	}
	if chosen {
		key("chosen step", func(left, y vg.Length) {
			var path vg.Path
			triangle.add(&path, vg.Point{X: left + sample/2, Y: y}, 1.4)
			c.SetColor(positiveColor)
			c.Fill(path)
		})
	}
}

// OverlaidCurves is how many rows are lines of one panel.
const OverlaidCurves = 5

// overlaidCurves adds one panel with all rows.
func (s *layout) overlaidCurves(d Curves, notes []string) *Figure {
	var keys []legendEntry
	for k, r := range d.Rows {
		keys = append(keys, legendEntry{lineOf(k), r.Name, ""})
	}
	steps, values, chosen := d.reach()
	s.legendGrid(keys, min(s.Options.Width.choose(3, 1), len(keys)))

	lefts, width := s.curveColumns(1)
	x := s.stepsAxis(steps, 8, width)
	height := vg.Length(s.Options.Width.choose(160, 120))
	s.add(height+6+underX, func(c draw.Canvas, top vg.Length) {
		p := newPanel(lefts[0], top-6, width, height, x, values.curveAxis(s.Y))
		for k, r := range d.Rows { // bands below all lines
			p.seedBand(c, r, lineOf(k).Color)
		}
		for k, r := range d.Rows {
			r.Seeds = 1 // the band is there
			p.learningCurve(c, r, lineOf(k))
			p.stepMarks(c, lineOf(k).Color, r.Chosen...)
		}
		p.numbersY(c)
		p.nameY(c, d.axisName())
		p.labelX(c, "step")
	})
	s.note(append(d.sentences(chosen), notes...)...)
	return s.plain(d.emit)
}

// otherCurves draws the means of all rows but one.
func (p panel) otherCurves(c draw.Canvas, rows []LearningCurve, but int) {
	for k, r := range rows {
		if k != but {
			p.meanLine(c, r, draw.LineStyle{Color: otherColor, Width: lineWidth})
		}
	}
}

// otherColor is that of lines that are there for comparison.
var otherColor = color.NRGBA{R: 0xb4, G: 0xb4, B: 0xb4, A: 255}

// curveColumns are those of a training, right of the name of the vertical axis.
func (s *layout) curveColumns(n int) (lefts []vg.Length, width vg.Length) {
	lefts, width = s.trainingColumns(n)
	width -= curveLabel / vg.Length(n)
	for k := range lefts {
		lefts[k] += curveLabel * (1 - vg.Length(k)/vg.Length(n))
	}
	return lefts, width
}

// nameY writes the name of the vertical axis upwards, left of the numbers.
func (p panel) nameY(c draw.Canvas, name string) {
	at := vg.Point{X: p.Min.X - trainingAxis - 3, Y: (p.Min.Y + p.Max.Y) / 2}
	text := style{size: labelSize, align: 0.5}
	text.writeRuns(c, at, math.Pi/2, []run{{text: text.fit(name, p.Size().Y+curveHead/2)}})
}

// axisName names the vertical axis.
func (d Curves) axisName() string {
	name := d.Axis
	if name == "" {
		name = d.Quantity
	}
	if d.Unit != "" {
		name += ", " + d.Unit
	}
	return name
}

// sentences say what is drawn.
func (d Curves) sentences(chosen bool) []string {
	unit := ""
	if d.Unit != "" {
		unit = ", in " + d.Unit
	}
	most := 0
	for _, r := range d.Rows {
		most = max(most, r.Seeds)
	}
	n := []string{d.Quantity + unit + ": the mean over seeds, and as a band the range of the seeds."}
	if most <= 1 {
		n = []string{d.Quantity + unit + ", of one seed a row."}
	}
	switch {
	case chosen && most <= 1:
		n = append(n, "Triangle: the step that was chosen.")
	case chosen:
		n = append(n, "Triangles: the steps that the seeds chose.")
	}
	return n
}

// reach takes a curve into a span.
func (r LearningCurve) reach(s *span) {
	for k := range r.Steps {
		s.add(r.Low[k])
		s.add(r.High[k])
	}
}

// curveAxis is a vertical axis of the span, a little wider, or of the limits.
func (s span) curveAxis(limits Limits) axis {
	if limits.set() {
		return newAxis(limits.Low, limits.High, 4)
	}
	low, high := s.widened()
	pad := 0.06 * (high - low)
	return newAxis(low-pad, high+pad, 4)
}

// learningCurve draws the band, the mean and the chosen steps.
func (p panel) learningCurve(c draw.Canvas, r LearningCurve, how draw.LineStyle) {
	p.seedBand(c, r, how.Color)
	p.meanLine(c, r, how)
	p.frame(c)

	p.chosenSteps(c, r.Chosen...)
}

// bandAlpha is how much of its colour a band has, of 255.
const bandAlpha = 40

// seedBand fills the range of the seeds.
func (p panel) seedBand(c draw.Canvas, r LearningCurve, of color.Color) {
	if r.Seeds < 2 || len(r.Steps) < 2 {
		return
	}
	var edge []vg.Point
	for k, step := range r.Steps {
		edge = append(edge, p.at(p.x.clamp(step), p.y.clamp(r.High[k])))
	}
	for k := len(r.Steps) - 1; k >= 0; k-- {
		edge = append(edge, p.at(p.x.clamp(r.Steps[k]), p.y.clamp(r.Low[k])))
	}
	band := color.NRGBAModel.Convert(of).(color.NRGBA)
	band.A = bandAlpha
	c.FillPolygon(band, edge)
	band.A = 140
	n := len(r.Steps)
	c.StrokeLines(draw.LineStyle{Color: band, Width: bandEdge}, edge[:n], edge[n:])
}

// meanLine draws the means, with gaps where they are off the axes.
func (p panel) meanLine(c draw.Canvas, r LearningCurve, how draw.LineStyle) {
	var path []vg.Point
	for k, step := range r.Steps {
		if !p.x.holds(step) || !p.y.holds(r.Mean[k]) {
			c.StrokeLines(how, path)
			path = nil
			continue
		}
		path = append(path, p.at(step, r.Mean[k]))
	}
	c.StrokeLines(how, path)
}

// chosenSteps marks steps at the foot of the panel.
func (p panel) chosenSteps(c draw.Canvas, steps ...float64) { p.stepMarks(c, positiveColor, steps...) }

// stepMarks marks steps at the foot of the panel in a colour.
func (p panel) stepMarks(c draw.Canvas, paint color.Color, steps ...float64) {
	var marks vg.Path
	for _, step := range steps {
		if !p.x.holds(step) {
			continue
		}
		triangle.add(&marks, vg.Point{X: p.at(step, p.y.low).X, Y: p.Min.Y + 3}, 1.4)
	}
	c.SetColor(paint)
	c.Fill(marks)
}

// emit has a line for each step of each row.
func (d Curves) emit(emit func(...string)) {
	emit("dataset", "row", "quantity", "seeds", "step", "mean", "low", "high", "chosen")
	for _, r := range d.Rows {
		for k, step := range r.Steps {
			n := 0
			for _, c := range r.Chosen {
				if c == step {
					n++
				}
			}
			emit(d.Dataset, r.Name, d.Quantity, strconv.Itoa(r.Seeds), fmt.Sprint(step), csvNumber(r.Mean[k]), csvNumber(r.Low[k]), csvNumber(r.High[k]), strconv.Itoa(n))
		}
	}
}

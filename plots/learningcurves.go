package plots

import (
	"fmt"
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
	Quantity string // what is on the vertical axis, as "MAP@R on held-out classes"
	Unit     string // "%" where figures are in percent; else ""
	Shared   bool   // whether the rows share their vertical axis
	Rows     []LearningCurve
}

// LearningCurvePanels is how many rows have room in a figure.
const LearningCurvePanels = 24

// curveHead is the height above a panel: its name, above the topmost number.
const curveHead = trainingHead + 4

// LearningCurves shows rows over their steps, a panel a row: the mean over seeds, and as
// a band the range of the seeds. Steps that were chosen have a mark at the foot. It
// panics without a row, or without a step.
func LearningCurves(width Width, d Curves, notes ...string) *Figure {
	s := newLayout(width)
	s.heading(d.Quantity + " over the training on " + d.Dataset)
	across := 4
	if width == Column {
		across = 2
	}
	lefts, panelWidth := s.trainingColumns(across)
	steps, values := newSpan(), newSpan()
	chosen := false
	for _, r := range d.Rows {
		steps.add(r.Steps[0])
		steps.add(r.Steps[len(r.Steps)-1])
		r.reach(&values)
		chosen = chosen || len(r.Chosen) > 0
	}
	low, high := steps.widened()
	x := newAxisX(low, high, 4, panelWidth)

	for from := 0; from < len(d.Rows); from += across {
		line := d.Rows[from:min(from+across, len(d.Rows))]
		name, below := "", vg.Length(trainingBelow)
		if from+across >= len(d.Rows) {
			name, below = "step", underX
		}
		s.add(curveHead+trainingPanel+below, func(c draw.Canvas, top vg.Length) {
			for k, r := range line {
				own := values
				if !d.Shared {
					own = newSpan()
					r.reach(&own)
				}
				p := newPanel(lefts[k], top-curveHead, panelWidth, trainingPanel, x, own.curveAxis())
				p.learningCurve(c, r)
				p.numbersY(c)
				title := style{size: labelSize}
				at := p.Min.X - trainingAxis + 2
				title.write(c, vg.Point{X: at, Y: p.Max.Y + 7}, title.fit(r.Name, p.Max.X-at))
				p.labelX(c, name)
			}
		})
	}

	unit := ""
	if d.Unit != "" {
		unit = ", in " + d.Unit
	}
	sentences := append([]string{d.Quantity + unit + ": the mean over seeds, and as a band the range of the seeds."}, notes...)
	if chosen {
		sentences = append(sentences, "Triangles: the steps that the seeds chose.")
	}
	s.note(sentences...)
	return s.plain(d.emit)
}

// reach takes a curve into a span.
func (r LearningCurve) reach(s *span) {
	for k := range r.Steps {
		s.add(r.Low[k])
		s.add(r.High[k])
	}
}

// curveAxis is a vertical axis of the span, a little wider.
func (s span) curveAxis() axis {
	low, high := s.widened()
	pad := 0.06 * (high - low)
	return newAxis(low-pad, high+pad, 4)
}

// learningCurve draws the band, the mean and the chosen steps.
func (p panel) learningCurve(c draw.Canvas, r LearningCurve) {
	if r.Seeds > 1 && len(r.Steps) > 1 {
		var edge []vg.Point
		for k, step := range r.Steps {
			edge = append(edge, p.at(step, r.High[k]))
		}
		for k := len(r.Steps) - 1; k >= 0; k-- {
			edge = append(edge, p.at(r.Steps[k], r.Low[k]))
		}
		band := negativeColor
		band.A = 70
		c.FillPolygon(band, edge)
	}
	var path []vg.Point
	for k, step := range r.Steps {
		path = append(path, p.at(step, r.Mean[k]))
	}
	c.StrokeLines(draw.LineStyle{Color: negativeColor, Width: trainingWidth}, path)
	p.frame(c)

	var marks vg.Path
	for _, step := range r.Chosen {
		triangle.add(&marks, vg.Point{X: p.at(step, p.y.low).X, Y: p.Min.Y + 3}, 1.4)
	}
	c.SetColor(positiveColor)
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

package plots

import (
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// Training shows what the weights of one loss come to over a training, positives and negatives apart: which pairs have weight, how much, over how
// many pairs it is spread, how much the hardest have, the force, the similarities, and the value of the loss. Below, the weights of all pairs against
// S, from the first kept batch to the last, on the same axes. It panics without a moment.
//
// Its data are those of the curves; [Weights] has the pairs.
func Training(width Width, course *analysis.Course) *Figure {
	s := newSheet(width)
	across, batches := 4, 4
	if width == Column {
		across, batches = 2, 2
	}
	s.heading(course.Title+": training on "+course.Dataset, parameters(course.Caption))
	s.courseLegend()
	one := []*analysis.Course{course}
	panels := []quantity{keptShare, massSum, effectiveNumber, hardestShare, largestShare, forceSum, meanSimilarity}
	lefts, panelWidth := s.coursePlaces(across)
	x := stepAxis(one, panelWidth)
	for from := 0; from <= len(panels); from += across {
		last := from+across > len(panels)
		below := trainingBelow
		if last {
			below = underX
		}
		s.add(trainingHead+trainingPanel+vg.Length(below), func(c draw.Canvas, top vg.Length) {
			for k := from; k < from+across; k++ {
				p := newPanel(lefts[k-from], top-trainingHead, panelWidth, trainingPanel, x, axis{})
				name := "loss L"
				if k < len(panels) {
					name, p.y = panels[k].name, panels[k].axis(one)
					p.course(c, course.Moments, panels[k])
				} else {
					p.y = lossAxis(course)
					p.series(c, course.Moments, draw.LineStyle{Color: ink, Width: courseWidth}, func(m analysis.Moment) float64 { return m.Loss })
					p.frame(c)
				}
				p.names(c, name)
				step := ""
				if last {
					step = "step"
				}
				p.labelX(c, step)
			}
		})
	}
	notes := []string{
		ofPair + "; sums are over those of a batch.",
		"Effective number: of pairs that would share the weight evenly with the same entropy. Hardest 1 %: the positives of lowest, the negatives of highest S.",
		"Bands: from the lowest S to the highest.",
	}
	if shown := course.Shown(batches); len(shown) > 0 {
		s.batches(shown)
		notes = append(notes, "Below, w is drawn times the number of anchors, m = "+count(shown[0].Anchors)+". Black lines: mean over intervals of 0.05.")
		if opposite(shown...) {
			notes = append(notes, oppositeNote)
		}
	}
	if len(course.Clouds) > 0 {
		notes = append(notes, memoryNote(course.Clouds...), sourceNote(course.Clouds[0]))
	}
	s.note(notes...)
	return s.figure(new(analysis.Cloud), func(emit func(...string)) { courseRows(emit, one) })
}

// The layout, in points.
const (
	trainingPanel = 56.0 // height
	trainingHead  = 13.0 // above a panel: its name
	trainingBelow = 16.0 // below it: the numbers of the steps
	trainingAxis  = 24.0 // left of it: the numbers
	trainingGap   = 7.0
	batchPanel    = 64.0
	batchGap      = 10.0
)

// coursePlaces returns the left edges of n panels side by side, each with its numbers on its left, and their width.
func (s *sheet) coursePlaces(n int) (lefts []vg.Length, width vg.Length) {
	each := (s.inside() - margin + trainingGap) / vg.Length(n) // half of the last number stands right of its panel
	for k := range n {
		lefts = append(lefts, margin+trainingAxis+vg.Length(k)*each)
	}
	return lefts, each - trainingGap - trainingAxis
}

// names writes the numbers left of the panel, and above it what they are.
func (p panel) names(c draw.Canvas, name string) {
	p.numbersY(c)
	style{size: labelSize}.writeRuns(c, vg.Point{X: p.Min.X - trainingAxis + 2, Y: p.Max.Y + 4.5}, 0, p.y.name(name, ""))
}

// courseLegend adds how the kinds are drawn.
func (s *sheet) courseLegend() {
	s.add(captionSize*leading+4, func(c draw.Canvas, top vg.Length) {
		at := vg.Point{X: margin, Y: top - captionSize}
		text := style{size: captionSize}
		for _, positive := range []bool{true, false} {
			y := at.Y + 0.36*captionSize
			c.StrokeLine2(courseLine(positive), at.X, y, at.X+16, y)
			name := kind(positive) + " pairs"
			text.write(c, vg.Point{X: at.X + 20, Y: at.Y}, name)
			at.X += 20 + text.width(name) + 14
		}
	})
}

// batches adds the pairs of batches side by side, positives above negatives.
func (s *sheet) batches(clouds []*analysis.Cloud) {
	lefts, width := s.places(len(clouds), batchGap, true)
	x := similaritySpan(clouds, analysis.S).similarityAxis(width)
	for _, positive := range []bool{true, false} {
		weights := span{}
		for _, b := range clouds {
			t := b.Tally(positive)
			weights.add(t.Min)
			weights.add(t.Max)
		}
		y := weights.weightAxis(5)
		head, below := vg.Length(trainingHead+labelSize*leading), vg.Length(5)
		if !positive {
			head, below = trainingHead, underX
		}
		s.add(head+batchPanel+below, func(c draw.Canvas, top vg.Length) {
			for k, b := range clouds {
				p := newPanel(lefts[k], top-head, width, batchPanel, x, y)
				p.pairs(c, b, positive, analysis.S, kindColor(positive), analysis.S)
				p.curve(c, b.Curve(analysis.S, positive))
				if k == 0 {
					p.labelY(c, "m·w", "")
				}
				if positive {
					style{size: labelSize, bold: true}.write(c, vg.Point{X: p.Min.X, Y: p.Max.Y + 4 + labelSize*leading}, "step "+count(b.Step))
				} else {
					p.labelX(c, axisName(analysis.S, b, false))
				}
				style{size: tickSize, faint: true, align: 1}.write(c, vg.Point{X: p.Max.X, Y: p.Max.Y + 4}, tally(b.Tally(positive)))
			}
		})
	}
}

// stepAxis is the horizontal axis of courses.
func stepAxis(courses []*analysis.Course, width vg.Length) axis {
	steps := 0
	for _, c := range courses {
		steps = max(steps, c.Moments[len(c.Moments)-1].Step+1)
	}
	return newAxisX(0, float64(steps), 5, width)
}

func lossAxis(course *analysis.Course) axis {
	s := newSpan()
	for _, m := range course.Moments {
		s.add(m.Loss)
	}
	return s.weightAxis(5)
}

// courseRows are the moments of courses, one kind of pairs a row.
func courseRows(emit func(...string), courses []*analysis.Course) {
	emit("loss", "parameters", "step", "L", "kind", "pairs", "weighted", "mass", "effective", "hardest", "largest", "force", "S_mean", "S_low", "S_high")
	for _, c := range courses {
		for _, m := range c.Moments {
			for _, positive := range []bool{true, false} {
				k := m.Negative
				if positive {
					k = m.Positive
				}
				emit(c.Loss, c.Caption, strconv.Itoa(m.Step), field(m.Loss), kind(positive), strconv.Itoa(k.Pairs), strconv.Itoa(k.Weighted), field(k.Mass),
					field(k.Effective), field(k.Hardest), field(k.Largest), field(k.Force), field(k.Mean), field(k.Low), field(k.High))
			}
		}
	}
}

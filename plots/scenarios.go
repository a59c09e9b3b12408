package plots

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw/probe"
)

// A Scenario is the response of a loss to the three cases of Figure 2 of Wang et al.,
// CVPR 2019, and to positives that approach the anchor.
type Scenario struct {
	Loss    string // loss and preset, as tables name them
	Caption string // its hyper-parameters; may be empty
	probe.Scenario
	Threshold *probe.Threshold
}

// ScenarioRows is the number of losses that fit on a page of Scenarios, with the weights
// of moving positives below.
const ScenarioRows = 40

// Scenarios shows the responses of losses to the three cases of Figure 2 of Wang et al.,
// CVPR 2019. A loss is a row and a case a panel, with the weight of the pair before and
// after. Each loss has its own scale, up to its largest weight in any case.
//
// Below are the weights of some losses while the positives move. Where mining drops the
// pair, the weight is a step. With more than [SweepLines] of them, lines look alike. What
// is nil, or has no threshold to move, is left out. A page of more than [ScenarioRows]
// losses is too high to print.
func Scenarios(all, moving []*Scenario) *Figure {
	all, moving = kept(all, drawableScenario), kept(moving, drawableThreshold)
	s := newLayout(Page)
	s.heading("The three cases of Figure 2 of Wang et al., CVPR 2019", "A negative pair, its weight before (ring) and after one part of its anchor’s row has moved up by "+
		strconv.FormatFloat(probe.ScenarioShift, 'g', -1, 64)+" (disc: as the paper expects; cross: otherwise; ring alone: not at all)")
	s.space(3)
	lefts, width := s.caseColumns()

	s.add(2*tickSize*leading+4, func(c draw.Canvas, top vg.Length) {
		for k, cs := range probe.Cases {
			expected := "should drop"
			if cs.Up {
				expected = "should grow"
			}

			middle := lefts[k] + width/2
			style{size: tickSize, bold: true, align: 0.5}.write(c, vg.Point{X: middle, Y: top - tickSize}, cs.Name+": "+expected)
			style{size: tickSize, faint: true, align: 0.5}.write(c, vg.Point{X: middle, Y: top - tickSize*(1+leading)}, cs.Moves)
		}
	})

	x := caseAxis(all)
	for _, one := range all {
		s.caseRow(one, lefts, width, x)
	}

	s.space(4)
	s.add(underX-labelSize*leading, func(c draw.Canvas, top vg.Length) {
		for _, left := range lefts {
			p := newPanel(left, top, width, 0, x, axis{high: 1})
			c.StrokeLine2(draw.LineStyle{Color: inkColor, Width: lineWidth}, p.Min.X, top, p.Max.X, top)
			p.ticksX(c)
			p.labelX(c, "")
		}
	})

	s.text(style{size: tickSize, align: 0, faint: true}, "Weight over the largest of the loss. Right of it: the change in percent of the weight before. In bold: losses that respond to all three.")
	if len(moving) > 0 {
		s.thresholds(moving)
	}

	s.space(2)
	notes := []string{"Base: " + probe.ScenarioBase + ".", "A weight that moves by the count in the loss’s divisor alone is no response."}
	s.note(notes...)
	f := s.figure(&analysis.Scatter{}, func(emit func(...string)) { scenarioRows(emit, all, moving) })

	f.pooling = "" // neither N nor P is drawn
	return f
}

// The layout of the cases, in points.
const (
	caseNames  = 122.0 // the names of the losses
	caseGap    = 30.0  // of it the change in numbers takes most
	caseRadius = 1.9
	stepPanel  = 74.0
)

// caseAxis returns one axis for all losses. It extends below zero if a weight does.
func caseAxis(all []*Scenario) axis {
	low := 0.0
	for _, one := range all {
		low = min(low, one.Before/one.Largest(), slices.Min(one.After[:])/one.Largest())
	}
	return newAxis(low-0.06, 1.06, 3)
}

func (s *layout) caseColumns() (lefts []vg.Length, width vg.Length) {
	n := vg.Length(len(probe.Cases))
	width = (s.inside() - caseNames - n*caseGap) / n
	for k := range probe.Cases {
		lefts = append(lefts, margin+caseNames+6+vg.Length(k)*(width+caseGap))
	}
	return lefts, width
}

// caseRow adds the row of a loss.
func (s *layout) caseRow(one *Scenario, lefts []vg.Length, width vg.Length, x axis) {
	most := one.Largest()
	st := style{size: tickSize, bold: one.RespondsToAll()}
	name := st.wrap(one.Loss, caseNames)

	s.add(linesHeight(name, tickSize), func(c draw.Canvas, top vg.Length) {
		st.writeLines(c, vg.Point{X: margin, Y: top - tickSize}, name)
		y := top - 0.64*tickSize
		for k, left := range lefts {
			p := newPanel(left, y, width, 0, x, axis{high: 1})
			at := func(w float64) vg.Point { return vg.Point{X: p.at(w/most, 0).X, Y: y} }
			from, to := at(one.Before), at(one.After[k])
			c.StrokeLine2(draw.LineStyle{Color: paleColor, Width: lineWidth}, p.Min.X, y, p.Max.X, y)
			responds := one.Responds(k)
			paint := undefinedColor
			if responds {
				paint = negativeColor
			}

			c.StrokeLine2(draw.LineStyle{Color: paint, Width: 2 * curveWidth}, from.X, y, to.X, y)
			drawRing(c, from)
			style{size: tickSize, faint: !responds}.write(c, vg.Point{X: p.Max.X + 4, Y: top - tickSize}, changeText(one.Before, one.After[k]))
			switch {
			case responds:
				drawGlyphs(c, []dot{{at: to}}, disc, caseRadius, uniformColor(paint))
			case one.Moves(k):
				drawCross(c, to)
			}
		}
	})
}

// changeText is the change of a weight in percent of what it was, for those that are too
// small to be seen. It is "" where there was none.
func changeText(before, after float64) string {
	change := 100 * (after - before) / math.Abs(before)
	switch {
	case before == 0 || after == before:
		return ""
	case math.Abs(change) >= 9.95:
		return signed(change, 0) + " %"
	case math.Abs(change) < 0.05:
		return "< 0.1 %"
	}
	return signed(change, 1) + " %"
}

// signed formats a number with its sign.
func signed(v float64, decimals int) string {
	text := formatDecimal(v, decimals)
	if v > 0 {
		return "+" + text
	}
	return text
}

// drawRing marks the weight before, and the cross a weight after that is not as expected.
func drawRing(c draw.Canvas, at vg.Point) {
	drawGlyphs(c, []dot{{at: at}}, disc, caseRadius, uniformColor(inkColor))
	drawGlyphs(c, []dot{{at: at}}, disc, caseRadius-2*lineWidth*0.6, uniformColor(whiteColor))
}

func drawCross(c draw.Canvas, at vg.Point) {
	const r = 0.8 * caseRadius
	line := draw.LineStyle{Color: positiveColor, Width: 1.5 * lineWidth}
	c.StrokeLine2(line, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(line, at.X-r, at.Y+r, at.X+r, at.Y-r)
}

// thresholds adds the panel of weights while the positives move.
func (s *layout) thresholds(moving []*Scenario) {
	s.space(6)
	s.text(style{size: labelSize, bold: true}, "The positives move: P by mining is a step")
	var keys []legendEntry

	for k, one := range moving {
		keys = append(keys, legendEntry{lineOf(k), one.Loss, parameters(one.Caption)})
	}
	s.legendEntries(keys)
	width := s.inside() - underY - overRight
	first := moving[0].Threshold.Shifts
	x := newAxisX(first[0], first[len(first)-1], 8, width)

	s.add(stepPanel+6, func(c draw.Canvas, top vg.Length) {
		p := newPanel(margin+underY, top-4, width, stepPanel, x, axis{low: -0.05, high: 1.05, ticks: []float64{0, 0.5, 1}, labels: []string{"0", "0.5", "1"}})
		for k, one := range moving {
			c.StrokeLines(lineOf(k), p.thresholdPath(one.Threshold))
		}

		p.frame(c)
		p.labelY(c, "w / largest", "")
		p.labelX(c, "by how much the anchor’s positives have moved")
	})

	s.space(underX)
}

// thresholdPath is the path of the weight over its largest, vertical where it jumps.
func (p panel) thresholdPath(t *probe.Threshold) []vg.Point {
	most := 0.0
	for _, w := range t.Weights {
		most = max(most, math.Abs(w))
	}

	if most == 0 {
		most = 1
	}
	var path []vg.Point

	for k, x := range t.Shifts {
		for _, j := range t.Jumps {
			if k > 0 && t.Shifts[k-1] <= j.At && j.At < x {
				path = append(path, p.at(j.At, j.Below/most), p.at(j.At, j.Above/most))
			}
		}

		path = append(path, p.at(x, t.Weights[k]/most))
	}

	return path
}

// scenarioRows writes the cases of all losses and the sweeps of some.
func scenarioRows(emit func(...string), all, moving []*Scenario) {
	emit("loss", "parameters", "what", "shift", "m_w_before", "m_w", "m_w_by_divisor_alone", "responds")
	for _, one := range all {
		for k, c := range probe.Cases {
			emit(one.Loss, one.Caption, c.Name, csvNumber(probe.ScenarioShift), csvNumber(one.Before), csvNumber(one.After[k]), csvNumber(one.Held[k]), strconv.FormatBool(one.Responds(k)))
		}
	}

	for _, one := range moving {
		for k, shift := range one.Threshold.Shifts {
			emit(one.Loss, one.Caption, "positives move", csvNumber(shift), "", csvNumber(one.Threshold.Weights[k]), "", "")
		}
	}
}

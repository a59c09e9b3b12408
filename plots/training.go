package plots

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Training shows the statistics of the weights of one loss over a training, positives
// and negatives apart: which pairs have weight, how much, over how many pairs it is
// spread, how much the hardest have, the force, the similarities, and the value of the
// loss. Below are the weights of all pairs against S, from the first kept batch to the
// last, on the same axes.
//
// Its data are those of the curves; [Weights] has the pairs. Without statistics the
// figure is empty.
func Training(as Print, history *analysis.TrainingHistory) *Figure {
	drawable := drawableHistories([]*analysis.TrainingHistory{history})
	if len(drawable) == 0 {
		return new(Figure)
	}

	history = drawable[0]
	s := newLayout(as)
	across, batches := 4, 4
	if s.Options.Width == Column {
		across, batches = 2, 2
	}

	s.heading(history.Title+": training on "+history.Dataset, parameters(history.Caption))
	s.trainingLegend()
	one := []*analysis.TrainingHistory{history}
	shown := history.SampleBatches(batches)
	letters := s.letters(trainingCurvesOf + 2*len(shown))
	s.trainingPanels(history, across, letters)

	notes := []string{
		weightDefinition + "; sums are over those of a batch.",
		"Effective number: of pairs that would share the weight evenly with the same entropy. Hardest 1 %: the positives of lowest, the negatives of highest S.",
		"Band of S: from the lowest to the highest.",
		seedNote(one),
		chosenNote(one),
	}

	if len(shown) > 0 {
		scales := s.trainingBatches(shown, letters[trainingCurvesOf:])
		notes = append(notes, ownNote(false, scales), halfNote(shown), "Below, w is drawn times the number of anchors, m = "+withThousands(shown[0].Anchors)+". Black lines: mean over intervals of 0.05.")
		if hasOpposite(shown...) {
			notes = append(notes, oppositeNote)
		}
	}
	if len(shown) > 0 && len(history.Others) > 0 {
		notes = append(notes, "The pairs are those of seed "+strconv.FormatUint(history.Seed, 10)+".")
	}
	if len(history.Batches) > 0 {
		notes = append(notes, memoryNote(history.Batches...), sourceNote(history.Batches[0]))
	}

	s.note(notes...)
	return s.figure(new(analysis.Scatter), func(emit func(...string)) { trainingRows(emit, one) })
}

// seedNote says which seeds the statistics are of: how many a mean is over, or that it is
// one, and of how many runs.
func seedNote(histories []*analysis.TrainingHistory) string {
	least, most, runs := math.MaxInt, 0, 0
	ends := false
	var single *analysis.TrainingHistory
	for _, h := range histories {
		n := len(h.Others) + 1
		least, most, runs = min(least, n), max(most, n), max(runs, h.Seeds)
		if n == 1 && (single == nil || h.Seeds > single.Seeds) {
			single = h
		}
		for _, at := range h.OverSeeds(func(analysis.WeightStats) float64 { return 0 }) {
			ends = ends || at.Seeds < n
		}
	}

	var said string
	switch {
	case most == 1 && runs <= 1:
		return "Statistics are of one seed."
	case most == 1:
		return "Statistics are of one seed, " + strconv.FormatUint(single.Seed, 10) + ", of " + strconv.Itoa(runs) + ", because the runs of the others kept none."
	case least == most:
		said = "Lines: means over " + strconv.Itoa(most) + " seeds; bands around them: the range of the seeds."
	default:
		said = "Lines: means over up to " + strconv.Itoa(most) + " seeds; bands around them: the range of the seeds; lines without one are of one seed."
	}
	if ends {
		said += " A line has a gap where the training of a seed ends, at the step chosen for it, and goes on with the others."
	}
	return said
}

// trainingCurvesOf is how many curves a training has, that of the loss among them.
const trainingCurvesOf = 8

// trainingPanels adds the curves of a training, and after them that of the loss, in lines
// of the given number of panels.
func (s *layout) trainingPanels(history *analysis.TrainingHistory, across int, letters []string) {
	one := []*analysis.TrainingHistory{history}
	panels := []quantity{keptShare, massSum, effectiveNumber, hardestShare, largestShare, forceSum, meanSimilarity}
	height := s.trainingHeight(trainingPanel)
	lefts, panelWidth := s.trainingColumns(across)
	x := stepAxis(one, panelWidth)

	for from := 0; from <= len(panels); from += across {
		name, below := "", trainingBelow
		if from+across > len(panels) { // the last line
			name, below = "step", underX
		}

		s.add(trainingHead+height+vg.Length(below), func(c draw.Canvas, top vg.Length) {
			for k := from; k < from+across; k++ {
				p := newPanel(lefts[k-from], top-trainingHead, panelWidth, height, x, axis{})
				if k < len(panels) {
					p.y = panels[k].axis(one)
					p.trainingCurves(c, history, panels[k])
					p.trainingLabels(c, panels[k].name, letters[k])
				} else {
					p.lossCurve(c, history)
					p.trainingLabels(c, "loss L", letters[k])
				}
				p.chosen(c, history)
				p.labelX(c, name)
			}
		})
	}
}

// chosen marks the number of steps that was chosen, from the foot of the panel to its
// top.
func (p panel) chosen(c draw.Canvas, history *analysis.TrainingHistory) {
	for _, chosen := range history.ChosenSteps() {
		step := float64(chosen)
		x := p.at(step, p.y.low).X
		c.StrokeLine2(draw.LineStyle{Color: faintColor, Width: lineWidth, Dashes: []vg.Length{1, 2}}, x, p.Min.Y, x, p.Max.Y)
		p.chosenSteps(c, step)
	}
}

// chosenNote says what the marks of chosen steps are, "" without any.
func chosenNote(histories []*analysis.TrainingHistory) string {
	var on, steps []string
	for _, h := range histories {
		for _, chosen := range h.ChosenSteps() {
			steps = append(steps, withThousands(chosen))
		}
		if h.ChosenOn != "" && !slices.Contains(on, h.ChosenOn) {
			on = append(on, h.ChosenOn)
		}
	}
	switch {
	case len(steps) == 0:
		return ""
	case len(histories) == 1 && len(steps) == 1:
		return "Triangle and dotted line: the embeddings that were measured are those after " + steps[0] + " steps, chosen on " + strings.Join(on, " or ") + "."
	case len(histories) == 1:
		return "Triangles and dotted lines: the embeddings that were measured are those after " + strings.Join(steps, ", ") + " steps, as each seed chose on " + strings.Join(on, " or ") + "."
	}
	return "Triangles: the numbers of steps after which the embeddings were measured, chosen on " + strings.Join(on, " or ") + "."
}

// lossCurve draws the value of the loss over a training.
func (p *panel) lossCurve(c draw.Canvas, history *analysis.TrainingHistory) {
	p.y = lossAxis(history)
	line := draw.LineStyle{Color: inkColor, Width: trainingWidth}
	values := history.OverSeeds(func(m analysis.WeightStats) float64 { return m.Loss })
	p.seedRange(c, values, inkColor, seedBandAlpha)
	p.series(c, values, line)
	p.frame(c)
}

// The layout, in points.
const (
	trainingPanel = 56.0 // height
	trainingHead  = 13.0 // above a panel: its name
	trainingBelow = 16.0 // below it: the numbers of the steps
	trainingAxis  = 24.0 // left of it: the numbers
	trainingGap   = 7.0
	batchPanel    = 64.0
	batchGap      = 14.0
)

// trainingHeight is the height of a panel, lower where a column is narrow, so that the
// figure fits on a page.
func (s *layout) trainingHeight(of vg.Length) vg.Length {
	if s.Options.Width == Column {
		return 0.72 * of
	}
	return of
}

// trainingColumns returns the left edges of n panels side by side, each with its numbers
// on its left, and their width.
func (s *layout) trainingColumns(n int) (lefts []vg.Length, width vg.Length) {
	// Half of the last number is right of its panel.
	each := (s.inside() - margin + trainingGap) / vg.Length(n)
	for k := range n {
		lefts = append(lefts, margin+trainingAxis+vg.Length(k)*each)
	}
	return lefts, each - trainingGap - trainingAxis
}

// trainingLabels writes the numbers left of the panel, and above it its letter and what
// they are.
func (p panel) trainingLabels(c draw.Canvas, name, letter string) {
	p.numbersY(c)
	if p.y.log {
		name += ", log"
	}
	at := vg.Point{X: p.Min.X - trainingAxis + 2, Y: p.Max.Y + 4.5}
	if letter != "" {
		bold := style{size: labelSize, bold: true}
		bold.write(c, at, letter)
		at.X += bold.width(letter) + 3
	}
	style{size: labelSize}.writeRuns(c, at, 0, p.y.name(name, ""))
}

// trainingLegend adds the styles of the two kinds.
func (s *layout) trainingLegend() {
	s.add(captionSize*leading+4, func(c draw.Canvas, top vg.Length) {
		at := vg.Point{X: margin, Y: top - captionSize}
		text := style{size: captionSize}
		for _, positive := range []bool{true, false} {
			y := at.Y + 0.36*captionSize
			c.StrokeLine2(trainingLine(positive), at.X, y, at.X+16, y)
			name := sideName(positive) + " pairs"
			text.write(c, vg.Point{X: at.X + 20, Y: at.Y}, name)
			at.X += 20 + text.width(name) + 14
		}
	})
}

// trainingBatches adds the pairs of batches side by side, positives above negatives. It
// returns the scales of their weights.
func (s *layout) trainingBatches(clouds []*analysis.Scatter, letters []string) (scales []Scale) {
	lefts, width := s.panelColumns(len(clouds), batchGap, true)
	x := similaritySpan(clouds, gpw.S).similarityAxis(width)
	height := s.trainingHeight(batchPanel)
	for row, positive := range []bool{true, false} {
		scale, axes := s.titleAxes(clouds, positive)
		scales = append(scales, scale)
		y := axes[clouds[0].Title]
		head, below := vg.Length(trainingHead+labelSize*leading), vg.Length(5)
		if !positive {
			head, below = trainingHead, underX
		}

		s.add(head+height+below, func(c draw.Canvas, top vg.Length) {
			for k, b := range clouds {
				p := newPanel(lefts[k], top-head, width, height, x, y)
				p.pairs(c, b, positive, gpw.S, sideColor(positive), gpw.S)
				p.curve(c, b.Curve(gpw.S, positive))
				writeLetter(c, p.Min.X, p.Max.Y+4, letters[row*len(clouds)+k])
				if k == 0 {
					p.labelY(c, p.y.weightName(), "")
				}
				if positive {
					style{size: labelSize, bold: true}.write(c, vg.Point{X: p.Min.X, Y: p.Max.Y + 4 + labelSize*leading}, "step "+withThousands(b.Step))
				} else {
					p.labelX(c, axisName(gpw.S, b, false))
				}

				p.cornerSummary(c, b, positive, width)
			}
		})
	}
	return scales
}

// stepAxis returns the horizontal axis of trainings.
func stepAxis(histories []*analysis.TrainingHistory, width vg.Length) axis {
	steps := 0
	for _, c := range histories {
		for _, seed := range c.EachSeed() {
			if n := len(seed.Stats); n > 0 {
				steps = max(steps, seed.Stats[n-1].Step+1)
			}
		}
	}
	return newAxisX(0, float64(steps), 5, width)
}

func lossAxis(history *analysis.TrainingHistory) axis {
	s := newSpan()
	for _, seed := range history.EachSeed() {
		for _, m := range seed.Stats {
			s.add(m.Loss)
		}
	}
	return s.weightAxis(5)
}

// trainingRows writes the statistics of trainings, a row for the positive and one for the
// negative pairs of each step of each seed.
func trainingRows(emit func(...string), histories []*analysis.TrainingHistory) {
	emit("loss", "parameters", "step", "L", "kind", "pairs", "weighted", "mass", "effective", "hardest", "largest", "force", "S_mean", "S_low", "S_high", "chosen_steps", "seed")
	for _, c := range histories {
		for _, seed := range c.EachSeed() {
			chosen := ""
			if seed.Chosen != nil {
				chosen = strconv.Itoa(*seed.Chosen)
			}
			for _, m := range seed.Stats {
				for _, positive := range []bool{true, false} {
					k := m.Side(positive)
					emit(c.Loss, c.Caption, strconv.Itoa(m.Step), csvNumber(m.Loss), sideName(positive), strconv.Itoa(k.Pairs), strconv.Itoa(k.Weighted), csvNumber(k.Mass),
						csvNumber(k.Effective), csvNumber(k.Hardest), csvNumber(k.Largest), csvNumber(k.Force), csvNumber(k.Mean), csvNumber(k.Low), csvNumber(k.High), chosen, strconv.FormatUint(seed.Seed, 10))
				}
			}
		}
	}
}

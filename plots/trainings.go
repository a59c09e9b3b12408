package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// TrainingLosses is the number of losses that fit on a page of trainings.
const TrainingLosses = 10

// Trainings shows the statistics of the weights of several losses over their trainings.
// Each statistic is a row, of the positive and of the negative pairs on one axis, and
// losses are lines, so that they compare. Weights and forces are on logarithmic axes,
// because those of different losses lie decades apart. A training without statistics is
// left out.
func Trainings(as Print, histories []*analysis.TrainingHistory) *Figure {
	histories = drawableHistories(histories)
	if len(histories) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	rows := []quantity{keptShare, massSum.inDecades(), effectiveNumber, hardestShare, forceSum.inDecades()}
	s.heading("Weights over trainings on " + histories[0].Dataset)
	var keys []legendEntry
	for k, h := range histories {
		keys = append(keys, legendEntry{trainingSeries(k), h.Title, parameters(h.Caption)})
	}
	s.legendGrid(keys, min(s.Options.Width.choose(2, 1), len(keys)))

	lefts, panelWidth := s.trainingSides()
	x := stepAxis(histories, panelWidth)
	letters := s.letters(2 * len(rows))
	s.add(labelSize+5, func(c draw.Canvas, top vg.Length) {
		for k, name := range []string{"Positive pairs", "Negative pairs"} {
			style{size: labelSize, bold: true, align: 0.5}.write(c, vg.Point{X: lefts[k] + panelWidth/2, Y: top - labelSize}, name)
		}
	})
	for r, q := range rows {
		s.trainingRow(histories, q, lefts, panelWidth, x, r == len(rows)-1, letters[2*r:])
	}

	source := ""
	for _, history := range histories { // one data set; a loss can have no batch of its own
		if len(history.Batches) > 0 {
			source = sourceNote(history.Batches[0])
		}
	}

	s.note(weightDefinition+"; sums are over those of a batch. Effective number: of pairs that would share the weight evenly with the same entropy.",
		"Hardest 1 %: the positives of lowest, the negatives of highest S.",
		"Logarithmic axes end five decades below their top; a sum below that, or of 0, is drawn on the lower edge.",
		seedNote(histories), chosenNote(histories), source)
	return s.figure(new(analysis.Scatter), func(emit func(...string)) { trainingRows(emit, histories) })
}

const (
	trainingsPanel = 62.0 // height, in points
	trainingsBelow = 7.0  // below a row that is not the last
)

// trainingSeries is the line of the k-th loss of trainings.
func trainingSeries(k int) draw.LineStyle {
	line := seriesOf(k, 0).line
	line.Width = trainingWidth
	return line
}

// trainingSides are two panels side by side that share the numbers on their left.
func (s *layout) trainingSides() (lefts []vg.Length, width vg.Length) {
	const gap = 14
	left := vg.Length(margin + trainingAxis)
	width = (s.inside() - trainingAxis - gap - overRight) / 2
	return []vg.Length{left, left + width + gap}, width
}

// trainingRow adds a statistic: the positive and the negative pairs of all losses. The
// last row has room for the labels of the steps.
func (s *layout) trainingRow(histories []*analysis.TrainingHistory, q quantity, lefts []vg.Length, width vg.Length, x axis, last bool, letters []string) {
	height := s.trainingHeight(trainingsPanel)
	y, below := q.axis(histories), vg.Length(trainingsBelow)
	if last {
		below = underX
	}
	s.add(trainingHead+height+below, func(c draw.Canvas, top vg.Length) {
		for k, positive := range []bool{true, false} {
			p := newPanel(lefts[k], top-trainingHead, width, height, x, y)
			over := func(h *analysis.TrainingHistory) []analysis.SeedPoint {
				return h.OverSeeds(func(m analysis.WeightStats) float64 { return q.value(m.Side(positive)) })
			}
			for n, h := range histories { // bands below all lines
				p.seedRange(c, over(h), trainingSeries(n).Color, manyBandsAlpha)
			}
			shown := false
			for n, h := range histories {
				shown = p.series(c, over(h), trainingSeries(n)) || shown
				for _, chosen := range h.ChosenSteps() {
					p.stepMarks(c, trainingSeries(n).Color, float64(chosen))
				}
			}
			p.frame(c)
			if !shown {
				p.emptyLabel(c, "none")
			}
			if k == 0 {
				p.trainingLabels(c, q.name, letters[0])
			} else {
				writeLetter(c, p.Min.X, p.Max.Y+4.5, letters[1])
			}
			if last {
				p.labelX(c, "step")
			}
		}
	})
}

package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// TrainingLosses is the number of losses that fit on a page of trainings.
const TrainingLosses = 10

// Trainings shows the statistics of the weights of several losses over their trainings.
// Each loss is a row, and all rows share their axes. Weights and forces are on
// logarithmic axes, because those of different losses lie decades apart. A training
// without statistics is left out.
func Trainings(width Width, histories []*analysis.TrainingHistory) *Figure {
	histories = drawableHistories(histories)
	if len(histories) == 0 {
		return new(Figure)
	}

	s := newLayout(width)
	columns := []quantity{keptShare, massSum.inDecades(), effectiveNumber, hardestShare, forceSum.inDecades()}
	if width == Column {
		columns = []quantity{keptShare, massSum.inDecades(), effectiveNumber}
	}

	s.heading("Trainings on " + histories[0].Dataset)
	s.trainingLegend()
	lefts, panelWidth := s.trainingColumns(len(columns))
	x := stepAxis(histories, panelWidth)
	y := make([]axis, len(columns))

	for k, q := range columns {
		y[k] = q.axis(histories)
	}

	s.add(labelSize+6, func(c draw.Canvas, top vg.Length) {
		for k, q := range columns {
			style{size: labelSize}.write(c, vg.Point{X: lefts[k] - trainingAxis + 2, Y: top - labelSize}, q.name)
		}
	})

	for r, history := range histories {
		s.trainingRow(history, r == len(histories)-1, func(c draw.Canvas, top vg.Length, last bool) {
			for k, q := range columns {
				p := newPanel(lefts[k], top, panelWidth, trainingsPanel, x, y[k])
				p.trainingCurves(c, history.Stats, q)
				p.chosen(c, history)
				p.numbersY(c)
				if last {
					p.labelX(c, "step")
				}
			}
		})
	}

	note := weightDefinition + "; sums are over those of a batch. Effective number: of pairs that would share the weight evenly with the same entropy."
	if width == Page {
		note += " Hardest 1 %: the positives of lowest, the negatives of highest S."
	}

	source := ""
	for _, history := range histories { // one data set; a loss can have no batch of its own
		if len(history.Batches) > 0 {
			source = sourceNote(history.Batches[0])
		}
	}

	s.note(note, "Logarithmic axes end five decades below their top; a sum below that, or of 0, is drawn on the lower edge.", chosenNote(histories), source)
	return s.figure(new(analysis.Scatter), func(emit func(...string)) { trainingRows(emit, histories) })
}

const trainingsPanel = 34.0 // height, in points

// trainingRow adds a row of panels below the name of a training. The last row has room
// for the labels of the steps.
func (s *layout) trainingRow(history *analysis.TrainingHistory, last bool, panels func(c draw.Canvas, top vg.Length, last bool)) {
	name, height := nameWithCaption(history.Title, parameters(history.Caption), s.inside())
	head, below := height+5, vg.Length(6)
	if last {
		below = underX
	}

	s.add(head+trainingsPanel+below, func(c draw.Canvas, top vg.Length) {
		name(c, margin, top)
		panels(c, top-head, last)
	})
}

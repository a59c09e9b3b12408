package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Compare shows two or three losses, or presets of one, side by side with shared axes.
// Above are the weights of the positive and of the negative pairs of a batch against S,
// with their means.
//
// Below is the weight of one negative pair while S alone moves, up to 1: what a loss
// would do to pairs that the batch does not have. sweeps holds, for each batch, the
// sweep of S under the same loss; without a sweep for each, these panels are left out. So
// is a nil batch.
func Compare(batches []*analysis.Scatter, sweeps []*analysis.Sweep, width Width) *Figure {
	batches = kept(batches, drawableBatch)
	if len(batches) == 0 {
		return new(Figure)
	}
	if len(sweeps) != len(batches) || len(kept(sweeps, drawableSweep)) != len(sweeps) {
		sweeps = nil
	}

	s := newLayout(width)
	first := batches[0]
	s.heading("Weights of pairs on " + first.Dataset + atOneStep(batches))
	lefts, panelWidth := s.panelColumns(len(batches), weightsGap, true)
	heads, height := s.lossHeadings(batches, batches, panelWidth)

	s.add(height+4, func(c draw.Canvas, top vg.Length) {
		for k := range batches {
			heads[k].draw(c, lefts[k], top-4)
		}
	})

	reach := similaritySpan(batches, gpw.S)
	reach.add(1)
	x := reach.similarityAxis(panelWidth)

	for _, positive := range []bool{true, false} {
		s.comparePanels(batches, positive, lefts, panelWidth, x, !positive && len(sweeps) == 0)
	}
	if len(sweeps) > 0 {
		s.singlePairPanels(sweeps, lefts, panelWidth, x)
	}
	s.space(underX)
	notes := []string{weightNote(first)}
	if sameBatch(batches) {
		notes = append(notes, "The batch is the same for all losses.")
	}

	notes = append(notes, "Lines over pairs: mean over intervals of 0.05.")
	if len(sweeps) > 0 {
		notes = append(notes, "Bottom: "+lowerFirst(analysis.SweepBatchNote))
	}
	if hasOpposite(batches...) {
		notes = append(notes, oppositeNote)
	}

	s.note(append(notes, memoryNote(batches...), sourceNote(first))...)
	return s.figure(first, func(emit func(...string)) { pairRows(emit, batches) })
}

// comparePanels adds the positive or the negative pairs of the batches side by side. last
// says that the name of the horizontal axis is written below them.
func (s *layout) comparePanels(batches []*analysis.Scatter, positive bool, lefts []vg.Length, panelWidth vg.Length, x axis, last bool) {
	weight := span{}
	for _, b := range batches {
		t := b.Summary(positive)
		weight.add(t.Min)
		weight.add(t.Max)
	}
	y := weight.weightAxis(5)
	name := "m·w, negatives"
	if positive {
		name = "m·w, positives"
	}

	s.add(weightsHead+comparePanel, func(c draw.Canvas, top vg.Length) {
		for k, b := range batches {
			p := newPanel(lefts[k], top-weightsHead, panelWidth, comparePanel, x, y)
			p.pairs(c, b, positive, gpw.S, sideColor(positive), gpw.S)
			p.curve(c, b.Curve(gpw.S, positive))

			if k == 0 {
				p.labelY(c, name, "")
			}
			if last {
				p.labelX(c, axisName(gpw.S, b, false))
			}
			p.cornerLabel(c, pairsAndLargest(b.Summary(positive)))
		}
	})
}

// singlePairPanels adds the sweeps: the weight of one negative against S.
func (s *layout) singlePairPanels(sweeps []*analysis.Sweep, lefts []vg.Length, panelWidth vg.Length, x axis) {
	weight := span{}
	for _, sweep := range sweeps {
		t := sweep.Negative.Summary(false)
		weight.add(t.Min)
		weight.add(t.Max)
	}

	y := weight.weightAxis(5)
	s.add(weightsHead+comparePanel, func(c draw.Canvas, top vg.Length) {
		for k, sweep := range sweeps {
			p := newPanel(lefts[k], top-weightsHead, panelWidth, comparePanel, x, y)
			p.sweepLine(c, sweep.Negative, gpw.S, 1, sideLine(false))
			p.zeroLine(c)
			p.frame(c)
			p.labelX(c, axisName(gpw.S, sweep.Negative, false))
			if k == 0 {
				p.labelY(c, "m·w, one neg.", "")
			}

			p.cornerLabel(c, []run{{"one negative\u00a0", false}, {"moves alone", false}})
		}
	})
}

const comparePanel = 66.0 // height, in points

// pairsAndLargest gives the number of pairs and the largest weight. If some pairs have
// the opposite sign, it gives the range of the weights.
func pairsAndLargest(t analysis.Summary) []run {
	pairs := summaryText(analysis.Summary{Pairs: t.Pairs})
	if t.Weighted == 0 {
		return []run{{pairs, false}}
	}
	if t.Opposite > 0 {
		between := append(compactNumber(t.Min), run{"\u00a0to\u00a0", false})
		return append(append([]run{{pairs + ",\u00a0", false}}, between...), compactNumber(t.Max)...)
	}
	return append([]run{{pairs + ",\u00a0", false}, {"at most\u00a0", false}}, compactNumber(t.Max)...)
}

// cornerLabel writes into the upper right corner, above the panel. It leaves out leading
// runs until the rest fits.
func (p panel) cornerLabel(c draw.Canvas, runs []run) {
	text := style{size: tickSize, faint: true, align: 1}
	for len(runs) > 1 {
		wide := vg.Length(0)
		for _, r := range runs {
			wide += text.width(r.text)
		}

		if wide <= p.Size().X {
			break
		}
		runs = runs[1:]
	}

	text.writeRuns(c, vg.Point{X: p.Max.X, Y: p.Max.Y + 4}, 0, runs)
}

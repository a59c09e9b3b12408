package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// Compare shows two or three losses, or presets of one, side by side with shared axes: the weights of the positive and of the negative
// pairs of a batch against S, with their means, and below them the weight of one negative pair while S alone moves, as far as 1. What a
// loss would do to pairs that the batch does not have is seen there. Of each batch there is the sweep of S under the same loss; or there
// are none, and no such panels. It panics without a batch.
func Compare(batches []*analysis.Cloud, sweeps []*analysis.Sweep, width Width) *Figure {
	s := newSheet(width)
	first := batches[0]
	s.heading("Weights of pairs on " + first.Dataset + atOneStep(batches))
	lefts, panelWidth := s.places(len(batches), weightsGap, true)
	heads, height := s.heads(batches, batches, panelWidth)
	s.add(height+4, func(c draw.Canvas, top vg.Length) {
		for k := range batches {
			heads[k].draw(c, lefts[k], top-4)
		}
	})
	reach := similaritySpan(batches, analysis.S)
	reach.add(1)
	x := reach.similarityAxis(panelWidth)
	for _, positive := range []bool{true, false} {
		weight := span{}
		for _, b := range batches {
			t := b.Tally(positive)
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
				p.pairs(c, b, positive, analysis.S, kindColor(positive), analysis.S)
				p.curve(c, b.Curve(analysis.S, positive))
				if k == 0 {
					p.labelY(c, name, "")
				}
				if !positive && len(sweeps) == 0 {
					p.labelX(c, axisName(analysis.S, b, false))
				}
				p.corner(c, most(b.Tally(positive)))
			}
		})
	}
	if len(sweeps) > 0 {
		s.alone(sweeps, lefts, panelWidth, x)
	}
	s.space(underX)
	notes := []string{weightNote(first)}
	if sameBatch(batches) {
		notes = append(notes, "The batch is the same for all losses.")
	}
	notes = append(notes, "Lines over pairs: mean over intervals of 0.05.")
	if len(sweeps) > 0 {
		notes = append(notes, "Bottom: "+lower(analysis.SweepBatch))
	}
	if opposite(batches...) {
		notes = append(notes, oppositeNote)
	}
	s.note(append(notes, memoryNote(batches...), sourceNote(first))...)
	return s.figure(first, func(emit func(...string)) { pairRows(emit, batches) })
}

// alone adds the sweeps: the weight of one negative against S.
func (s *sheet) alone(sweeps []*analysis.Sweep, lefts []vg.Length, panelWidth vg.Length, x axis) {
	weight := span{}
	for _, sweep := range sweeps {
		t := sweep.Negative.Tally(false)
		weight.add(t.Min)
		weight.add(t.Max)
	}
	y := weight.weightAxis(5)
	s.add(weightsHead+comparePanel, func(c draw.Canvas, top vg.Length) {
		for k, sweep := range sweeps {
			p := newPanel(lefts[k], top-weightsHead, panelWidth, comparePanel, x, y)
			p.line(c, sweep.Negative.Points, analysis.S, 1, kindLine(false))
			p.zero(c)
			p.frame(c)
			p.labelX(c, axisName(analysis.S, sweep.Negative, false))
			if k == 0 {
				p.labelY(c, "m·w, one neg.", "")
			}
			p.corner(c, []run{{"one negative\u00a0", false}, {"moves alone", false}})
		}
	})
}

const comparePanel = 66.0 // height, in points

// most says how many pairs there are and what the largest weight is; where some have the opposite sign, from which to which weight they go.
func most(t analysis.Tally) []run {
	pairs := tally(analysis.Tally{Pairs: t.Pairs})
	if t.Weighted == 0 {
		return []run{{pairs, false}}
	}
	if t.Opposite > 0 {
		between := append(brief(t.Min), run{"\u00a0to\u00a0", false})
		return append(append([]run{{pairs + ",\u00a0", false}}, between...), brief(t.Max)...)
	}
	return append([]run{{pairs + ",\u00a0", false}, {"at most\u00a0", false}}, brief(t.Max)...)
}

// corner writes into the upper right corner, above the panel, from the first run on with which the rest has room there.
func (p panel) corner(c draw.Canvas, runs []run) {
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

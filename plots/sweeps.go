package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// SweepLines is the number of losses that can be lines of one figure of sweeps. SweepRows
// is the number that fits on a page where each is a row.
const (
	SweepLines = len(lineStyles)
	SweepRows  = 9
)

// Sweeps shows the weight of one pair under several losses while one group of
// similarities moves. Each sweep is a column. The pair as a negative and as a positive
// are rows, and losses are lines. If their weights are more than a decade apart, each is
// divided by its largest.
//
// The sweeps of each loss have the same movements. A loss that lacks a sweep of the
// first one, or a pair of it, is left out. With more than [SweepLines] losses, lines
// look alike.
func Sweeps(losses [][]*analysis.Sweep, width Width) *Figure {
	losses = drawableSweeps(losses)
	if len(losses) == 0 {
		return new(Figure)
	}

	s := newLayout(width)
	s.heading("Weight of one pair while one similarity moves")
	var keys []legendEntry

	for k, sweeps := range losses {
		c := sweeps[0].Positive
		keys = append(keys, legendEntry{lineOf(k), c.Title, parameters(c.Caption)})
	}

	s.legendEntries(keys)
	columns := losses[0]
	lefts, panelWidth := s.panelColumns(len(columns), weightsGap, true)
	s.sweepHeads(columns, lefts, panelWidth)
	divided := false
	for _, positive := range []bool{false, true} {
		scales, relative := sweepScales(losses, positive)
		divided = divided || relative
		name := "m·w"
		if relative {
			name = "w / its largest"
		}
		if positive {
			name += ", positive"
		} else {
			name += ", negative"
		}

		y := sweepWeightAxis(losses, positive, scales)
		s.add(weightsPanel+8, func(c draw.Canvas, top vg.Length) {
			for j, column := range columns {
				p := newPanel(lefts[j], top-4, panelWidth, weightsPanel, sweepAxis(losses, j, panelWidth), y)
				for k, sweeps := range losses {
					p.sweepLine(c, sweeps[j].Side(positive), column.Moves, scales[k], lineOf(k))
				}
				p.zeroLine(c)
				p.frame(c)

				if j == 0 {
					p.labelY(c, name, "")
				}
				if positive {
					p.labelX(c, axisName(column.Moves, column.Positive, panelWidth < 70))
				}
			}
		})
	}
	s.space(underX)
	s.sweepNote(losses, divided)
	return s.figure(losses[0][0].Positive, func(emit func(...string)) { sweepRows(emit, losses) })
}

// sweepScales returns the divisors of each loss's weights: 1 or, where those of losses
// are more than a decade apart, its largest.
func sweepScales(losses [][]*analysis.Sweep, positive bool) (scales []float64, relative bool) {
	most, least := 0.0, math.Inf(1)
	for _, sweeps := range losses {
		largest := largestOf(sweeps, positive)
		scales = append(scales, largest)
		most, least = max(most, largest), min(least, largest)
	}
	if most > 10*least {
		return scales, true
	}

	for k := range scales {
		scales[k] = 1
	}
	return scales, false
}

// sweepWeightAxis returns the axis of all weights over their scales.
func sweepWeightAxis(losses [][]*analysis.Sweep, positive bool, scales []float64) axis {
	reach := span{}
	for k, sweeps := range losses {
		for _, sweep := range sweeps {
			t := sweep.Side(positive).Summary(positive)
			reach.add(t.Min / scales[k])
			reach.add(t.Max / scales[k])
		}
	}
	return reach.weightAxis(6)
}

// SweepMultiples is [Sweeps] with a row for each loss, up to [SweepRows] of them. The
// pair as a negative and as a positive are lines of one panel, each divided by its
// largest weight.
func SweepMultiples(losses [][]*analysis.Sweep, width Width) *Figure {
	losses = drawableSweeps(losses)
	if len(losses) == 0 {
		return new(Figure)
	}

	s := newLayout(width)
	s.heading("Weight of one pair while one similarity moves")
	s.legendEntries([]legendEntry{{sideLine(false), "the pair is a negative", ""}, {sideLine(true), "the pair is a positive", ""}})
	columns := losses[0]
	lefts, panelWidth := s.panelColumns(len(columns), weightsGap, true)
	s.sweepHeads(columns, lefts, panelWidth)

	for r, sweeps := range losses {
		c := sweeps[0].Positive
		head, height := nameWithCaption(c.Title, parameters(c.Caption), s.inside()-underY)
		height += 3
		reach := span{}

		for _, positive := range []bool{true, false} {
			for _, sweep := range sweeps {
				t := sweep.Side(positive).Summary(positive)
				reach.add(t.Min / largestOf(sweeps, positive))
				reach.add(t.Max / largestOf(sweeps, positive))
			}
		}

		y := reach.weightAxis(3)
		s.add(height+multiplesPanel+6, func(c draw.Canvas, top vg.Length) {
			head(c, lefts[0], top)
			for j, column := range columns {
				p := newPanel(lefts[j], top-height, panelWidth, multiplesPanel, sweepAxis(losses, j, panelWidth), y)
				for _, positive := range []bool{true, false} {
					p.sweepLine(c, sweeps[j].Side(positive), column.Moves, largestOf(sweeps, positive), sideLine(positive))
				}

				p.zeroLine(c)
				p.frame(c)
				if j == 0 {
					p.labelY(c, "w / largest", "")
				}
				if r == len(losses)-1 {
					p.labelX(c, axisName(column.Moves, column.Positive, panelWidth < 70))
				}
			}
		})
	}

	s.space(underX)
	s.sweepNote(losses, true)
	return s.figure(losses[0][0].Positive, func(emit func(...string)) { sweepRows(emit, losses) })
}

const multiplesPanel = 36.0 // height, in points

// sweepHeads writes the names of the movements above their columns.
func (s *layout) sweepHeads(columns []*analysis.Sweep, lefts []vg.Length, width vg.Length) {
	s.add(labelSize+6, func(c draw.Canvas, top vg.Length) {
		for j, column := range columns {
			name := [...]string{"The pair moves", "The other negatives move", "The other positives move"}[column.Moves]
			if width < 70 {
				name = [...]string{"Pair moves", "Neg. move", "Pos. move"}[column.Moves]
			}
			style{size: labelSize, bold: true, align: 0.5}.write(c, vg.Point{X: lefts[j] + width/2, Y: top - labelSize - 2}, name)
		}
	})
}

// sweepAxis returns the axis of the j-th movement, one for all losses.
func sweepAxis(losses [][]*analysis.Sweep, j int, width vg.Length) axis {
	var clouds []*analysis.Scatter
	for _, sweeps := range losses {
		clouds = append(clouds, sweeps[j].Positive, sweeps[j].Negative)
	}
	return similaritySpan(clouds, losses[0][j].Moves).similarityAxis(width)
}

func (s *layout) sweepNote(losses [][]*analysis.Sweep, divided bool) {
	first := losses[0][0].Positive
	notes := []string{weightDefinition + "; m anchors.", analysis.SweepBatchNote, similaritiesNote(first)}
	if divided {
		notes = append(notes, "Its largest: of all that is drawn of the pair under that loss.")
	}

	for _, sweeps := range losses {
		for _, sweep := range sweeps {
			if hasOpposite(sweep.Positive, sweep.Negative) {
				s.note(append(notes, oppositeNote)...)
				return
			}
		}
	}

	s.note(notes...)
}

// largestOf returns the largest weight of the pair over all sweeps of a loss.
func largestOf(sweeps []*analysis.Sweep, positive bool) float64 {
	most := 0.0
	for _, sweep := range sweeps {
		if t := sweep.Side(positive).Summary(positive); t.Weighted > 0 {
			most = max(most, t.Max, -t.Min)
		}
	}
	if most == 0 {
		return 1
	}
	return most
}

// sweepRows writes the pairs as they move.
func sweepRows(emit func(...string), losses [][]*analysis.Sweep) {
	pooling := losses[0][0].Positive.Pooling.String()
	emit("loss", "parameters", "moves", "kind", "S", "N_"+pooling, "P_"+pooling, "m_w")
	for _, sweeps := range losses {
		for _, sweep := range sweeps {
			for _, positive := range []bool{false, true} {
				cloud := sweep.Side(positive)
				for _, p := range cloud.Pairs {
					emit(cloud.Loss, cloud.Caption, sweep.Moves.String(), sideName(positive), csvNumber(p.S), csvNumber(p.N), csvNumber(p.P), csvNumber(cloud.Weight(p)))
				}
			}
		}
	}
}

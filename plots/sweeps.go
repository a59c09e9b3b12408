package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// SweepLines is the number of losses that can be lines of one figure of sweeps. SweepRows
// is the number that fits on a page where each is a row.
const (
	SweepLines = len(seriesDashes)
	SweepRows  = 9
)

// Sweeps shows the weight of one pair under several losses while one group of
// similarities moves. Each sweep is a column. The pair as a negative and as a positive
// are rows, and losses are lines. If their weights are more than a decade apart, each is
// divided by its largest, in both rows, and the legend has these.
//
// The sweeps of each loss have the same movements. A loss that lacks a sweep of the
// first one, or a pair of it, is left out. With more than [SweepLines] losses, lines
// look alike.
func Sweeps(losses [][]*analysis.Sweep, as Print) *Figure {
	losses = drawableSweeps(losses)
	if len(losses) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	s.heading("Weight of one pair while one similarity moves")
	scale := s.sweepScale(losses)
	var keys []legendEntry
	for k, sweeps := range losses {
		c := sweeps[0].Positive
		keys = append(keys, legendEntry{lineOf(k), c.Title, parameters(c.Caption) + largestText(scale, sweeps)})
	}

	s.legendEntries(keys)
	columns := losses[0]
	lefts, panelWidth := s.panelColumns(len(columns), weightsGap, true)
	s.sweepHeads(columns, lefts, panelWidth)
	letters := s.letters(2 * len(columns))
	for row, positive := range []bool{false, true} {
		axes := s.weightAxes(scale, sweepGroups(losses, positive), 6)
		s.add(weightsPanel+sweepAbove+4, func(c draw.Canvas, top vg.Length) {
			for j, column := range columns {
				p := newPanel(lefts[j], top-sweepAbove, panelWidth, weightsPanel, s.sweepAxis(losses, j, panelWidth), axes[0])
				for k, sweeps := range losses {
					p.y = axes[k]
					p.sweepLine(c, sweeps[j].Side(positive), column.Moves, lineOf(k))
				}
				p.zeroLine(c)
				p.frame(c)
				writeLetter(c, p.Min.X, p.Max.Y+4, letters[row*len(columns)+j])

				if j == 0 {
					p.labelY(c, p.y.weightName()+", "+sideName(positive), "")
				}
				if positive {
					p.labelX(c, axisName(column.Moves, column.Positive, panelWidth < 70))
				}
			}
		})
	}
	s.space(underX)
	s.sweepNote(losses, scale)
	return s.figure(losses[0][0].Positive, func(emit func(...string)) { sweepRows(emit, losses) })
}

// sweepGroup has the weights of a pair under one loss, as a positive or as a negative.
func sweepGroup(sweeps []*analysis.Sweep, positive bool) weightGroup {
	var all []*analysis.Scatter
	for _, sweep := range sweeps {
		all = append(all, sweep.Side(positive))
	}
	return groupOf(positive, all...)
}

func sweepGroups(losses [][]*analysis.Sweep, positive bool) []weightGroup {
	var groups []weightGroup
	for _, sweeps := range losses {
		groups = append(groups, sweepGroup(sweeps, positive))
	}
	return groups
}

// sweepScale is that of lines in one panel, which share its axis: in both rows divided by
// the largest, where in either row the losses are more than a decade apart.
func (s *layout) sweepScale(losses [][]*analysis.Sweep) Scale {
	if s.Scale != "" && s.Scale != OwnScale {
		return s.Scale
	}
	for _, positive := range []bool{false, true} {
		most, least := 0.0, math.Inf(1)
		for _, g := range sweepGroups(losses, positive) {
			if w := g.largest(); w > 0 {
				most, least = max(most, w), min(least, w)
			}
		}
		if most > sharedUpTo*least || s.Scale == OwnScale {
			return NormalisedScale
		}
	}
	return SharedScale
}

// largestText says by which weights those of a loss are divided.
func largestText(scale Scale, sweeps []*analysis.Sweep) string {
	if scale != NormalisedScale {
		return ""
	}
	var words []string
	for _, positive := range []bool{false, true} {
		words = append(words, plainNumber(sweepGroup(sweeps, positive).largest())+" "+sideName(positive))
	}
	return "; largest m·w " + strings.Join(words, ", ")
}

// plainNumber is a weight of a legend with two digits.
func plainNumber(v float64) string {
	text := ""
	for _, r := range compactNumber(v) {
		if r.raised {
			text += "^"
		}
		text += r.text
	}
	return text
}

// SweepMultiples is [Sweeps] with a row for each loss, up to [SweepRows] of them. The
// pair as a negative and as a positive are lines of one panel, each divided by its
// largest weight, which the name of the row has.
func SweepMultiples(losses [][]*analysis.Sweep, as Print) *Figure {
	losses = drawableSweeps(losses)
	if len(losses) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	s.heading("Weight of one pair while one similarity moves")
	s.legendEntries([]legendEntry{{sideLine(false), "the pair is a negative", ""}, {sideLine(true), "the pair is a positive", ""}})
	scale := s.Scale
	if scale == "" {
		scale = NormalisedScale
	}
	axes := map[bool][]axis{}
	switch scale {
	case OwnScale: // the two lines of a panel share its axis
		for _, sweeps := range losses {
			var both []weightGroup
			for _, positive := range []bool{false, true} {
				both = append(both, sweepGroup(sweeps, positive))
			}
			two := s.weightAxes(SharedScale, both, 3)
			axes[false], axes[true] = append(axes[false], two[0]), append(axes[true], two[1])
		}
	default:
		all := s.weightAxes(scale, append(sweepGroups(losses, false), sweepGroups(losses, true)...), 3)
		axes[false], axes[true] = all[:len(losses)], all[len(losses):]
	}

	columns := losses[0]
	lefts, panelWidth := s.panelColumns(len(columns), weightsGap, true)
	s.sweepHeads(columns, lefts, panelWidth)
	s.space(4)
	letters := s.letters(len(losses))
	for r, sweeps := range losses {
		s.multiplesRow(losses, r, lefts, panelWidth, letters[r], largestText(scale, sweeps), map[bool]axis{true: axes[true][r], false: axes[false][r]})
	}

	s.space(underX)
	s.sweepNote(losses, scale)
	return s.figure(losses[0][0].Positive, func(emit func(...string)) { sweepRows(emit, losses) })
}

// multiplesRow adds the row of a loss.
func (s *layout) multiplesRow(losses [][]*analysis.Sweep, r int, lefts []vg.Length, panelWidth vg.Length, letter, largest string, y map[bool]axis) {
	sweeps, columns := losses[r], losses[0]
	c := sweeps[0].Positive
	head, height := nameWithCaption(c.Title, parameters(c.Caption)+largest, s.inside()-underY)
	height += 3
	s.add(height+multiplesPanel+6, func(c draw.Canvas, top vg.Length) {
		head(c, lefts[0], top)
		writeLetter(c, lefts[0], top-captionSize, letter)
		for j, column := range columns {
			p := newPanel(lefts[j], top-height, panelWidth, multiplesPanel, s.sweepAxis(losses, j, panelWidth), y[false])
			for _, positive := range []bool{true, false} {
				p.y = y[positive]
				p.sweepLine(c, sweeps[j].Side(positive), column.Moves, sideLine(positive))
			}

			p.zeroLine(c)
			p.frame(c)
			if j == 0 {
				name := p.y.weightName()
				if name == "w / largest" {
					name = "w / max"
				}
				p.labelY(c, name, "")
			}
			if r == len(losses)-1 {
				p.labelX(c, axisName(column.Moves, column.Positive, panelWidth < 70))
			}
		}
	})
}

const (
	multiplesPanel = 36.0 // height, in points
	sweepAbove     = 9.0  // above a panel: its letter
)

// sweepHeads writes the names of the movements above their columns.
func (s *layout) sweepHeads(columns []*analysis.Sweep, lefts []vg.Length, width vg.Length) {
	s.add(labelSize+2, func(c draw.Canvas, top vg.Length) {
		for j, column := range columns {
			text := style{size: labelSize, bold: true, align: 0.5}
			name := [...]string{"The pair moves", "The other negatives move", "The other positives move"}[column.Moves]
			if text.width(name) > width {
				name = [...]string{"Pair moves", "Neg. move", "Pos. move"}[column.Moves]
			}
			text.write(c, vg.Point{X: lefts[j] + width/2, Y: top - labelSize - 2}, name)
		}
	})
}

// sweepAxis returns the axis of the j-th movement, one for all losses.
func (s *layout) sweepAxis(losses [][]*analysis.Sweep, j int, width vg.Length) axis {
	var clouds []*analysis.Scatter
	for _, sweeps := range losses {
		clouds = append(clouds, sweeps[j].Positive, sweeps[j].Negative)
	}
	return s.similarityAxis(clouds, losses[0][j].Moves, width)
}

func (s *layout) sweepNote(losses [][]*analysis.Sweep, scale Scale) {
	first := losses[0][0].Positive
	notes := []string{weightDefinition + "; m anchors.", analysis.SweepBatchNote, similaritiesNote(first)}
	switch scale {
	case NormalisedScale:
		notes = append(notes, "Each weight is divided by the largest of the loss and the kind, over all that is drawn of it.")
	case LogScale:
		notes = append(notes, scaleNotes(LogScale))
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

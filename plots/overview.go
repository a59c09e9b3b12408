package plots

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// OverviewLosses is the number of losses that fit on a page of an overview.
func (w Width) OverviewLosses() int { return w.choose(12, 8) }

// Overview shows many losses on one page, in the order given. Each has the weights of
// the positive pairs of a batch along S, N or P, below them those of the negative pairs,
// and their means. Scales of the similarity are shared. The weights of losses can lie
// decades apart, so each panel has its own scale of them. A nil batch is left out.
func Overview(batches []*analysis.Scatter, along gpw.Axis, width Width) *Figure {
	batches = kept(batches, drawableBatch)
	if len(batches) == 0 {
		return new(Figure)
	}

	s := newLayout(width)
	across := 3
	if width == Column {
		across = 2
	}

	first := batches[0]
	s.heading("Weights of pairs on " + first.Dataset + atOneStep(batches))
	s.overviewLegend()
	lefts, panelWidth := s.panelColumns(across, overviewGap, false)
	x := similaritySpan(batches, along).similarityAxis(panelWidth)

	for from := 0; from < len(batches); from += across {
		row := batches[from:min(from+across, len(batches))]
		heads, height := s.lossHeadings(row, batches, panelWidth)

		last := from+2*across > len(batches) // there may be no losses below these
		s.add(height+2*overviewPanel+overviewApart+overviewBelow, func(c draw.Canvas, top vg.Length) {
			for k, batch := range row {
				heads[k].draw(c, lefts[k], top)
				upper := overviewCell(c, lefts[k], top-height, panelWidth, batch, true, x, along)
				lower := overviewCell(c, lefts[k], upper.Min.Y-overviewApart, panelWidth, batch, false, x, along)
				name := ""
				if last && from+k+across >= len(batches) {
					name = axisName(along, batch, false)
				}

				lower.labelX(c, name)
			}
		})
	}

	s.space(underX - overviewBelow)
	notes := []string{weightNote(first)}
	if sameBatch(batches) {
		notes = append(notes, "The batch is the same for all losses.")
	}

	notes = append(notes, "Each panel has its own scale of weights.")
	if along != gpw.S {
		notes = append(notes, similaritiesNote(first))
	}
	if hasOpposite(batches...) {
		notes = append(notes, oppositeNote)
	}

	s.note(append(notes, memoryNote(batches...), sourceNote(first))...)
	return s.figure(first, func(emit func(...string)) { curveRows(emit, batches, along) })
}

// The layout, in points.
const (
	overviewGap   = 9.0  // from a panel to the axis on its right
	overviewPanel = 42.0 // height
	overviewApart = 8.0  // between the two panels of a loss
	overviewBelow = 20.0 // below a loss: the numbers of S
)

// overviewCell draws the pairs of one kind and their mean.
func overviewCell(c draw.Canvas, left, top, width vg.Length, batch *analysis.Scatter, positive bool, x axis, along gpw.Axis) panel {
	t := batch.Summary(positive)
	p := newPanel(left, top, width, overviewPanel, x, span{t.Min, t.Max}.weightAxis(4))
	p.pairs(c, batch, positive, along, sideColor(positive), along)
	p.curve(c, batch.Curve(along, positive))
	p.numbersY(c)
	// A power of ten at full size is as long as the panel is high.
	small := style{size: tickSize, align: 0.5}
	small.writeRuns(c, vg.Point{X: p.Min.X - underY + tickSize, Y: (p.Min.Y + p.Max.Y) / 2}, math.Pi/2, p.y.name("m·w", ""))
	return p
}

// sideColor is the colour of the positive or the negative pairs.
func sideColor(positive bool) uniformColor {
	if positive {
		return uniformColor(positiveColor)
	}
	return uniformColor(negativeColor)
}

// similaritySpan returns the range of a similarity over all pairs.
func similaritySpan(batches []*analysis.Scatter, along gpw.Axis) span {
	s := newSpan()
	for _, b := range batches {
		for _, p := range b.Pairs {
			s.add(p.At(along))
		}
	}
	return s
}

// sameBatch reports whether all losses have the same pairs.
func sameBatch(batches []*analysis.Scatter) bool {
	same := func(p, q gpw.Pair) bool { return p.S == q.S && p.Positive == q.Positive }
	for _, b := range batches[1:] {
		if !slices.EqualFunc(b.Pairs, batches[0].Pairs, same) {
			return false
		}
	}
	return true
}

// A lossHeading is the name of a loss and its parameters, above its panels.
type lossHeading struct{ name, caption []string }

// lossHeadings wraps the headings of losses side by side, which are some of those of a
// figure. It returns the height of the highest.
func (s *layout) lossHeadings(clouds, of []*analysis.Scatter, width vg.Length) (all []lossHeading, height vg.Length) {
	for _, c := range clouds {
		h := lossHeading{style{size: labelSize, bold: true}.wrap(nameAmong(c, of), width), style{size: tickSize}.wrap(parameters(c.Caption), width)}
		all = append(all, h)
		height = max(height, linesHeight(h.name, labelSize)+linesHeight(h.caption, tickSize)+4)
	}
	return all, height
}

func (h lossHeading) draw(c draw.Canvas, left, top vg.Length) {
	style{size: labelSize, bold: true}.writeLines(c, vg.Point{X: left, Y: top - labelSize}, h.name)
	style{size: tickSize, faint: true}.writeLines(c, vg.Point{X: left, Y: top - linesHeight(h.name, labelSize) - tickSize}, h.caption)
}

// overviewLegend adds the meaning of discs, triangles and the line.
func (s *layout) overviewLegend() {
	text := style{size: captionSize}
	items := []struct {
		mark func(c draw.Canvas, at vg.Point)
		name string
	}{
		{func(c draw.Canvas, at vg.Point) {
			drawGlyphs(c, []dot{{at: at}}, disc, markRadius, sideColor(true))
		}, "positive pairs, above"},
		{func(c draw.Canvas, at vg.Point) {
			drawGlyphs(c, []dot{{at: at}}, triangle, markRadius, sideColor(false))
		}, "negative pairs, below"},
		{func(c draw.Canvas, at vg.Point) { c.StrokeLine2(curveLine, at.X-4, at.Y, at.X+4, at.Y) }, "mean over intervals of 0.05"},
	}

	const mark, apart = 12, 12
	type place struct{ x, y vg.Length }
	var places []place
	at := place{0, captionSize}

	for _, item := range items {
		wide := mark + text.width(item.name)
		if at.x > 0 && at.x+wide > s.inside() {
			at = place{0, at.y + captionSize*leading}
		}

		places = append(places, at)
		at.x += wide + apart
	}

	s.add(at.y+captionSize*leading-1, func(c draw.Canvas, top vg.Length) {
		for k, item := range items {
			x, y := margin+places[k].x, top-places[k].y
			item.mark(c, vg.Point{X: x + 4, Y: y + 0.36*captionSize})
			text.write(c, vg.Point{X: x + mark, Y: y}, item.name)
		}
	})
}

// curveRows writes the means along a similarity.
func curveRows(emit func(...string), batches []*analysis.Scatter, along gpw.Axis) {
	emit("loss", "parameters", "step", "kind", along.String()+"_low", along.String()+"_high", "pairs", "m_w_mean", "m_w_min", "m_w_max")
	for _, batch := range batches {
		for _, positive := range []bool{true, false} {
			for _, b := range batch.Curve(along, positive) {
				emit(batch.Loss, batch.Caption, stepField(batch), sideName(positive),
					csvNumber(b.Low), csvNumber(b.High), strconv.Itoa(b.Pairs), csvNumber(b.Mean), csvNumber(b.Min), csvNumber(b.Max))
			}
		}
	}
}

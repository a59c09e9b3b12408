package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// OverviewLosses is the number of losses that fit on a page of an overview.
func (w Width) OverviewLosses() int { return w.choose(12, 10) }

// Overview shows many losses on one page, in the order given. Each has the weights of
// the positive pairs of a batch along S, N or P, below them those of the negative pairs,
// and their means. Scales of the similarity are shared. The weights of losses can lie
// decades apart, so each panel has its own linear scale of them. Where the weights of
// one loss do, and would lie on the zero line, the scales are logarithmic. A nil batch is
// left out.
func Overview(batches []*analysis.Scatter, along gpw.Axis, as Print) *Figure {
	batches = kept(batches, drawableBatch)
	if len(batches) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	first := batches[0]
	s.heading("Weights of pairs on " + first.Dataset + atOneStep(batches))
	o := s.newOverviewGrid(batches, along)
	if len(batches)%len(o.lefts) == 0 { // else a place without a loss has it
		s.overviewLegend()
	}
	for from := 0; from < len(batches); from += len(o.lefts) {
		s.overviewRow(o, from)
	}

	s.space(underX - overviewBelow)
	notes := []string{weightNote(first)}
	if sameBatch(batches) {
		notes = append(notes, "The batch is the same for all losses.")
	}

	if o.above == overviewHead {
		notes = append(notes, halfNote(batches))
	}
	notes = append(notes, ownNote(len(batches) > 1, o.scales))
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
	overviewHead  = 11.0 // above a panel: how many pairs
	overviewApart = 7.0  // the same where panels are low and this is left out
	overviewPanel = 40.0 // height
	overviewLow   = 25.0 // the same of many losses in a column
	overviewBelow = 16.0 // below a loss: the numbers of S
)

// An overviewGrid is what the losses of an overview share.
type overviewGrid struct {
	batches []*analysis.Scatter
	along   gpw.Axis
	lefts   []vg.Length // of the panels of a row
	width   vg.Length   // of a panel
	height  vg.Length
	above   vg.Length // a panel
	x       axis
	y       map[bool][]axis
	scales  []Scale
	letters []string
	limited bool
}

func (s *layout) newOverviewGrid(batches []*analysis.Scatter, along gpw.Axis) *overviewGrid {
	across := grid(len(batches), s.Options.Width.choose(3, 2), s.Options.Width.choose(4, 5))
	o := &overviewGrid{batches: batches, along: along, height: overviewPanel, above: overviewHead, y: map[bool][]axis{}, letters: s.letters(len(batches)), limited: s.X.set() || s.Y.set()}
	if rows := (len(batches) + across - 1) / across; rows > 4 || s.Options.Width == Column && rows > 3 {
		o.height, o.above = overviewLow, overviewApart
	}
	o.lefts, o.width = s.panelColumns(across, overviewGap, false)
	o.x = s.similarityAxis(batches, along, o.width)
	for _, positive := range []bool{true, false} {
		var groups []weightGroup
		for _, b := range batches {
			groups = append(groups, groupOf(positive, b).withMeans(b.Curve(along, positive)))
		}
		scale := s.scaleOf(groups)
		if s.Scale == "" && scale == SharedScale {
			scale = OwnScale
		}
		o.y[positive] = s.weightAxes(scale, groups, 4)
		if s.Scale == "" && scale == LogScale { // of each loss its own
			for k, g := range groups {
				o.y[positive][k] = s.logWeights(g)
			}
			o.scales = append(o.scales, OwnScale)
		}
		o.scales = append(o.scales, scale)
	}
	return o
}

// overviewRow adds the losses of a row.
func (s *layout) overviewRow(o *overviewGrid, from int) {
	across := len(o.lefts)
	to := min(from+across, len(o.batches))
	heads, height := s.lossHeadings(o.batches[from:to], o.batches, o.width)
	height -= 3 // which numbers of pairs have above them

	last := from+2*across > len(o.batches) // there may be no losses below these
	s.add(height+2*(o.above+o.height)+overviewBelow, func(c draw.Canvas, top vg.Length) {
		for k := range to - from {
			heads[k].draw(c, o.lefts[k], top)
			writeLetter(c, o.lefts[k], top-labelSize, o.letters[from+k])
			upper := o.cell(c, o.lefts[k], top-height, from+k, true)
			lower := o.cell(c, o.lefts[k], upper.Min.Y, from+k, false)
			name := ""
			if last && from+k+across >= len(o.batches) {
				name = axisName(o.along, o.batches[from+k], false)
			}

			lower.labelX(c, name)
		}
		if to-from < across {
			s.overviewKey(c, vg.Point{X: o.lefts[to-from], Y: top - height}, o.width)
		}
	})
}

// cell draws the pairs of one kind of a batch and their mean.
func (o *overviewGrid) cell(c draw.Canvas, left, top vg.Length, k int, positive bool) panel {
	batch := o.batches[k]
	p := newPanel(left, top-o.above, o.width, o.height, o.x, o.y[positive][k])
	p.limited = o.limited
	p.pairs(c, batch, positive, o.along, sideColor(positive), o.along)
	p.curve(c, batch.Curve(o.along, positive))
	p.numbersY(c)
	if o.above == overviewHead {
		p.Max.Y -= 2 // the line of the numbers of pairs is low
		p.cornerSummary(c, batch, positive, o.width)
		p.Max.Y += 2
	}
	// A power of ten at full size is as long as the panel is high.
	small := style{size: tickSize, align: 0.5}
	name := p.y.weightName()
	if small.width(name) > o.height+4 {
		name = "w / max"
	}
	small.writeRuns(c, vg.Point{X: p.Min.X - underY + tickSize, Y: (p.Min.Y + p.Max.Y) / 2}, math.Pi/2, p.y.name(name, ""))
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
		for row := range b.Rows() {
			for _, p := range row {
				s.add(p.At(along))
			}
		}
	}
	return s
}

// sameBatch reports whether all losses have the same pairs.
func sameBatch(batches []*analysis.Scatter) bool {
	for _, b := range batches[1:] {
		if !b.SamePairs(batches[0]) {
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

// An overviewItem is a line of the legend of an overview.
type overviewItem struct {
	mark func(c draw.Canvas, at vg.Point)
	name string
}

// overviewItems are the meanings of discs, triangles and the line.
func overviewItems() []overviewItem {
	return []overviewItem{
		{func(c draw.Canvas, at vg.Point) {
			drawGlyphs(c, []dot{{at: at}}, disc, markRadius, sideColor(true))
		}, "positive pairs, above"},
		{func(c draw.Canvas, at vg.Point) {
			drawGlyphs(c, []dot{{at: at}}, triangle, markRadius, sideColor(false))
		}, "negative pairs, below"},
		{func(c draw.Canvas, at vg.Point) { c.StrokeLine2(curveLine, at.X-4, at.Y, at.X+4, at.Y) }, "mean over intervals of 0.05"},
	}
}

// overviewKey is the legend in the first place without a loss, whose upper left corner is
// given.
func (s *layout) overviewKey(c draw.Canvas, at vg.Point, width vg.Length) {
	const mark, between = 12, 3
	text := style{size: captionSize}
	for _, item := range overviewItems() {
		item.mark(c, vg.Point{X: at.X + 4, Y: at.Y - captionSize*(1-0.36)})
		lines := text.wrap(item.name, width-mark)
		text.writeLines(c, vg.Point{X: at.X + mark, Y: at.Y - captionSize}, lines)
		at.Y -= linesHeight(lines, captionSize) + between
	}
}

// overviewLegend adds the legend in a line, or in two.
func (s *layout) overviewLegend() {
	text := style{size: captionSize}
	items := overviewItems()

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

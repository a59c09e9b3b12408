package plots

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Compare shows two or three losses, or presets of one, side by side. Above are the
// weights of the positive and of the negative pairs of a batch against S, with their
// means. Weights share an axis where those of losses are within a decade of each other.
//
// Below, under a heading of its own, is the weight of one negative pair of a synthetic
// batch while S alone moves, up to 1: what a loss would do to pairs that the batch does
// not have. sweeps holds, for each batch, the sweep of S under the same loss; without a
// sweep for each, these panels are left out. So is a nil batch.
func Compare(batches []*analysis.Scatter, sweeps []*analysis.Sweep, as Print) *Figure {
	batches = kept(batches, drawableBatch)
	if len(batches) == 0 {
		return new(Figure)
	}
	if len(sweeps) != len(batches) || len(kept(sweeps, drawableSweep)) != len(sweeps) {
		sweeps = nil
	}

	s := newLayout(as)
	first := batches[0]
	s.heading("Weights of pairs on " + first.Dataset + atOneStep(batches))
	t := s.newComparison(batches, sweeps)
	heads, height := s.lossHeadings(batches, batches, t.width)

	s.add(height+4, func(c draw.Canvas, top vg.Length) {
		for k := range batches {
			heads[k].draw(c, t.lefts[k], top-4)
		}
	})
	s.comparePanels(t, true, false)
	s.comparePanels(t, false, true)
	if len(sweeps) > 0 {
		s.space(underX)
		s.text(style{size: captionSize, bold: true}, "A negative pair of another batch, a synthetic one, moves alone")
		s.singlePairPanels(t, sweeps)
	}
	s.space(underX)
	notes := []string{weightNote(first)}
	if sameBatch(batches) {
		notes = append(notes, "The batch is the same for all losses.")
	}

	notes = append(notes, "Lines over pairs: mean over intervals of 0.05.", ownNote(len(batches) > 1, t.scales))
	if len(sweeps) > 0 {
		notes = append(notes, "Bottom: "+lowerFirst(analysis.SweepBatchNote))
	}
	if hasOpposite(batches...) {
		notes = append(notes, oppositeNote)
	}

	s.note(append(notes, memoryNote(batches...), sourceNote(first))...)
	return s.figure(first, func(emit func(...string)) { pairRows(emit, batches) })
}

// A comparison is what the rows of a comparison share.
type comparison struct {
	batches []*analysis.Scatter
	lefts   []vg.Length
	width   vg.Length // of a panel
	own     bool      // each panel has numbers of its own
	letters []string
	x       axis
	y       map[bool][]axis // of the positive and of the negative pairs, of each loss
	single  []axis          // of the sweeps
	scales  []Scale
	limited bool
}

func (s *layout) newComparison(batches []*analysis.Scatter, sweeps []*analysis.Sweep) *comparison {
	t := &comparison{batches: batches, y: map[bool][]axis{}, limited: s.X.set() || s.Y.set()}
	rows := 2
	for _, positive := range []bool{true, false} {
		var groups []weightGroup
		for _, b := range batches {
			groups = append(groups, groupOf(positive, b).withMeans(b.Curve(gpw.S, positive)))
		}
		t.y[positive] = t.axes(s, groups)
	}
	if len(sweeps) > 0 {
		rows++
		var groups []weightGroup
		for _, sweep := range sweeps {
			groups = append(groups, groupOf(false, sweep.Negative))
		}
		t.single = t.axes(s, groups)
	}

	t.own = slices.ContainsFunc(t.scales, func(s Scale) bool { return s == OwnScale })
	t.lefts, t.width = s.panelColumns(len(batches), weightsGap, true)
	if t.own {
		t.lefts, t.width = s.numberedColumns(len(batches))
	}
	t.letters = s.letters(rows * len(batches))
	reach := similaritySpan(batches, gpw.S)
	if len(sweeps) > 0 {
		reach.add(1)
	}
	t.x = reach.similarityAxis(t.width)
	if s.X.set() {
		t.x = newAxisX(s.X.Low, s.X.High, 6, t.width)
	}
	return t
}

// numberedColumns are n panels side by side, of which the first has a name and numbers on
// its left, and each other one numbers.
func (s *layout) numberedColumns(n int) (lefts []vg.Length, width vg.Length) {
	const apart = trainingAxis + weightsGap/2
	width = (s.inside() - underY - vg.Length(n-1)*apart) / vg.Length(n)
	for k := range n {
		lefts = append(lefts, margin+underY+vg.Length(k)*(width+apart))
	}
	return lefts, width
}

// axes returns the axes of a row, one for each loss. In a column numbers for each would
// take the room of the panels, and the weights are divided by their largest.
func (t *comparison) axes(s *layout, groups []weightGroup) []axis {
	scale := s.scaleOf(groups)
	if s.Scale == "" && scale == OwnScale && s.Options.Width == Column {
		scale = NormalisedScale
	}
	t.scales = append(t.scales, scale)
	return s.weightAxes(scale, groups, 5)
}

// labels writes the letter of the k-th panel of a row, its numbers, and what they are.
func (t *comparison) labels(c draw.Canvas, p panel, row, k int, what string) {
	writeLetter(c, p.Min.X, p.Max.Y+4, t.letters[row*len(t.batches)+k])
	if k == 0 {
		p.labelY(c, p.y.weightName()+what, "")
	} else if t.own {
		p.numbersY(c)
		if p.y.power != 0 { // the numbers are in units of it
			text := style{size: tickSize, align: 1}
			text.writeRuns(c, vg.Point{X: p.Min.X - letterGap - 8, Y: p.Max.Y + 4}, 0, []run{{"10", false}, {formatDecimal(float64(p.y.power), 0), true}})
		}
	}
}

// comparePanels adds the positive or the negative pairs of the batches side by side. last
// says that the name of the horizontal axis is written below them.
func (s *layout) comparePanels(t *comparison, positive, last bool) {
	name, row := ", negatives", 1
	if positive {
		name, row = ", positives", 0
	}

	s.add(weightsHead+comparePanel, func(c draw.Canvas, top vg.Length) {
		for k, b := range t.batches {
			p := newPanel(t.lefts[k], top-weightsHead, t.width, comparePanel, t.x, t.y[positive][k])
			p.limited = t.limited
			p.pairs(c, b, positive, gpw.S, sideColor(positive), gpw.S)
			p.curve(c, b.Curve(gpw.S, positive))
			t.labels(c, p, row, k, name)
			if last {
				p.labelX(c, axisName(gpw.S, b, false))
			}
			p.cornerLabel(c, pairsAndLargest(b.Summary(positive)))
		}
	})
}

// singlePairPanels adds the sweeps: the weight of one negative against S.
func (s *layout) singlePairPanels(t *comparison, sweeps []*analysis.Sweep) {
	s.add(weightsHead+comparePanel, func(c draw.Canvas, top vg.Length) {
		for k, sweep := range sweeps {
			p := newPanel(t.lefts[k], top-weightsHead, t.width, comparePanel, t.x, t.single[k])
			p.sweepLine(c, sweep.Negative, gpw.S, sideLine(false))
			p.zeroLine(c)
			p.frame(c)
			p.labelX(c, axisName(gpw.S, sweep.Negative, false))
			t.labels(c, p, 2, k, ", one neg.")
			if most := sweep.Negative.Summary(false); most.Weighted > 0 {
				p.cornerLabel(c, append([]run{{"at most\u00a0", false}}, compactNumber(most.Max)...))
			}
		}
	})
}

const comparePanel = 66.0 // height, in points

// pairsAndLargest gives the number of pairs and the largest weight. If some pairs have
// the opposite sign, it gives the range of the weights.
func pairsAndLargest(t analysis.Summary) []run {
	pairs := withThousands(t.Pairs) + " pairs"
	if t.Pairs == 1 {
		pairs = "1 pair"
	}
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

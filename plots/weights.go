package plots

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Weights shows the weight of every pair of a batch against its similarity S, positives
// and negatives apart. Colour is what S is compared with in N and in P: the pooled
// similarity of the anchor's other negatives, and of its other positives. Each batch is a
// row, such as the first and the last of a training, or one under another loss.
//
// Rows share all scales. Weights that lie decades apart are on a logarithmic axis, and
// those of losses that do have an axis each. A nil batch is left out.
func Weights(as Print, batches ...*analysis.Scatter) *Figure {
	byColor := func(positive bool) panelGroup {
		return panelGroup{positive, []panelView{{gpw.S, gpw.N}, {gpw.S, gpw.P}}}
	}
	if as.options().Width == Column {
		return weightsMatrix(as, batches, []panelSection{{byColor(true)}, {byColor(false)}})
	}
	return weightsMatrix(as, batches, []panelSection{{byColor(true), byColor(false)}})
}

// Against shows the weight of every pair of a batch against S, against N and against P,
// positives above and negatives below, with the means. Each batch is a row, with scales
// as in [Weights]. A nil batch is left out.
func Against(as Print, batches ...*analysis.Scatter) *Figure {
	axes := func(positive bool) panelSection {
		return panelSection{{positive, []panelView{{gpw.S, gpw.S}, {gpw.N, gpw.N}, {gpw.P, gpw.P}}}}
	}
	return weightsMatrix(as, batches, []panelSection{axes(true), axes(false)})
}

// A panelSection has the same panels in each of its rows, one row for each batch. They
// are groups of panels side by side.
type panelSection []panelGroup

// A panelGroup is the panels of one kind of pairs. They share the axis of weights.
type panelGroup struct {
	positive bool
	views    []panelView
}

// A panelView shows the weights of pairs against a similarity. The pairs have the colour
// of what N or P is counted from, or one colour and a line for their mean.
type panelView struct{ along, color gpw.Axis }

func (v panelView) colored() bool { return v.color != v.along }

// WeightsRows is the number of batches that fit on a page of [Weights].
func (w Width) WeightsRows() int { return w.choose(4, 2) }

// AgainstRows is the number of batches that fit on a page of [Against].
const AgainstRows = 2

// The layout, in points.
const (
	weightsPanel = 82.0 // height
	weightsHead  = 13.0 // above a panel: how many pairs
	weightsLine  = 8.0  // and above that its letter, where panels have both
	weightsGap   = 16.0 // between panels of a group: two numbers that end and begin there
	weightsApart = 6.0  // between groups
	barHeight    = 5.0

	weightsBetween = 6.0 // from the axis of a row to the name of the next
)

// colorShare is the share of the weight that colours span. If they spanned all pairs,
// they would mostly distinguish pairs without weight.
const colorShare = 0.98

func weightsMatrix(as Print, batches []*analysis.Scatter, sections []panelSection) *Figure {
	batches = kept(batches, drawableBatch)
	if len(batches) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	s.heading(joinTitles(batches)+": weights of pairs on "+batches[0].Dataset, captionLines(batches)...)
	panels, drawn := 0, []*sectionLayout{}
	for _, section := range sections {
		w := s.newSectionLayout(section, batches)
		drawn = append(drawn, w)
		panels += len(w.cells)
	}
	letters := s.letters(panels * len(batches))
	var scales []Scale
	for _, w := range drawn {
		w.letters, letters = letters[:len(w.cells)*len(batches)], letters[len(w.cells)*len(batches):]
		s.weightsSection(w)
		scales = append(scales, w.scales...)
	}

	notes := []string{weightNote(batches[0])}
	if sections[0][0].views[0].colored() {
		notes = append(notes, othersNote(batches[0]), "The colours of a kind of pairs span those that have 98 % of its weight; pairs beyond have the colour of the nearest end.")
		if hasUndefined(batches) {
			notes = append(notes, "Grey: the anchor has no other.")
		}
	} else {
		notes = append(notes, similaritiesNote(batches[0]), "Lines: mean over intervals of 0.05.")
	}

	notes = append(notes, halfNote(batches), ownNote(rowName(batches[0], batches) != "", scales))
	if hasOpposite(batches...) {
		notes = append(notes, oppositeNote)
	}

	s.note(append(notes, memoryNote(batches...), sourceNote(batches[0]))...)
	return s.figure(batches[0], func(emit func(...string)) { pairRows(emit, batches) })
}

// weightsSection adds the rows of a section, the numbers of its horizontal axes, and its
// colour bars.
func (s *layout) weightsSection(w *sectionLayout) {
	s.add(captionSize+4, w.drawGroupNames)
	for r, batch := range w.batches {
		if name := rowName(batch, w.batches); name != "" {
			if r > 0 {
				s.space(weightsBetween)
			}
			s.text(style{size: captionSize, bold: true}, name)
		}
		s.add(weightsHead+weightsLine+w.height, func(c draw.Canvas, top vg.Length) {
			w.drawRow(c, top-weightsHead-weightsLine, r)
		})
	}
	s.space(underX)

	if w.cells[0].view.colored() {
		s.add(barHeight+underX, w.drawBars)
	}
}

// A sectionLayout has the panels of a section, which are the same in each of its rows.
type sectionLayout struct {
	section    panelSection
	batches    []*analysis.Scatter
	panelWidth vg.Length
	height     vg.Length // of a panel
	cells      []sectionCell
	y          []map[string]axis // of each group, by the title of the loss
	scales     []Scale           // of each group
	letters    []string          // of the panels, row by row
	limited    bool
}

// A sectionCell is a panel of each row.
type sectionCell struct {
	group int
	view  panelView
	left  vg.Length
	x     axis
	paint palette
}

func (s *layout) newSectionLayout(section panelSection, batches []*analysis.Scatter) *sectionLayout {
	panels := 0
	for _, g := range section {
		panels += len(g.views)
	}
	groups := vg.Length(len(section))
	panelWidth := (s.inside() - groups*underY - (groups-1)*weightsApart - vg.Length(panels-len(section))*weightsGap) / vg.Length(panels)
	w := &sectionLayout{section: section, batches: batches, panelWidth: panelWidth, height: weightsPanel, limited: s.X.set() || s.Y.set()}

	if s.Options.Width == Column { // the kinds are below each other
		w.height *= 0.72
	}
	left := vg.Length(margin)
	for g, group := range section {
		left += underY
		scale, axes := s.titleAxes(batches, group.positive)
		w.y, w.scales = append(w.y, axes), append(w.scales, scale)
		for _, v := range group.views {
			c := sectionCell{g, v, left, s.similarityAxis(batches, v.along, panelWidth), sideColor(group.positive)}
			if v.colored() {
				others := func(p gpw.Pair) float64 { return p.Others(v.color) }
				low, high := analysis.WeightRange(batches, group.positive, others, colorShare)
				if s.Colors.set() {
					low, high = s.Colors.Low, s.Colors.High
				}
				c.paint = newViridisScale(low, high)
			}
			w.cells = append(w.cells, c)
			left += panelWidth + weightsGap
		}
		left += weightsApart - weightsGap
	}
	return w
}

// drawGroupNames writes above the panels of each group which pairs they show.
func (w *sectionLayout) drawGroupNames(c draw.Canvas, top vg.Length) {
	for g, group := range w.section {
		from, to := math.Inf(1), 0.0
		for _, cell := range w.cells {
			if cell.group == g {
				from, to = min(from, float64(cell.left)), max(to, float64(cell.left+w.panelWidth))
			}
		}

		name := map[bool]string{true: "Positive pairs", false: "Negative pairs"}[group.positive]
		at := vg.Point{X: vg.Length(from+to) / 2, Y: top - captionSize - 2}
		style{size: labelSize, bold: true, align: 0.5}.write(c, at, name)
	}
}

// drawRow draws the panels of one batch. The last row has the names of the axes.
func (w *sectionLayout) drawRow(c draw.Canvas, top vg.Length, row int) {
	batch := w.batches[row]
	for k, cell := range w.cells {
		group := w.section[cell.group]
		p := newPanel(cell.left, top, w.panelWidth, w.height, cell.x, w.y[cell.group][batch.Title])
		p.limited = w.limited
		p.pairs(c, batch, group.positive, cell.view.along, cell.paint, cell.view.color)
		if !cell.view.colored() {
			p.curve(c, batch.Curve(cell.view.along, group.positive))
		}
		writeLetter(c, p.Min.X, p.Max.Y+4, w.letters[row*len(w.cells)+k])

		room := vg.Length(0)
		if k == 0 || w.cells[k-1].group != cell.group {
			p.labelY(c, p.y.weightName(), "")
			if step := strings.TrimPrefix(atStep(batch), " at "); step != "" {
				text := style{size: tickSize, bold: true}
				text.write(c, vg.Point{X: p.Min.X, Y: p.Max.Y + 4 + weightsLine}, step)
				room = text.width(step) + 6
			}
		}
		if k == len(w.cells)-1 || w.cells[k+1].group != cell.group {
			n := vg.Length(len(group.views))
			above := p
			above.Max.Y += weightsLine
			above.cornerSummary(c, batch, group.positive, n*w.panelWidth+(n-1)*weightsGap-max(room, 40))
		}
		if row == len(w.batches)-1 {
			p.labelX(c, axisName(cell.view.along, batch, w.panelWidth < 70))
		}
	}
}

// drawBars draws the colour bar of every panel.
func (w *sectionLayout) drawBars(c draw.Canvas, top vg.Length) {
	for _, cell := range w.cells {
		name := othersName(cell.view.color, w.batches[0], false)
		if (style{size: labelSize}).width(name) > w.panelWidth+8 {
			name = othersName(cell.view.color, w.batches[0], true)
		}
		cell.paint.(viridisScale).bar(c, cell.left, top, w.panelWidth, name)
	}
}

// titleAxes returns the axes of the weights of one kind of pairs, by the title of the
// loss, and their scale.
func (s *layout) titleAxes(batches []*analysis.Scatter, positive bool) (Scale, map[string]axis) {
	var titles []string
	of := map[string][]*analysis.Scatter{}
	for _, b := range batches {
		if of[b.Title] == nil {
			titles = append(titles, b.Title)
		}
		of[b.Title] = append(of[b.Title], b)
	}
	var groups []weightGroup
	for _, title := range titles {
		g := groupOf(positive, of[title]...)
		for _, b := range of[title] {
			for _, along := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
				g = g.withMeans(b.Curve(along, positive))
			}
		}
		groups = append(groups, g)
	}

	scale := s.scaleOf(groups)
	axes := map[string]axis{}
	for k, a := range s.weightAxes(scale, groups, 6) {
		axes[titles[k]] = a
	}
	return scale, axes
}

// similarityAxis is the axis of a similarity of all pairs, or of the limits.
func (s *layout) similarityAxis(batches []*analysis.Scatter, along gpw.Axis, length vg.Length) axis {
	if s.X.set() {
		return newAxisX(s.X.Low, s.X.High, 6, length)
	}
	return similaritySpan(batches, along).similarityAxis(length)
}

// ownNote says how weights are scaled, of one loss only where it is not obvious.
func ownNote(several bool, scales []Scale) string {
	if several {
		return scaleNotes(scales...)
	}
	return scaleNotes(slices.DeleteFunc(slices.Clone(scales), func(s Scale) bool { return s == OwnScale })...)
}

// rowName names a row by its loss, if there are several losses. The step is written at
// the axis.
func rowName(batch *analysis.Scatter, batches []*analysis.Scatter) string {
	for _, b := range batches {
		if b.Title != batch.Title {
			return batch.Title
		}
	}
	return ""
}

// hasUndefined reports whether a pair has no N, or no P.
func hasUndefined(batches []*analysis.Scatter) bool {
	for _, b := range batches {
		for row := range b.Rows() {
			if slices.ContainsFunc(row, func(p gpw.Pair) bool { return math.IsNaN(p.N) || math.IsNaN(p.P) }) {
				return true
			}
		}
	}
	return false
}

// summaryTexts say how many pairs there are, of those with a weight, the number of the
// largest that have half of it, and of those with the opposite sign. The first is the
// longest, and later ones leave something out.
func summaryTexts(batch *analysis.Scatter, positive bool) []string {
	t := batch.Summary(positive)
	pairs := withThousands(t.Pairs) + " pairs"
	if t.Pairs == 1 {
		pairs = "1 pair"
	}

	if t.Weighted == 0 {
		return []string{pairs}
	}
	weighted, opposite := ", all weighted", ""
	if t.Weighted < t.Pairs {
		weighted = ", " + withThousands(t.Weighted) + " weighted"
	}
	if t.Opposite > 0 {
		opposite = ", " + withThousands(t.Opposite) + " below 0"
	}
	half := ""
	if t.Weighted > 1 {
		half = ", half on " + withThousands(batch.Half(positive))
	}
	return []string{pairs + weighted + half + opposite, pairs + weighted + opposite, pairs + opposite, pairs}
}

// halfNote explains the number of the largest weights that have half of the sum.
func halfNote(batches []*analysis.Scatter) string {
	for _, b := range batches {
		if b.Summary(true).Weighted > 1 || b.Summary(false).Weighted > 1 {
			return "Half on n: the n largest weights are half of the sum."
		}
	}
	return ""
}

// cornerSummary writes the longest summary of a batch that fits into a width, above the
// right end of the panel. A normalised axis has the largest weight in place of it.
func (p panel) cornerSummary(c draw.Canvas, batch *analysis.Scatter, positive bool, width vg.Length) {
	text := style{size: tickSize, faint: true, align: 1}
	at := vg.Point{X: p.Max.X, Y: p.Max.Y + 4}
	if p.y.over != 0 {
		p.cornerLabel(c, pairsAndLargest(batch.Summary(positive)))
		return
	}
	for _, words := range summaryTexts(batch, positive) {
		if text.width(words) <= width {
			text.write(c, at, words)
			return
		}
	}
}

// pairRows writes all pairs.
func pairRows(emit func(...string), batches []*analysis.Scatter) {
	emit("loss", "step", "kind", "S", "N_"+batches[0].Pooling.String(), "P_"+batches[0].Pooling.String(), "m_w")
	for _, b := range batches {
		step := stepField(b)
		for row := range b.Rows() {
			for _, p := range row {
				emit(b.Loss, step, sideName(p.Positive), csvNumber(p.S), csvNumber(p.N), csvNumber(p.P), csvNumber(b.Weight(p)))
			}
		}
	}
}

package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Weights shows the weight of every pair of a batch against its similarity S, positives
// and negatives apart, coloured by N and by P. Each batch is a row, such as the first
// and the last of a training, or one under another loss.
//
// Rows share all scales but that of weights: each loss has its own, because weights can
// lie decades apart. A nil batch is left out.
func Weights(width Width, batches ...*analysis.Scatter) *Figure {
	byColor := func(positive bool) panelGroup {
		return panelGroup{positive, []panelView{{gpw.S, gpw.N}, {gpw.S, gpw.P}}}
	}
	if width == Column {
		return weightsMatrix(width, batches, []panelSection{{byColor(true)}, {byColor(false)}})
	}
	return weightsMatrix(width, batches, []panelSection{{byColor(true), byColor(false)}})
}

// Against shows the weight of every pair of a batch against S, against N and against P,
// positives above and negatives below, with the means. Each batch is a row, with scales
// as in [Weights]. A nil batch is left out.
func Against(width Width, batches ...*analysis.Scatter) *Figure {
	axes := func(positive bool) panelSection {
		return panelSection{{positive, []panelView{{gpw.S, gpw.S}, {gpw.N, gpw.N}, {gpw.P, gpw.P}}}}
	}
	return weightsMatrix(width, batches, []panelSection{axes(true), axes(false)})
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
// of another similarity, or one colour and a line for their mean.
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
	weightsGap   = 16.0 // between panels of a group: two numbers that end and begin there
	weightsApart = 6.0  // between groups
	barHeight    = 5.0

	weightsBetween = 6.0 // from the axis of a row to the name of the next
)

// colorShare is the share of the weight that colours span. If they spanned all pairs,
// they would mostly distinguish pairs without weight.
const colorShare = 0.98

func weightsMatrix(width Width, batches []*analysis.Scatter, sections []panelSection) *Figure {
	batches = kept(batches, drawableBatch)
	if len(batches) == 0 {
		return new(Figure)
	}

	s := newLayout(width)
	s.heading(joinTitles(batches)+": weights of pairs on "+batches[0].Dataset, captionLines(batches)...)
	for _, section := range sections {
		s.weightsSection(section, batches)
	}

	notes := []string{weightNote(batches[0]), similaritiesNote(batches[0])}
	if sections[0][0].views[0].colored() {
		notes = append(notes, "Colours span the middle 98 % of the weight.")
		if hasUndefined(batches) {
			notes = append(notes, "Grey: the anchor has no other.")
		}
	} else {
		notes = append(notes, "Lines: mean over intervals of 0.05.")
	}

	if rowName(batches[0], batches) != "" {
		notes = append(notes, "Each loss has its own scale of weights.")
	}
	if hasOpposite(batches...) {
		notes = append(notes, oppositeNote)
	}

	s.note(append(notes, memoryNote(batches...), sourceNote(batches[0]))...)
	return s.figure(batches[0], func(emit func(...string)) { pairRows(emit, batches) })
}

// weightsSection adds the rows of a section, the numbers of its horizontal axes, and its
// colour bars.
func (s *layout) weightsSection(section panelSection, batches []*analysis.Scatter) {
	w := s.newSectionLayout(section, batches)
	s.add(captionSize+4, w.drawGroupNames)
	for r, batch := range batches {
		if name := rowName(batch, batches); name != "" {
			if r > 0 {
				s.space(weightsBetween)
			}
			s.text(style{size: captionSize, bold: true}, name)
		}
		s.add(weightsHead+weightsPanel, func(c draw.Canvas, top vg.Length) {
			w.drawRow(c, top, batch, r == len(batches)-1)
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
	cells      []sectionCell
	y          []map[string]axis // of each group, by the title of the loss
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
	w := &sectionLayout{section: section, batches: batches, panelWidth: panelWidth, y: make([]map[string]axis, len(section))}

	left := vg.Length(margin)
	for g, group := range section {
		left += underY
		w.y[g] = weightAxes(batches, group.positive)
		for _, v := range group.views {
			c := sectionCell{g, v, left, similaritySpan(batches, v.along).similarityAxis(panelWidth), sideColor(group.positive)}
			if v.colored() {
				c.paint = newViridisScale(analysis.WeightRange(batches, group.positive, v.color, colorShare))
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
func (w *sectionLayout) drawRow(c draw.Canvas, top vg.Length, batch *analysis.Scatter, last bool) {
	for k, cell := range w.cells {
		group := w.section[cell.group]
		p := newPanel(cell.left, top-weightsHead, w.panelWidth, weightsPanel, cell.x, w.y[cell.group][batch.Title])
		p.pairs(c, batch, group.positive, cell.view.along, cell.paint, cell.view.color)
		if !cell.view.colored() {
			p.curve(c, batch.Curve(cell.view.along, group.positive))
		}

		if k == 0 || w.cells[k-1].group != cell.group {
			p.labelY(c, "m·w", strings.TrimPrefix(atStep(batch), " "))
		}
		if k == len(w.cells)-1 || w.cells[k+1].group != cell.group {
			counts := summaryText(batch.Summary(group.positive))
			style{size: tickSize, faint: true, align: 1}.write(c, vg.Point{X: p.Max.X, Y: p.Max.Y + 4}, counts)
		}
		if last {
			p.labelX(c, axisName(cell.view.along, batch, w.panelWidth < 70))
		}
	}
}

// drawBars draws the colour bar of every panel.
func (w *sectionLayout) drawBars(c draw.Canvas, top vg.Length) {
	for _, cell := range w.cells {
		cell.paint.(viridisScale).bar(c, cell.left, top, w.panelWidth, axisName(cell.view.color, w.batches[0], false))
	}
}

// weightAxes returns the axes of the weights of one kind of pairs, by the title of the
// loss.
func weightAxes(batches []*analysis.Scatter, positive bool) map[string]axis {
	weights := map[string]span{}
	for _, b := range batches {
		s, t := weights[b.Title], b.Summary(positive)
		s.add(t.Min)
		s.add(t.Max)
		weights[b.Title] = s
	}

	axes := map[string]axis{}
	for title, s := range weights {
		axes[title] = s.weightAxis(6)
	}
	return axes
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
		for _, p := range b.Pairs {
			if math.IsNaN(p.N) || math.IsNaN(p.P) {
				return true
			}
		}
	}
	return false
}

// summaryText gives the number of pairs, of those with a weight, and of those with the
// opposite sign.
func summaryText(t analysis.Summary) string {
	s := withThousands(t.Pairs) + " pairs"
	if t.Pairs == 1 {
		s = "1 pair"
	}

	switch t.Weighted {
	case 0:
		return s
	case t.Pairs:
		s += ", all weighted"
	default:
		s += ", " + withThousands(t.Weighted) + " weighted"
	}

	if t.Opposite > 0 {
		s += ", " + withThousands(t.Opposite) + " below 0"
	}
	return s
}

// pairRows writes all pairs.
func pairRows(emit func(...string), batches []*analysis.Scatter) {
	emit("loss", "step", "kind", "S", "N_"+batches[0].Pooling.String(), "P_"+batches[0].Pooling.String(), "m_w")
	for _, b := range batches {
		step := stepField(b)
		for _, p := range b.Pairs {
			emit(b.Loss, step, sideName(p.Positive), csvNumber(p.S), csvNumber(p.N), csvNumber(p.P), csvNumber(b.Weight(p)))
		}
	}
}

package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// Weights shows the weight of every pair of a batch against its similarity S, positives and negatives apart, coloured by N and by P.
// Each batch is a row, such as the first and the last of a training, or one under another loss. Rows share all scales, but each loss has
// its own of weights, which can lie decades apart. It panics without a batch.
func Weights(width Width, batches ...*analysis.Cloud) *Figure {
	byColor := func(positive bool) group {
		return group{positive, []view{{analysis.S, analysis.N}, {analysis.S, analysis.P}}}
	}
	if width == Column {
		return matrix(width, batches, []section{{byColor(true)}, {byColor(false)}})
	}
	return matrix(width, batches, []section{{byColor(true), byColor(false)}})
}

// Against shows the weight of every pair of a batch against S, against N and against P, positives above and negatives below, with the
// means. Each batch is a row, with scales as in [Weights]. It panics without a batch.
func Against(width Width, batches ...*analysis.Cloud) *Figure {
	axes := func(positive bool) section {
		return section{{positive, []view{{analysis.S, analysis.S}, {analysis.N, analysis.N}, {analysis.P, analysis.P}}}}
	}
	return matrix(width, batches, []section{axes(true), axes(false)})
}

// A section of a matrix has the same panels in each of its rows, one for each batch: groups of panels side by side.
type section []group

// A group is the panels of one kind of pairs. They share the axis of weights.
type group struct {
	positive bool
	views    []view
}

// A view is the weights of pairs against a similarity; coloured by another, or else with their mean.
type view struct{ along, color analysis.Similarity }

func (v view) colored() bool { return v.color != v.along }

// WeightsRows is how many batches have room on a page of [Weights].
func (w Width) WeightsRows() int { return [...]int{Page: 4, Column: 2}[w] }

// AgainstRows is how many batches have room on a page of [Against].
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

// colorShare is the share of the weight over which colours run. Over all pairs they would tell apart those that have none.
const colorShare = 0.98

func matrix(width Width, batches []*analysis.Cloud, sections []section) *Figure {
	s := newSheet(width)
	s.heading(titled(batches)+": weights of pairs on "+batches[0].Dataset, captions(batches)...)
	for _, section := range sections {
		s.section(section, batches)
	}
	notes := []string{weightNote(batches[0]), similaritiesNote(batches[0])}
	if sections[0][0].views[0].colored() {
		notes = append(notes, "Colours span the middle 98 % of the weight.")
		if grey(batches) {
			notes = append(notes, "Grey: the anchor has no other.")
		}
	} else {
		notes = append(notes, "Lines: mean over intervals of 0.05.")
	}
	if rowName(batches[0], batches) != "" {
		notes = append(notes, "Each loss has its own scale of weights.")
	}
	if opposite(batches...) {
		notes = append(notes, oppositeNote)
	}
	s.note(append(notes, memoryNote(batches...), sourceNote(batches[0]))...)
	return s.figure(batches[0], func(emit func(...string)) { pairRows(emit, batches) })
}

// section adds the rows of a section, the numbers of its horizontal axes, and its colour bars.
func (s *sheet) section(section section, batches []*analysis.Cloud) {
	type cell struct {
		group int
		view  view
		left  vg.Length
		x     axis
		paint palette
	}
	panels := 0
	for _, g := range section {
		panels += len(g.views)
	}
	groups := vg.Length(len(section))
	panelWidth := (s.inside() - groups*underY - (groups-1)*weightsApart - vg.Length(panels-len(section))*weightsGap) / vg.Length(panels)
	var cells []cell
	y := make([]map[string]axis, len(section)) // of each loss
	left := vg.Length(margin)
	for g, group := range section {
		left += underY
		y[g] = weightAxes(batches, group.positive)
		for _, v := range group.views {
			c := cell{g, v, left, similaritySpan(batches, v.along).similarityAxis(panelWidth), kindColor(group.positive)}
			if v.colored() {
				c.paint = newScale(analysis.MassRange(ofKind(batches, group.positive), func(p analysis.Point) float64 { return p.At(v.color) }, colorShare))
			}
			cells = append(cells, c)
			left += panelWidth + weightsGap
		}
		left += weightsApart - weightsGap
	}
	s.add(captionSize+4, func(c draw.Canvas, top vg.Length) {
		for g, group := range section {
			from, to := math.Inf(1), 0.0
			for _, cell := range cells {
				if cell.group == g {
					from, to = min(from, float64(cell.left)), max(to, float64(cell.left+panelWidth))
				}
			}
			name := map[bool]string{true: "Positive pairs", false: "Negative pairs"}[group.positive]
			style{size: labelSize, bold: true, align: 0.5}.write(c, vg.Point{X: vg.Length(from+to) / 2, Y: top - captionSize - 2}, name)
		}
	})
	for r, batch := range batches {
		if name := rowName(batch, batches); name != "" {
			if r > 0 {
				s.space(weightsBetween)
			}
			s.text(style{size: captionSize, bold: true}, name)
		}
		s.add(weightsHead+weightsPanel, func(c draw.Canvas, top vg.Length) {
			for k, cell := range cells {
				group := section[cell.group]
				p := newPanel(cell.left, top-weightsHead, panelWidth, weightsPanel, cell.x, y[cell.group][batch.Title])
				p.pairs(c, batch, group.positive, cell.view.along, cell.paint, cell.view.color)
				if !cell.view.colored() {
					p.curve(c, batch.Curve(cell.view.along, group.positive))
				}
				if k == 0 || cells[k-1].group != cell.group {
					p.labelY(c, "m·w", strings.TrimPrefix(atStep(batch), " "))
				}
				if k == len(cells)-1 || cells[k+1].group != cell.group {
					style{size: tickSize, faint: true, align: 1}.write(c, vg.Point{X: p.Max.X, Y: p.Max.Y + 4}, tally(batch.Tally(group.positive)))
				}
				if r == len(batches)-1 {
					p.labelX(c, axisName(cell.view.along, batch, panelWidth < 70))
				}
			}
		})
	}
	s.space(underX)
	if !cells[0].view.colored() {
		return
	}
	s.add(barHeight+underX, func(c draw.Canvas, top vg.Length) {
		for _, cell := range cells {
			cell.paint.(scale).bar(c, cell.left, top, panelWidth, axisName(cell.view.color, batches[0], false))
		}
	})
}

// weightAxes are the axes of the weights of one kind of pairs, by the title of the loss.
func weightAxes(batches []*analysis.Cloud, positive bool) map[string]axis {
	weights := map[string]span{}
	for _, b := range batches {
		s, t := weights[b.Title], b.Tally(positive)
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

// rowName names a row of a matrix by its loss, where there are several; the step stands at the axis.
func rowName(batch *analysis.Cloud, batches []*analysis.Cloud) string {
	for _, b := range batches {
		if b.Title != batch.Title {
			return batch.Title
		}
	}
	return ""
}

// ofKind collects the positive or the negative pairs of batches.
func ofKind(batches []*analysis.Cloud, positive bool) []analysis.Point {
	var points []analysis.Point
	for _, b := range batches {
		for _, p := range b.Points {
			if p.Positive == positive {
				points = append(points, p)
			}
		}
	}
	return points
}

// grey reports whether a pair has no N, or no P.
func grey(batches []*analysis.Cloud) bool {
	for _, b := range batches {
		for _, p := range b.Points {
			if math.IsNaN(p.N) || math.IsNaN(p.P) {
				return true
			}
		}
	}
	return false
}

// tally says how many pairs there are, how many of them have a weight, and how many a weight of the opposite sign.
func tally(t analysis.Tally) string {
	s := count(t.Pairs) + " pairs"
	if t.Pairs == 1 {
		s = "1 pair"
	}
	switch t.Weighted {
	case 0:
		return s
	case t.Pairs:
		s += ", all weighted"
	default:
		s += ", " + count(t.Weighted) + " weighted"
	}
	if t.Opposite > 0 {
		s += ", " + count(t.Opposite) + " below 0"
	}
	return s
}

// pairRows are all pairs.
func pairRows(emit func(...string), batches []*analysis.Cloud) {
	emit("loss", "step", "kind", "S", "N_"+batches[0].Pooling.String(), "P_"+batches[0].Pooling.String(), "m_w")
	for _, b := range batches {
		step := stepField(b)
		for _, p := range b.Points {
			emit(b.Loss, step, kind(p.Positive), field(p.S), field(p.N), field(p.P), field(p.W))
		}
	}
}

package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// Weights shows one loss: the weight of every pair of a batch against its similarity S, positives and negatives apart, coloured by N
// and by P. Each batch is a row, such as the first and the last of a training; rows share all scales. It panics without a batch.
func Weights(batches ...*analysis.Cloud) *Figure {
	w := newWeights(batches)
	return &Figure{
		title:  strings.Join(w.title, " "),
		width:  pageWidth,
		height: w.height,
		draw:   w.draw,
		rows:   w.rows,
	}
}

// The layout, in points.
const (
	weightsPanel   = 82.0 // height
	weightsHead    = 14.0 // above a panel
	weightsColumns = 13.0 // the names of the columns
	weightsGap     = 16.0 // between panels of one kind: two numbers that end and begin there
	weightsApart   = 42.0 // between the kinds: an axis with its numbers
	weightsWidth   = (textWidth - underY - weightsApart - 2*weightsGap) / 4
	barHeight      = 5.0
)

// colorShare is the share of the weight over which colours run. Over all pairs they would tell apart those that have none.
const colorShare = 0.98

// A column is one kind of pairs, coloured by one similarity.
type column struct {
	left     vg.Length
	positive bool
	name     string
	value    func(analysis.Point) float64
}

var columns = [4]column{
	{margin + underY, true, "N = S − mean neg.", func(p analysis.Point) float64 { return p.N }},
	{margin + underY + weightsWidth + weightsGap, true, "P = S − mean pos.", func(p analysis.Point) float64 { return p.P }},
	{pageWidth - margin - 2*weightsWidth - weightsGap, false, "N = S − mean neg.", func(p analysis.Point) float64 { return p.N }},
	{pageWidth - margin - weightsWidth, false, "P = S − mean pos.", func(p analysis.Point) float64 { return p.P }},
}

// weights are the batches of a figure with all that its drawing needs.
type weights struct {
	batches              []*analysis.Cloud
	x                    axis
	y                    [2]axis // positives, negatives
	colors               [4]scale
	title, caption, note []string // in lines
	height               vg.Length
}

func newWeights(batches []*analysis.Cloud) *weights {
	w := &weights{batches: batches}
	similarity, weight := newSpan(), [2]span{}
	var points [4][]analysis.Point
	grey, opposite := false, false
	for _, b := range batches {
		for _, p := range b.Points {
			similarity.add(p.S)
			opposite = opposite || p.W < 0
			for k, c := range columns {
				if c.positive == p.Positive {
					weight[k/2].add(p.W)
					points[k] = append(points[k], p)
					grey = grey || math.IsNaN(c.value(p))
				}
			}
		}
	}
	w.x = similarity.similarityAxis(weightsWidth)
	for k := range w.y {
		w.y[k] = weight[k].weightAxis(6)
	}
	for k, c := range columns {
		w.colors[k] = newScale(analysis.MassRange(points[k], c.value, colorShare))
	}

	note := "w = |∂L/∂S| of an ordered pair (anchor, candidate); m anchors. S: similarity of the pair. N, P: S less its mean over the " +
		"anchor’s other negatives, positives. Colours span the middle 98 % of the weight."
	if grey {
		note += " Grey: the anchor has no other."
	}
	if opposite {
		note += " Below 0: the gradient has the opposite sign, so a positive is pushed away or a negative pulled closer."
	}
	first := batches[0]
	w.title = style{size: titleSize, bold: true}.wrap(first.Title+": weights of pairs on "+first.Dataset, textWidth)
	w.caption = style{size: captionSize}.wrap(parameters(first.Caption)+"; m\u00a0=\u00a0"+count(first.Anchors), textWidth)
	w.note = style{size: tickSize}.wrap(note, textWidth)
	w.height = 2*margin + lines(w.title, titleSize) + lines(w.caption, captionSize) + weightsColumns +
		vg.Length(len(batches))*(weightsHead+weightsPanel) + underX + barHeight + underX + lines(w.note, tickSize)
	return w
}

func (w *weights) draw(c draw.Canvas) {
	top := w.height - margin
	style{size: titleSize, bold: true}.writeLines(c, vg.Point{X: margin, Y: top - titleSize}, w.title)
	top -= lines(w.title, titleSize)
	style{size: captionSize}.writeLines(c, vg.Point{X: margin, Y: top - captionSize}, w.caption)
	top -= lines(w.caption, captionSize) + weightsColumns
	for k, name := range []string{"Positive pairs", "Negative pairs"} {
		middle := (columns[2*k].left + columns[2*k+1].left + weightsWidth) / 2
		style{size: labelSize, bold: true, align: 0.5}.write(c, vg.Point{X: middle, Y: top + 2}, name)
	}
	for r, batch := range w.batches {
		top -= weightsHead
		for k, column := range columns {
			p := newPanel(column.left, top, weightsWidth, weightsPanel, w.x, w.y[k/2])
			p.pairs(c, batch, column.positive, w.colors[k], column.value)
			if k%2 == 0 {
				p.labelY(c, "m·w", "at step "+count(batch.Step))
			} else {
				style{size: tickSize, faint: true, align: 1}.write(c, vg.Point{X: p.Max.X, Y: p.Max.Y + 4}, tally(batch.Tally(column.positive)))
			}
			if r == len(w.batches)-1 {
				p.labelX(c, "similarity S")
			}
		}
		top -= weightsPanel
	}
	top -= underX
	for k, column := range columns {
		w.colors[k].bar(c, column.left, top, weightsWidth, column.name)
	}
	style{size: tickSize, faint: true}.writeLines(c, vg.Point{X: margin, Y: margin + lines(w.note, tickSize) - tickSize}, w.note)
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

// rows are all pairs.
func (w *weights) rows(emit func(...string)) {
	emit("step", "kind", "S", "N", "P", "m_w")
	for _, b := range w.batches {
		step := strconv.Itoa(b.Step)
		for _, p := range b.Points {
			emit(step, kind(p.Positive), field(p.S), field(p.N), field(p.P), field(p.W))
		}
	}
}

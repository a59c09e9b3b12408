package plots

import (
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// Overview shows many losses on one page, in the order given: of each, the weights of the positive pairs of a batch against their
// similarity S, and below them those of the negative pairs, with the mean along S. Scales of S are shared; the weights of losses can
// lie decades apart, so each panel has its own. It panics without a batch.
func Overview(batches []*analysis.Cloud) *Figure {
	o := newOverview(batches)
	return &Figure{
		title:  strings.Join(o.title, " "),
		width:  pageWidth,
		height: o.height,
		draw:   o.draw,
		rows:   o.rows,
	}
}

// The layout, in points.
const (
	overviewAcross = 3
	overviewWidth  = (textWidth - overviewAcross*underY - (overviewAcross-1)*overviewGap) / overviewAcross
	overviewGap    = 4.0  // from a panel to the axis right of it
	overviewPanel  = 42.0 // height
	overviewApart  = 8.0  // between the two panels of a loss
	overviewLegend = 16.0
	overviewBelow  = 20.0 // below a loss: the numbers of S
)

// curveBins is in how many intervals of [−1, 1] the mean is taken.
const curveBins = 40

type overview struct {
	batches  []*analysis.Cloud
	x        axis
	title    []string   // in lines
	names    [][]string // of each loss, in lines
	captions [][]string
	note     []string
	height   vg.Length
}

func newOverview(batches []*analysis.Cloud) *overview {
	o := &overview{batches: batches}
	similarity := newSpan()
	opposite := false
	for _, b := range batches {
		for _, p := range b.Points {
			similarity.add(p.S)
			opposite = opposite || p.W < 0
		}
		o.names = append(o.names, style{size: labelSize, bold: true}.wrap(b.Title, overviewWidth))
		o.captions = append(o.captions, style{size: tickSize}.wrap(parameters(b.Caption), overviewWidth))
	}
	o.x = similarity.similarityAxis(overviewWidth)

	note := "w = |∂L/∂S| of an ordered pair (anchor, candidate); m = " + count(batches[0].Anchors) + " anchors."
	if sameBatch(batches) {
		note += " The batch is the same for all losses."
	}
	note += " Each panel has its own scale of weights."
	if opposite {
		note += " Below 0: the gradient has the opposite sign, so a positive is pushed away or a negative pulled closer."
	}
	o.note = style{size: tickSize}.wrap(note, textWidth)
	o.title = style{size: titleSize, bold: true}.wrap("Weights of pairs on "+batches[0].Dataset+" at step "+count(batches[0].Step), textWidth)
	o.height = 2*margin + lines(o.title, titleSize) + overviewLegend + underX - overviewBelow + lines(o.note, tickSize)
	for from := 0; from < len(batches); from += overviewAcross {
		o.height += o.head(from) + 2*overviewPanel + overviewApart + overviewBelow
	}
	return o
}

// sameBatch reports whether all losses saw the same pairs.
func sameBatch(batches []*analysis.Cloud) bool {
	same := func(p, q analysis.Point) bool { return p.S == q.S && p.Positive == q.Positive }
	for _, b := range batches[1:] {
		if !slices.EqualFunc(b.Points, batches[0].Points, same) {
			return false
		}
	}
	return true
}

// head is the height of the names and captions above the row of losses that begins with the given one.
func (o *overview) head(from int) vg.Length {
	most := vg.Length(0)
	for k := from; k < min(from+overviewAcross, len(o.batches)); k++ {
		most = max(most, lines(o.names[k], labelSize)+lines(o.captions[k], tickSize))
	}
	return most + 4
}

func (o *overview) draw(c draw.Canvas) {
	top := o.height - margin
	style{size: titleSize, bold: true}.writeLines(c, vg.Point{X: margin, Y: top - titleSize}, o.title)
	top -= lines(o.title, titleSize)
	o.legend(c, vg.Point{X: margin, Y: top - captionSize})
	top -= overviewLegend
	for from := 0; from < len(o.batches); from += overviewAcross {
		head := o.head(from)
		for k := from; k < min(from+overviewAcross, len(o.batches)); k++ {
			left := vg.Length(margin+underY) + vg.Length(k-from)*(overviewWidth+overviewGap+underY)
			style{size: labelSize, bold: true}.writeLines(c, vg.Point{X: left, Y: top - labelSize}, o.names[k])
			style{size: tickSize, faint: true}.writeLines(c, vg.Point{X: left, Y: top - lines(o.names[k], labelSize) - tickSize}, o.captions[k])
			upper := o.panel(c, left, top-head, o.batches[k], true)
			lower := o.panel(c, left, upper-overviewApart, o.batches[k], false)
			name := ""
			if k+overviewAcross >= len(o.batches) {
				name = "similarity S"
			}
			newPanel(left, lower, overviewWidth, 0, o.x, axis{high: 1}).labelX(c, name)
		}
		top -= head + 2*overviewPanel + overviewApart + overviewBelow
	}
	style{size: tickSize, faint: true}.writeLines(c, vg.Point{X: margin, Y: margin + lines(o.note, tickSize) - tickSize}, o.note)
}

// panel draws the pairs of one kind, and returns its lower edge.
func (o *overview) panel(c draw.Canvas, left, top vg.Length, batch *analysis.Cloud, positive bool) vg.Length {
	t := batch.Tally(positive)
	p := newPanel(left, top, overviewWidth, overviewPanel, o.x, span{t.Min, t.Max}.weightAxis(4))
	paint := plain(negativeColor)
	if positive {
		paint = plain(positiveColor)
	}
	p.pairs(c, batch, positive, paint, func(analysis.Point) float64 { return 0 })
	p.curve(c, batch.Curve(positive, curveBins))
	p.labelY(c, "m·w", "")
	return p.Min.Y
}

// curve draws the mean weight of each interval of S as a step, and nothing over intervals without a pair.
func (p panel) curve(c draw.Canvas, bins []analysis.Bin) {
	var steps []vg.Point
	for k, b := range bins {
		if k > 0 && b.Low != bins[k-1].High {
			c.StrokeLines(curveLine, steps)
			steps = nil
		}
		steps = append(steps, p.at(max(b.Low, p.x.low), b.Mean), p.at(min(b.High, p.x.high), b.Mean))
	}
	c.StrokeLines(curveLine, steps)
}

var curveLine = draw.LineStyle{Color: ink, Width: curveWidth}

func (o *overview) legend(c draw.Canvas, at vg.Point) {
	text := style{size: captionSize}
	middle := vg.Length(0.36 * captionSize)
	for _, kind := range []struct {
		paint plain
		name  string
	}{{plain(positiveColor), "positive pairs, above"}, {plain(negativeColor), "negative pairs, below"}} {
		drawGlyphs(c, []dot{{at: vg.Point{X: at.X + 2, Y: at.Y + middle}}}, kind.paint)
		at.X += 7
		text.write(c, at, kind.name)
		at.X += text.width(kind.name) + 14
	}
	c.StrokeLine2(curveLine, at.X, at.Y+middle, at.X+12, at.Y+middle)
	at.X += 16
	text.write(c, at, "mean over intervals of 0.05 in S")
}

// rows are the curves.
func (o *overview) rows(emit func(...string)) {
	emit("loss", "parameters", "kind", "S_low", "S_high", "pairs", "m_w_mean", "m_w_min", "m_w_max")
	for _, batch := range o.batches {
		for _, positive := range []bool{true, false} {
			for _, b := range batch.Curve(positive, curveBins) {
				emit(batch.Loss, batch.Caption, kind(positive), field(b.Low), field(b.High), strconv.Itoa(b.Pairs), field(b.Mean), field(b.Min), field(b.Max))
			}
		}
	}
}

package plots

import (
	"image"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// HeatmapLosses is the number of losses that fit on a page of [Heatmaps].
func (w Width) HeatmapLosses() int { return w.choose(3, 2) }

// Heatmaps shows the weight of pairs as colour over two similarities, for negatives and
// for positives. One axis is S; the other is N or P of a swept pair and, of a batch, the
// pooled similarity of the anchor's other negatives or positives.
//
// Each loss is a row, and each step of one. Rows share their axes, and those of one loss
// the colours of a kind of pairs. It is white where there is no pair. A loss without its
// four scatters is left out.
func Heatmaps(losses []*analysis.Heatmaps, as Print) *Figure {
	losses = kept(losses, drawableMaps)
	if len(losses) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	var clouds []*analysis.Scatter
	for _, l := range losses {
		clouds = append(clouds, l.Negative[0])
	}

	title := ": weight of one pair over S, N and P"
	if !losses[0].Swept {
		title = ": weight over similarities on " + clouds[0].Dataset + atOneStep(clouds)
	}

	several := severalSteps(clouds) || rowName(clouds[0], clouds) != ""
	if several {
		s.heading(joinTitles(clouds) + title)
	} else {
		s.heading(joinTitles(clouds)+title, captionLines(clouds)...)
	}

	h := s.newHeatGrid(losses, several)
	for from := 0; from < len(losses); {
		to := from + 1
		for to < len(losses) && clouds[to].Title == clouds[from].Title {
			to++
		}
		s.heatmapRows(h, from, to)
		from = to
	}

	notes := []string{"Colour: mean of a cell. White: no pair.", weightNote(clouds[0])}
	if losses[0].Swept {
		notes = append(notes, analysis.SweepBatchNote, similaritiesNote(clouds[0]))
	} else {
		notes = append(notes, othersNote(clouds[0]))
	}

	notes = append(notes, h.notes()...)
	for _, l := range losses {
		if hasOpposite(append(l.Positive[:], l.Negative[:]...)...) {
			notes = append(notes, oppositeNote)
			break
		}
	}

	s.note(append(notes, memoryNote(clouds...), sourceNote(clouds[0]))...)
	return s.figure(clouds[0], func(emit func(...string)) { heatCells(emit, h) })
}

// heatmapsGap is the space between a map and the name of the axis to its right, in
// points.
const heatmapsGap = 9.0

// A heatGrid is what the rows of maps share.
type heatGrid struct {
	losses  []*analysis.Heatmaps
	named   bool     // rows have names
	lines   [][]bool // the kinds that are side by side
	lefts   []vg.Length
	width   vg.Length // of a map
	height  vg.Length
	letters []string
	x       analysis.Range
	y       [2]analysis.Range // over N, over P
	weights map[heatKey][]float64
	colors  map[heatKey]heatColors // without against
	scale   Scale
}

// A heatKey is a map: its row, its kind, and 0 for N or 1 for P.
type heatKey struct {
	row      int
	positive bool
	against  int
}

var heatAxes = [2]gpw.Axis{gpw.N, gpw.P}

func side(h *analysis.Heatmaps, positive bool) [2]*analysis.Scatter {
	if positive {
		return h.Positive
	}
	return h.Negative
}

// newHeatGrid takes the weights of all cells together.
func (s *layout) newHeatGrid(losses []*analysis.Heatmaps, named bool) *heatGrid {
	h := &heatGrid{losses: losses, named: named, lines: [][]bool{{false, true}}, weights: map[heatKey][]float64{}, colors: map[heatKey]heatColors{}}
	if s.Options.Width == Column {
		h.lines = [][]bool{{false}, {true}}
	}
	h.lefts, h.width = s.panelColumns(2*len(h.lines[0]), heatmapsGap, false)
	h.height = s.trainingHeight(h.width)
	h.letters = s.letters(4 * len(losses))
	h.ranges(s.X, s.Y)

	for row, l := range losses {
		for _, positive := range []bool{false, true} {
			for k, cloud := range side(l, positive) {
				h.weights[heatKey{row, positive, k}] = cloud.Heatmap(l.Value(heatAxes[k]), positive, h.x, h.y[k])
			}
		}
	}
	h.scale = s.Scale
	if h.scale == "" {
		h.scale = OwnScale
	}
	for row := range losses {
		for _, positive := range []bool{false, true} {
			h.colors[heatKey{row: row, positive: positive}] = h.colorsOf(row, positive, s.Colors)
		}
	}
	return h
}

// ranges are those of all rows, or the limits.
func (h *heatGrid) ranges(x, y Limits) {
	for row, l := range h.losses {
		for k, against := range heatAxes {
			for _, positive := range []bool{false, true} {
				ownX, ownY := l.Ranges(side(l, positive)[k], against)
				if row == 0 && !positive {
					h.x, h.y[k] = ownX, ownY
				}
				h.x.Low, h.x.High = min(h.x.Low, ownX.Low), max(h.x.High, ownX.High)
				h.y[k].Low, h.y[k].High = min(h.y[k].Low, ownY.Low), max(h.y[k].High, ownY.High)
			}
		}
	}
	if h.losses[0].Swept { // its pairs lie in the middles of the cells
		return
	}
	if x.set() {
		h.x.Low, h.x.High = x.Low, x.High
	}
	for k := range h.y {
		if y.set() {
			h.y[k].Low, h.y[k].High = y.Low, y.High
		}
	}
}

// colorsOf are the colours of a kind of pairs of a row: those of all its loss's rows, or
// of all rows.
func (h *heatGrid) colorsOf(row int, positive bool, limits Limits) heatColors {
	var all []float64
	largest := 0.0
	for k := range h.losses {
		if h.scale == OwnScale || h.scale == NormalisedScale {
			if h.losses[k].Negative[0].Title != h.losses[row].Negative[0].Title {
				continue
			}
		}
		for against := range heatAxes {
			all = append(all, h.weights[heatKey{k, positive, against}]...)
		}
	}
	if h.scale == LogScale {
		return newLogColors(all, limits)
	}
	colors := linearColors{weightScale(all), 1}
	if h.scale == NormalisedScale {
		for _, w := range all {
			if !math.IsNaN(w) {
				largest = max(largest, math.Abs(w))
			}
		}
		if largest > 0 {
			colors.over = largest
			colors.low, colors.high = colors.low/largest, colors.high/largest
		}
	}
	if limits.set() {
		colors.signedScale = signedScale{viridisScale{limits.Low, limits.High}}
	}
	return colors
}

// notes say what rows have in common.
func (h *heatGrid) notes() []string {
	if h.scale == LogScale {
		return []string{"Colours are logarithmic; grey: less than the scale, or 0."}
	}
	if h.scale == OwnScale && rowName(h.losses[0].Negative[0], negatives(h.losses)) != "" {
		return []string{"Each loss has its own colours of weights."}
	}
	return nil
}

func negatives(losses []*analysis.Heatmaps) []*analysis.Scatter {
	var all []*analysis.Scatter
	for _, l := range losses {
		all = append(all, l.Negative[0])
	}
	return all
}

// heatmapRows adds the rows of one loss, and below them the bars of their colours.
func (s *layout) heatmapRows(h *heatGrid, from, to int) {
	for n, kinds := range h.lines {
		for row := from; row < to; row++ {
			cloud := h.losses[row].Negative[0]
			if h.named {
				set, height := nameWithCaption(nameAmong(cloud, negatives(h.losses)), parameters(cloud.Caption), s.inside())
				s.add(height, func(c draw.Canvas, top vg.Length) { set(c, margin, top) })
			}
			s.heatmapLine(h, row, kinds, n)
		}
		if h.scale == SharedScale || h.scale == LogScale {
			if to < len(h.losses) {
				continue
			}
		}
		s.add(barHeight+underX+2, func(c draw.Canvas, top vg.Length) {
			for k, positive := range kinds {
				colors := h.colors[heatKey{row: from, positive: positive}]
				colors.bar(c, h.lefts[2*k], top, h.lefts[2*k+1]+h.width-h.lefts[2*k])
			}
		})
	}
}

// heatmapLine adds a line of maps.
func (s *layout) heatmapLine(h *heatGrid, row int, kinds []bool, line int) {
	const above = tickSize / 2 // the number of a tick extends over the panel
	l := h.losses[row]
	s.add(labelSize+6+above, func(c draw.Canvas, top vg.Length) {
		for k, positive := range kinds {
			name := map[bool]string{true: "Positive pair", false: "Negative pair"}[positive]
			if !l.Swept {
				name += "s"
			}

			style{size: labelSize, bold: true}.write(c, vg.Point{X: h.lefts[2*k], Y: top - labelSize - 2}, name)
			for j := range heatAxes {
				place := 4*row + 2*line + 2*k + j
				writeLetter(c, h.lefts[2*k+j], top-labelSize-2, h.letters[place])
			}
		}
	})

	s.add(h.height+underX+4, func(c draw.Canvas, top vg.Length) {
		for k, positive := range kinds {
			for j, against := range heatAxes {
				cloud := side(l, positive)[j]
				y := h.y[j]
				p := newPanel(h.lefts[2*k+j], top, h.width, h.height, newAxisX(h.x.Low, h.x.High, 5, h.width), newAxis(y.Low, y.High, 5))
				image := heatImage(h.weights[heatKey{row, positive, j}], h.x.Cells, y.Cells, h.colors[heatKey{row: row, positive: positive}])
				c.DrawImage(p.Rectangle, image)
				p.frame(c)
				p.labelX(c, axisName(gpw.S, cloud, false))

				narrow := p.y.power != 0 // a power of ten takes the space of the formula
				name := axisName(against, cloud, narrow)
				if !l.Swept {
					name = othersName(against, cloud, true)
				}
				p.labelY(c, name, "")
				if tally := cloud.Summary(positive); tally.Pairs == 0 {
					p.emptyLabel(c, "no such pair")
				}
			}
		}
	})
}

// heatImage colours the cells, the first row below. Each is several pixels wide, because
// viewers smooth small images.
func heatImage(weights []float64, w, h int, colors palette) image.Image {
	const pixels = 6
	img := image.NewNRGBA(image.Rect(0, 0, w*pixels, h*pixels))
	for y := range h * pixels {
		for x := range w * pixels {
			if v := weights[(h-1-y/pixels)*w+x/pixels]; !math.IsNaN(v) {
				img.SetNRGBA(x, y, colors.color(v))
			}
		}
	}
	return img
}

// weightScale starts at 0, a light grey, and ends at the largest weight. If some weights
// are below 0, it covers both signs symmetrically.
func weightScale(weights []float64) signedScale {
	s := span{}
	for _, w := range weights {
		s.add(w)
	}
	if s.low < 0 {
		most := max(-s.low, s.high)
		return signedScale{viridisScale{-most, most}}
	}
	return signedScale{newViridisScale(s.low, s.high)}
}

// A signedScale has a light grey at zero. It follows viridis above zero, and turns to
// vermilion below.
type signedScale struct{ viridisScale }

var zeroColor = color.NRGBA{R: 0xd2, G: 0xd2, B: 0xd2, A: 255}

func (s signedScale) color(value float64) color.NRGBA {
	const fade = 0.15 // the share of the scale in which grey becomes viridis
	at := value / s.high
	switch {
	case value < 0:
		return blend(zeroColor, positiveColor, min(value/s.low, 1))
	case s.low > 0: // limits above 0
		return s.viridisScale.color(value)
	case at < fade:
		return blend(zeroColor, viridis[len(viridis)-1], at/fade)
	}
	return viridisScale{fade, 1}.color(at)
}

// heatColors are the colours of maps.
type heatColors interface {
	palette
	bar(c draw.Canvas, left, top, width vg.Length)
}

// linearColors are those of weights divided by a number.
type linearColors struct {
	signedScale
	over float64
}

func (l linearColors) color(value float64) color.NRGBA { return l.signedScale.color(value / l.over) }

func (l linearColors) bar(c draw.Canvas, left, top, width vg.Length) {
	name := "m·w"
	if l.over != 1 {
		name = "w / largest"
	}
	drawBar(c, l.signedScale, newAxisX(l.low, l.high, 5, width), left, top, width, name)
}

// logColors are those of the logarithms of weights, with grey for what is below them.
type logColors struct{ axis }

func newLogColors(weights []float64, limits Limits) logColors {
	s := newSpan()
	for _, w := range weights {
		if w != 0 {
			s.add(math.Abs(w))
		}
	}
	if limits.Low > 0 && limits.set() {
		return logColors{newLogAxis(math.Log10(limits.Low), math.Log10(limits.High))}
	}
	return logColors{logAxis(s)}
}

func (l logColors) color(value float64) color.NRGBA {
	at := math.Log10(math.Abs(value))
	if at < l.low {
		return zeroColor
	}
	return viridisScale{l.low, l.high}.color(at)
}

func (l logColors) bar(c draw.Canvas, left, top, width vg.Length) {
	drawBar(c, viridisScale{l.low, l.high}, l.axis, left, top, width, "m·w, log")
}

// heatCells writes the cells that have pairs.
func heatCells(emit func(...string), h *heatGrid) {
	emit("loss", "parameters", "step", "kind", "against", "pooling", "S", "value", "m_w_mean")
	for row, l := range h.losses {
		for _, positive := range []bool{false, true} {
			clouds := l.Negative
			if positive {
				clouds = l.Positive
			}

			for k, against := range heatAxes {
				cloud := clouds[k]
				x, y := h.x, h.y[k]
				name := against.String()
				if !l.Swept {
					name = "S − " + name
				}
				for j, w := range h.weights[heatKey{row, positive, k}] {
					if math.IsNaN(w) {
						continue
					}
					emit(cloud.Loss, cloud.Caption, stepField(cloud), sideName(positive), name, cloud.Pooling.String(),
						csvNumber(x.Middle(j%x.Cells)), csvNumber(y.Middle(j/x.Cells)), strconv.FormatFloat(w, 'g', 6, 64))
				}
			}
		}
	}
}

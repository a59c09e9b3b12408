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

// Heatmaps shows the weight of pairs as colour over S and N, and over S and P, for
// negatives and for positives. Each loss is a row, and each heatmap has its own scale of
// weights. It is white where there is no pair. A loss without its four scatters is left
// out.
func Heatmaps(losses []*analysis.Heatmaps, width Width) *Figure {
	losses = kept(losses, drawableMaps)
	if len(losses) == 0 {
		return new(Figure)
	}

	s := newLayout(width)
	var clouds []*analysis.Scatter
	for _, l := range losses {
		clouds = append(clouds, l.Negative[0])
	}

	title := ": weight of one pair over S, N and P"
	if !losses[0].Swept {
		title = ": weight over S, N and P on " + clouds[0].Dataset + atOneStep(clouds)
	}

	several := severalSteps(clouds) || rowName(clouds[0], clouds) != ""
	if several {
		s.heading(joinTitles(clouds) + title)
	} else {
		s.heading(joinTitles(clouds)+title, captionLines(clouds)...)
	}

	lines := [][]bool{{false, true}} // the kinds that are side by side
	if width == Column {
		lines = [][]bool{{false}, {true}}
	}

	lefts, panelWidth := s.panelColumns(2*len(lines[0]), heatmapsGap, false)
	for k, l := range losses {
		if several {
			set, height := nameWithCaption(nameAmong(clouds[k], clouds), parameters(clouds[k].Caption), s.inside())
			s.add(height, func(c draw.Canvas, top vg.Length) { set(c, margin, top) })
		}

		for _, kinds := range lines {
			s.heatmapLine(l, kinds, lefts, panelWidth)
		}
	}

	notes := []string{"Colour: mean of a cell. White: no pair.", weightNote(clouds[0])}
	if losses[0].Swept {
		notes = append(notes, analysis.SweepBatchNote)
	}

	notes = append(notes, similaritiesNote(clouds[0]))
	for _, l := range losses {
		if hasOpposite(append(l.Positive[:], l.Negative[:]...)...) {
			notes = append(notes, oppositeNote)
			break
		}
	}

	s.note(append(notes, memoryNote(clouds...), sourceNote(clouds[0]))...)
	return s.figure(clouds[0], func(emit func(...string)) { heatmapRows(emit, losses) })
}

// heatmapsGap is the space between a map and the name of the axis to its right, in
// points.
const heatmapsGap = 9.0

// heatmapLine adds a line of maps and their colour bars.
func (s *layout) heatmapLine(planes *analysis.Heatmaps, kinds []bool, lefts []vg.Length, width vg.Length) {
	type heat struct {
		cloud    *analysis.Scatter
		against  gpw.Axis
		x, y     analysis.Range
		weights  []float64
		colors   signedScale
		positive bool
	}

	var all []heat
	for _, positive := range kinds {
		clouds := planes.Negative
		if positive {
			clouds = planes.Positive
		}

		for k, against := range []gpw.Axis{gpw.N, gpw.P} {
			x, y := planes.Ranges(clouds[k], against)
			weights := clouds[k].Heatmap(against, positive, x, y)
			all = append(all, heat{clouds[k], against, x, y, weights, weightScale(weights), positive})
		}
	}

	const above = tickSize / 2 // the number of a tick extends over the panel
	s.add(labelSize+6+above, func(c draw.Canvas, top vg.Length) {
		for k, positive := range kinds {
			name := map[bool]string{true: "Positive pair", false: "Negative pair"}[positive]
			if !planes.Swept {
				name += "s"
			}

			middle := (lefts[2*k] + lefts[2*k+1] + width) / 2
			style{size: labelSize, bold: true, align: 0.5}.write(c, vg.Point{X: middle, Y: top - labelSize - 2}, name)
		}
	})

	s.add(width+underX+4, func(c draw.Canvas, top vg.Length) {
		for k, h := range all {
			p := newPanel(lefts[k], top, width, width, newAxisX(h.x.Low, h.x.High, 5, width), newAxis(h.y.Low, h.y.High, 5))
			c.DrawImage(p.Rectangle, heatImage(h.weights, h.x.Cells, h.y.Cells, h.colors))
			p.frame(c)
			p.labelX(c, axisName(gpw.S, h.cloud, false))

			narrow := p.y.power != 0 // a power of ten takes the space of the formula
			p.labelY(c, axisName(h.against, h.cloud, narrow), "")
			if tally := h.cloud.Summary(h.positive); tally.Pairs == 0 {
				p.emptyLabel(c, "no such pair")
			}
		}
	})

	s.add(barHeight+underX, func(c draw.Canvas, top vg.Length) {
		for k, h := range all {
			h.colors.bar(c, lefts[k], top, width, "m·w")
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

var zeroColor = color.NRGBA{R: 0xe6, G: 0xe6, B: 0xe6, A: 255}

func (s signedScale) color(value float64) color.NRGBA {
	const fade = 0.15 // the share of the scale in which grey becomes viridis
	at := value / s.high
	switch {
	case value < 0:
		return blend(zeroColor, positiveColor, min(value/s.low, 1))
	case at < fade:
		return blend(zeroColor, viridis[len(viridis)-1], at/fade)
	}
	return viridisScale{fade, 1}.color(at)
}

func (s signedScale) bar(c draw.Canvas, left, top, width vg.Length, name string) {
	drawBar(c, s, s.viridisScale, left, top, width, name)
}

// heatmapRows writes the cells that have pairs.
func heatmapRows(emit func(...string), losses []*analysis.Heatmaps) {
	emit("loss", "parameters", "kind", "against", "pooling", "S", "value", "m_w_mean")
	for _, l := range losses {
		for _, positive := range []bool{false, true} {
			clouds := l.Negative
			if positive {
				clouds = l.Positive
			}

			for k, against := range []gpw.Axis{gpw.N, gpw.P} {
				cloud := clouds[k]
				x, y := l.Ranges(cloud, against)
				for j, w := range cloud.Heatmap(against, positive, x, y) {
					if math.IsNaN(w) {
						continue
					}
					emit(cloud.Loss, cloud.Caption, sideName(positive), against.String(), cloud.Pooling.String(),
						csvNumber(x.Middle(j%x.Cells)), csvNumber(y.Middle(j/x.Cells)), strconv.FormatFloat(w, 'g', 6, 64))
				}
			}
		}
	}
}

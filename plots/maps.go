package plots

import (
	"image"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// MapLosses is how many losses have room on a page of [Maps].
func (w Width) MapLosses() int { return [...]int{Page: 3, Column: 2}[w] }

// Maps shows the weight of pairs as colour over S and N, and over S and P, for negatives and for positives: a row for each loss, each map
// with its own scale of weights. Where there is no pair the map is white. It panics without a loss.
func Maps(losses []*analysis.Planes, width Width) *Figure {
	s := newSheet(width)
	var clouds []*analysis.Cloud
	for _, l := range losses {
		clouds = append(clouds, l.Negative[0])
	}
	title := ": weight of one pair over S, N and P"
	if !losses[0].Swept {
		title = ": weight over S, N and P on " + clouds[0].Dataset + atOneStep(clouds)
	}
	several := severalSteps(clouds) || rowName(clouds[0], clouds) != ""
	if several {
		s.heading(titled(clouds) + title)
	} else {
		s.heading(titled(clouds)+title, captions(clouds)...)
	}
	lines := [][]bool{{false, true}} // which kinds stand side by side
	if width == Column {
		lines = [][]bool{{false}, {true}}
	}
	lefts, panelWidth := s.places(2*len(lines[0]), mapsGap, false)
	for k, l := range losses {
		if several {
			set, height := named(nameAmong(clouds[k], clouds), parameters(clouds[k].Caption), s.inside())
			s.add(height, func(c draw.Canvas, top vg.Length) { set(c, margin, top) })
		}
		for _, kinds := range lines {
			s.maps(l, kinds, lefts, panelWidth)
		}
	}
	notes := []string{"Colour: mean of a cell. White: no pair.", weightNote(clouds[0])}
	if losses[0].Swept {
		notes = append(notes, analysis.SweepBatch)
	}
	notes = append(notes, similaritiesNote(clouds[0]))
	for _, l := range losses {
		if opposite(append(l.Positive[:], l.Negative[:]...)...) {
			notes = append(notes, oppositeNote)
			break
		}
	}
	s.note(append(notes, memoryNote(clouds...), sourceNote(clouds[0]))...)
	return s.figure(clouds[0], func(emit func(...string)) { mapRows(emit, losses) })
}

// mapsGap is the room between a map and the name of the axis right of it, in points.
const mapsGap = 9.0

// maps adds a line of maps and their colour bars.
func (s *sheet) maps(planes *analysis.Planes, kinds []bool, lefts []vg.Length, width vg.Length) {
	type heat struct {
		cloud    *analysis.Cloud
		against  analysis.Similarity
		x, y     analysis.Range
		weights  []float64
		colors   signed
		positive bool
	}
	var all []heat
	for _, positive := range kinds {
		clouds := planes.Negative
		if positive {
			clouds = planes.Positive
		}
		for k, against := range []analysis.Similarity{analysis.N, analysis.P} {
			x, y := planes.Ranges(clouds[k], against)
			weights := clouds[k].Map(against, positive, x, y)
			all = append(all, heat{clouds[k], against, x, y, weights, weightScale(weights), positive})
		}
	}
	s.add(labelSize+6+tickSize/2, func(c draw.Canvas, top vg.Length) { // the number of a tick reaches over the panel
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
			p.labelX(c, axisName(analysis.S, h.cloud, false))
			p.labelY(c, axisName(h.against, h.cloud, p.y.power != 0), "") // a power of ten takes the room of the formula
			if tally := h.cloud.Tally(h.positive); tally.Pairs == 0 {
				p.remark(c, "no such pair")
			}
		}
	})
	s.add(barHeight+underX, func(c draw.Canvas, top vg.Length) {
		for k, h := range all {
			h.colors.bar(c, lefts[k], top, width, "m·w")
		}
	})
}

// heatImage colours the cells, the first row below. Each is several pixels wide, because readers smooth small images.
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

// weightScale runs from 0, which is a light grey, to the largest weight; where some are below 0, over both signs alike.
func weightScale(weights []float64) signed {
	s := span{}
	for _, w := range weights {
		s.add(w)
	}
	if s.low < 0 {
		most := max(-s.low, s.high)
		return signed{scale{-most, most}}
	}
	return signed{newScale(s.low, s.high)}
}

// A signed scale has a light grey at zero, runs over viridis above it, and to vermilion below.
type signed struct{ scale }

var nothing = color.NRGBA{R: 0xe6, G: 0xe6, B: 0xe6, A: 255}

func (s signed) color(value float64) color.NRGBA {
	const fade = 0.15 // the share of the scale in which grey becomes viridis
	at := value / s.high
	switch {
	case value < 0:
		return mix(nothing, positiveColor, min(value/s.low, 1))
	case at < fade:
		return mix(nothing, viridis[len(viridis)-1], at/fade)
	}
	return scale{fade, 1}.color(at)
}

func (s signed) bar(c draw.Canvas, left, top, width vg.Length, name string) {
	drawBar(c, s, s.scale, left, top, width, name)
}

// mapRows are the cells that have pairs.
func mapRows(emit func(...string), losses []*analysis.Planes) {
	emit("loss", "parameters", "kind", "against", "pooling", "S", "value", "m_w_mean")
	for _, l := range losses {
		for _, positive := range []bool{false, true} {
			clouds := l.Negative
			if positive {
				clouds = l.Positive
			}
			for k, against := range []analysis.Similarity{analysis.N, analysis.P} {
				cloud := clouds[k]
				x, y := l.Ranges(cloud, against)
				for j, w := range cloud.Map(against, positive, x, y) {
					if math.IsNaN(w) {
						continue
					}
					emit(cloud.Loss, cloud.Caption, kind(positive), against.String(), cloud.Pooling.String(),
						field(x.Middle(j%x.Cells)), field(y.Middle(j/x.Cells)), strconv.FormatFloat(w, 'g', 6, 64))
				}
			}
		}
	}
}

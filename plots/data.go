package plots

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// DataRows are what [Data] shows of a file of rows. What there is not is empty.
type DataRows struct {
	Name            string
	Sizes           []int     // rows of the classes, descending
	Norms           []float64 // lengths of the rows
	Spectrum        []float64 // shares of the variance, descending
	Within, Between []float64 // similarities of pairs of one class, and of two
}

// The layout of data, in points.
const (
	dataPanel = 84.0 // height
	dataBins  = 40
)

// Data shows the rows of a file before anything is trained: the sizes of the classes, the
// lengths of the rows, the spectrum of their covariance, and the similarities of pairs
// within classes and between them. It draws no number that is not finite, and no length
// from 1e290 on.
func Data(as Print, d DataRows, notes ...string) *Figure {
	s := newLayout(as)
	s.heading("Rows of " + d.Name)
	draws := []func(c draw.Canvas, left, top, width vg.Length){
		func(c draw.Canvas, left, top, width vg.Length) { d.sizes(c, left, top, width) },
		func(c draw.Canvas, left, top, width vg.Length) { d.norms(c, left, top, width) },
		func(c draw.Canvas, left, top, width vg.Length) { d.spectrum(c, left, top, width) },
		func(c draw.Canvas, left, top, width vg.Length) { d.similarities(c, left, top, width) },
	}
	across := s.Options.Width.choose(4, 2)
	lefts, panelWidth := s.trainingColumns(across)
	for from := 0; from < len(draws); from += across {
		s.add(curveHead+dataPanel+underX+2, func(c draw.Canvas, top vg.Length) {
			for k := range across {
				draws[from+k](c, lefts[k], top-curveHead, panelWidth)
			}
		})
	}
	s.space(2)
	if len(d.Within)+len(d.Between) > 0 {
		notes = append(notes, "Dashed: pairs of one class. Solid: pairs of two.")
	}
	s.note(notes...)
	return s.plain(d.emit)
}

// title writes what a panel shows above it.
func (p panel) title(c draw.Canvas, text string) {
	st := style{size: labelSize}
	st.write(c, vg.Point{X: p.Min.X - trainingAxis + 4, Y: p.Max.Y + 6}, st.fit(text, p.Size().X+trainingAxis-4))
}

// sizes draws the rows of each class, the largest class first. Sizes that differ by more
// than tenfold are on a logarithmic axis.
func (d DataRows) sizes(c draw.Canvas, left, top, width vg.Length) {
	n := len(d.Sizes)
	x, y := axis{high: 1}, axis{high: 1}
	place := func(v int) float64 { return float64(v) }
	if n > 0 && d.Sizes[n-1] > 0 {
		x = newAxisX(0, float64(n), 4, width)
		if least, most := d.Sizes[n-1], d.Sizes[0]; most > 10*least {
			y = logAxis(span{float64(least), float64(most)})
			place = func(v int) float64 { return math.Log10(float64(v)) }
		} else {
			y = newAxis(0, 1.05*float64(most), 4)
		}
	}
	p := newPanel(left, top, width, dataPanel, x, y)

	var line []vg.Point
	for from := 0; from < n; {
		to := from
		for to < n && d.Sizes[to] == d.Sizes[from] {
			to++
		}
		v := place(d.Sizes[from])
		line = append(line, p.at(float64(from), v), p.at(float64(to), v))
		from = to
	}
	c.StrokeLines(draw.LineStyle{Color: inkColor, Width: trainingWidth}, line)
	p.finish(c, "rows of a class", "classes, largest first", n == 0)
}

// finish draws the frame, the numbers and the names of a panel.
func (p panel) finish(c draw.Canvas, title, x string, empty bool) {
	p.frame(c)
	p.numbersY(c)
	p.labelX(c, x)
	p.title(c, title)
	if empty {
		p.emptyLabel(c, "none")
	}
}

// A histogram is the shares of values in equal bins.
type histogram struct {
	low, step float64
	shares    []float64 // of 1
}

// newHistogram has no shares without values.
func newHistogram(s span, values []float64) histogram {
	low, high := s.widened()
	h := histogram{low: low, step: (high - low) / dataBins}
	if len(values) == 0 {
		return h
	}
	h.shares = make([]float64, dataBins)
	for _, v := range values {
		if onAxis(v) {
			h.shares[max(0, min(dataBins-1, int((v-low)/h.step)))] += 1 / float64(len(values))
		}
	}
	return h
}

// outline draws a histogram as a step.
func (p panel) outline(c draw.Canvas, h histogram, line draw.LineStyle) {
	if h.shares == nil {
		return
	}
	points := []vg.Point{p.at(h.low, 0)}
	for k, v := range h.shares {
		from := h.low + float64(k)*h.step
		points = append(points, p.at(from, 100*v), p.at(from+h.step, 100*v))
	}
	points = append(points, p.at(h.low+dataBins*h.step, 0))
	c.StrokeLines(line, points)
}

// highest returns an axis of percent for histograms.
func highest(all ...histogram) axis {
	most := 0.0
	for _, h := range all {
		for _, v := range h.shares {
			most = max(most, 100*v)
		}
	}
	if most == 0 {
		most = 100
	}
	return newAxis(0, 1.05*most, 4)
}

// onAxis says whether an axis can have v on it.
func onAxis(v float64) bool { return math.Abs(v) < 1e290 }

func spanOf(lists ...[]float64) span {
	s := newSpan()
	for _, values := range lists {
		for _, v := range values {
			if onAxis(v) {
				s.add(v)
			}
		}
	}
	if s.low > s.high {
		s = span{0, 1}
	}
	return s
}

// lengths is the span of the norms. That of rows at length 1 is widened, because rounding
// alone would fill it.
func (d DataRows) lengths() span {
	s := spanOf(d.Norms)
	if middle := (s.low + s.high) / 2; s.high-s.low < 0.01*middle {
		return span{0.99 * middle, 1.01 * middle}
	}
	return s
}

func (d DataRows) norms(c draw.Canvas, left, top, width vg.Length) {
	s := d.lengths()
	h := newHistogram(s, d.Norms)
	p := newPanel(left, top, width, dataPanel, s.similarityAxis(width), highest(h))
	if h.shares == nil {
		p.x, p.y = axis{high: 1}, axis{high: 1}
	}
	p.outline(c, h, draw.LineStyle{Color: inkColor, Width: trainingWidth})
	p.finish(c, "length, % of rows", "length of a row", len(d.Norms) == 0)
}

func (d DataRows) similarities(c draw.Canvas, left, top, width vg.Length) {
	s := spanOf(d.Within, d.Between)
	within, between := newHistogram(s, d.Within), newHistogram(s, d.Between)
	p := newPanel(left, top, width, dataPanel, s.similarityAxis(width), highest(within, between))
	if within.shares == nil && between.shares == nil {
		p.x, p.y = axis{high: 1}, axis{high: 1}
	}
	p.outline(c, between, trainingLine(false))
	p.outline(c, within, trainingLine(true))
	p.finish(c, "similarity, % of pairs", "cosine similarity", len(d.Within)+len(d.Between) == 0)
}

// spectrum draws the share of the variance of each component on logarithmic axes. Shares
// more than five decades below the first are not drawn.
func (d DataRows) spectrum(c draw.Canvas, left, top, width vg.Length) {
	s := newSpan()
	for _, v := range d.Spectrum {
		if v > 0 {
			s.add(100 * v)
		}
	}
	p := newPanel(left, top, width, dataPanel, components(len(d.Spectrum)), logAxis(s))
	if s.low > s.high {
		p.x, p.y = axis{high: 1}, axis{high: 1}
	}
	var line []vg.Point
	for k, v := range d.Spectrum {
		if at := math.Log10(100 * v); v > 0 && at >= p.y.low {
			line = append(line, p.at(math.Log10(float64(k+1)), at))
		}
	}
	if len(line) == 1 {
		line = append(line, vg.Point{X: line[0].X + trainingWidth, Y: line[0].Y})
	}
	c.StrokeLines(draw.LineStyle{Color: inkColor, Width: trainingWidth}, line)
	p.finish(c, "spectrum, % of variance", "component", len(line) == 0)
}

// components is the logarithmic axis of 1 to n.
func components(n int) axis {
	end := math.Log10(float64(max(n, 2)))
	a := logAxis(span{1, float64(max(n, 2))})
	a.low, a.high = -0.04*end, 1.04*end
	for k, v := range a.ticks {
		if v > a.high {
			a.ticks, a.labels = a.ticks[:k], a.labels[:k]
			break
		}
	}
	return a
}

// emit has a line for each class, component and bin.
func (d DataRows) emit(emit func(...string)) {
	emit("file", "panel", "kind", "from", "to", "value")
	for k, n := range d.Sizes {
		emit(d.Name, "class size", "", strconv.Itoa(k+1), strconv.Itoa(k+1), strconv.Itoa(n))
	}
	bins := func(panel, kind string, h histogram) {
		for k, v := range h.shares {
			emit(d.Name, panel, kind, csvNumber(h.low+float64(k)*h.step), csvNumber(h.low+float64(k+1)*h.step), csvNumber(v))
		}
	}
	bins("length", "", newHistogram(d.lengths(), d.Norms))
	for k, v := range d.Spectrum {
		emit(d.Name, "spectrum", "", fmt.Sprint(k+1), fmt.Sprint(k+1), csvNumber(v))
	}
	s := spanOf(d.Within, d.Between)
	bins("similarity", "within", newHistogram(s, d.Within))
	bins("similarity", "between", newHistogram(s, d.Between))
}

package plots

import (
	"image/color"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// An IntervalPanel is the rows of one data set, from the top down. A row that another
// panel has and this one lacks is left blank here.
type IntervalPanel struct {
	Dataset string
	Rows    []IntervalRow
}

// An IntervalRow is the mean of a row in one metric, with its interval. Figures are
// fractions of 1.
type IntervalRow struct {
	Name      string
	Mean      float64
	Low, High *float64 // nil without an interval
	Standing  Standing
}

// A Standing is how a row stands against the best of its data set.
type Standing string

// The standings, by the words of a table's CSV.
const (
	Best       Standing = "best"
	Tied       Standing = "tied"
	Worse      Standing = "worse"
	Uncompared Standing = ""
)

// standings are all of them, with what a legend calls them.
var standings = []struct {
	is   Standing
	name string
}{{Best, "best"}, {Tied, "tied with the best"}, {Worse, "worse"}, {Uncompared, "not compared"}}

// IntervalRows is how many rows have room on a page.
const IntervalRows = 40

// Intervals shows the means of rows with their intervals: a panel a data set, which share
// their rows but not their axes. The metric is named as on an axis; notes explain the
// intervals. It panics without a panel, and draws no number that is not finite.
func Intervals(as Print, metric string, panels []IntervalPanel, notes ...string) *Figure {
	s := newLayout(as)
	s.heading(metric + " with intervals")
	names := intervalNames(panels)
	s.standingLegend(panels)

	label := vg.Length(0)
	text := style{size: captionSize}
	for _, name := range names {
		label = max(label, text.width(name))
	}
	label = min(label, s.inside()*2/5)
	across := 3
	if s.Options.Width == Column {
		across = 1
	}
	letters := s.letters(len(panels))
	for from := 0; from < len(panels); from += across {
		s.intervalPanels(metric, names, panels[from:min(from+across, len(panels))], label, min(across, len(panels)), letters[from:])
	}

	if len(panels) > 1 {
		notes = append(notes, "The axes of data sets differ.")
	}
	s.note(notes...)
	return s.plain(func(emit func(...string)) {
		emit("dataset", "row", "metric", "mean", "low", "high", "standing")
		for _, p := range panels {
			for _, r := range p.Rows {
				emit(p.Dataset, r.Name, metric, csvNumber(r.Mean), csvOrEmpty(r.Low), csvOrEmpty(r.High), string(r.Standing))
			}
		}
	})
}

// intervalNames are the names of the rows of all panels, in their order.
func intervalNames(panels []IntervalPanel) []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range panels {
		for _, r := range p.Rows {
			if !seen[r.Name] {
				seen[r.Name] = true
				names = append(names, r.Name)
			}
		}
	}
	return names
}

// The layout of intervals, in points.
const (
	intervalLine = 11.0 // from row to row
	intervalGap  = 14.0 // between panels
	intervalHead = 14.0 // the name of the data set
	intervalMark = 2.2  // radius
)

// intervalPanels adds a line of panels, with the names of the rows on their left.
func (s *layout) intervalPanels(metric string, names []string, panels []IntervalPanel, label vg.Length, across int, letters []string) {
	height := vg.Length(len(names)) * intervalLine
	width := (s.inside()-label-8-margin-vg.Length(across-1)*intervalGap)/vg.Length(across) - 1
	s.add(intervalHead+height+underX+4, func(c draw.Canvas, top vg.Length) {
		at := func(k int) vg.Length { return top - intervalHead - (vg.Length(k)+0.5)*intervalLine }
		text := style{size: captionSize}
		for k, name := range text.shortPaths(names, label) {
			text.write(c, vg.Point{X: margin, Y: at(k) - 0.36*captionSize}, text.fit(name, label))
		}
		left := vg.Length(margin) + label + 8
		for k, data := range panels {
			p := newPanel(left, top-intervalHead, width, height, data.axis(width, s.X), axis{high: 1})
			writeLetter(c, p.Min.X, p.Max.Y+4, letters[k])
			name := style{size: labelSize, bold: true}
			name.write(c, vg.Point{X: p.Min.X, Y: p.Max.Y + 4}, name.fit(data.Dataset, width))
			p.intervals(c, names, data, at)
			p.frame(c)
			p.labelX(c, metric+", %")
			left += width + intervalGap
		}
	})
}

// axis is that of a panel, in percent, or has the limits.
func (d IntervalPanel) axis(width vg.Length, limits Limits) axis {
	if limits.set() {
		return newAxisX(limits.Low, limits.High, 6, width)
	}
	all := newSpan()
	for _, r := range d.Rows {
		all.add(100 * r.Mean)
		for _, v := range []*float64{r.Low, r.High} {
			if v != nil {
				all.add(100 * *v)
			}
		}
	}
	return all.similarityAxis(width)
}

// intervals draws the rows of a panel at the heights of their names.
func (p panel) intervals(c draw.Canvas, names []string, data IntervalPanel, at func(int) vg.Length) {
	of := map[string]IntervalRow{}
	for _, r := range data.Rows {
		of[r.Name] = r
	}
	for k, name := range names {
		y := at(k)
		c.StrokeLine2(draw.LineStyle{Color: paleColor, Width: lineWidth}, p.Min.X, y, p.Max.X, y)
		r, ok := of[name]
		if !ok {
			continue
		}
		x := func(v float64) vg.Length { return p.at(p.x.clamp(100*v), 0).X }
		if r.Low != nil && r.High != nil {
			c.StrokeLine2(draw.LineStyle{Color: r.Standing.color(), Width: 1}, x(*r.Low), y, x(*r.High), y)
		}
		if p.x.holds(100 * r.Mean) {
			r.Standing.draw(c, vg.Point{X: x(r.Mean), Y: y})
		}
	}
}

func (s Standing) color() color.NRGBA {
	switch s {
	case Best:
		return positiveColor
	case Tied:
		return negativeColor
	}
	return faintColor
}

// draw draws the mark of a row: a filled triangle is the best, a disc is tied, a ring is
// worse, and a small disc was not compared.
func (s Standing) draw(c draw.Canvas, at vg.Point) {
	var path vg.Path
	radius := vg.Length(intervalMark)
	form := disc
	switch s {
	case Best:
		form, radius = triangle, 1.2*intervalMark
	case Uncompared:
		radius = 0.6 * intervalMark
	}
	form.add(&path, at, radius)
	c.SetColor(s.color())
	if s != Worse {
		c.Fill(path)
		return
	}
	c.SetColor(whiteColor)
	c.Fill(path)
	c.SetColor(s.color())
	c.SetLineWidth(0.9)
	c.SetLineDash(nil, 0)
	c.Stroke(path)
}

// standingLegend adds what the marks of the panels are.
func (s *layout) standingLegend(panels []IntervalPanel) {
	used := map[Standing]bool{}
	for _, p := range panels {
		for _, r := range p.Rows {
			used[r.Standing] = true
		}
	}
	s.add(captionSize*leading+4, func(c draw.Canvas, top vg.Length) {
		at := vg.Point{X: margin + 4, Y: top - captionSize}
		text := style{size: captionSize}
		for _, k := range standings {
			if !used[k.is] {
				continue
			}
			k.is.draw(c, vg.Point{X: at.X, Y: at.Y + 0.36*captionSize})
			text.write(c, vg.Point{X: at.X + 7, Y: at.Y}, k.name)
			at.X += 7 + text.width(k.name) + 16
		}
	})
}

// pathStart is all but the last part of the path of a swept setting.
var pathStart = regexp.MustCompile(`([A-Za-z_]\w*\.)+([A-Za-z_]\w* )`)

// shortPaths has only the last part of each path in names, if one of them is wider than
// there is room.
func (s style) shortPaths(names []string, width vg.Length) []string {
	if !slices.ContainsFunc(names, func(name string) bool { return s.width(name) > width }) {
		return names
	}
	short := make([]string, len(names))
	for k, name := range names {
		short[k] = pathStart.ReplaceAllString(name, "$2")
	}
	return short
}

// fit cuts the middle out of a text that is wider than there is room: names differ in
// their ends.
func (s style) fit(text string, width vg.Length) string {
	letters := []rune(text)
	cut := text
	for n := len(letters) - 1; n > 1 && s.width(cut) > width; n-- {
		head := (2*n + 2) / 3
		cut = strings.TrimRight(string(letters[:head]), " ") + "…" + strings.TrimLeft(string(letters[len(letters)-n+head:]), " ")
	}
	return cut
}

// plain ends the layout of a figure without pair weights.
func (s *layout) plain(rows func(emit func(...string))) *Figure {
	f := s.figure(new(analysis.Scatter), rows)
	f.pooling = ""
	return f
}

func csvOrEmpty(v *float64) string {
	if v == nil {
		return ""
	}
	return csvNumber(*v)
}

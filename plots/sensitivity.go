package plots

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// A Sensitivity is a metric against one setting, on one data set a panel.
type Sensitivity struct {
	Path   string // of the setting
	Metric string // its key, for the data
	Title  string // of the metric in the drawing

	// Note says what a point is, in a sentence, where it is not the mean over seeds.
	Note string

	// Stacked draws points of one value at it, and not beside each other.
	Stacked bool

	// Labels are those of all rows that figures of one folder show, in one order. By it
	// each has its colour and mark. Labels that are not among them come after these.
	Labels []string

	Panels []SensitivityPanel

	series map[string]series // of the lines by name; nil for those of the lines here
	part   string            // says which page it is, "" for the only one
}

// A SensitivityPanel is what was measured on one data set.
type SensitivityPanel struct {
	Dataset, Source string
	Values          []SensitivityValue // in their order; more than none
	Log             bool               // the axis of values is logarithmic, whatever they span
	Lines           []SensitivityLine  // at most SensitivityLines; see Pages

	all   []SensitivityLine // those of all pages, which share their axes; nil for Lines
	level int               // level lines for which there is room; 0 for those here
}

// A SensitivityValue is a value of the setting: a word, or a number too.
type SensitivityValue struct {
	Text   string
	Number float64 // NaN of a word
}

// A SensitivityLine is a row of a table over the values.
type SensitivityLine struct {
	Name     string // a line of the figure is a name, in all panels
	Label    string // lines of one label have one colour and mark; "" for Name
	Constant bool   // the setting does not touch the row
	Points   []SensitivityPoint
}

// A SensitivityPoint is the mean over runs at one value with its 95 % interval, which is
// NaN for a single run.
type SensitivityPoint struct {
	Value           int // its number among those of the panel
	Mean, Low, High float64
	Runs            int

	Plain bool // drawn as it is: it is no fraction of 1, which is drawn in percent
}

// drawn is a figure of the point in the units of the drawing.
func (q SensitivityPoint) drawn(v float64) float64 {
	if q.Plain {
		return v
	}
	return 100 * v
}

// logarithmicFrom is the ratio of the largest to the smallest value from which an axis of
// values above 0 is logarithmic: then a linear one has most of them in its first third.
const logarithmicFrom = 30

// Measures of the drawing, in points.
const (
	sensitivityPanel = 120.0 // height
	sensitivityHead  = 14.0  // the name of a data set above it
	sensitivityGap   = 12.0
	pointRadius      = 1.7
	capWidth         = 1.6 // half of it, of an interval
	pointsApart      = 2.2 // points of several rows at one value
)

// Sensitivities shows a metric against a setting: a line for each row through the means
// of its runs, with their intervals, and a panel for each data set. The axis is
// logarithmic where the values are above 0 and span a factor of 30, and has words beside
// each other. A panel without values is left out, and so is a point without a mean or a
// value; without a panel the figure is empty.
func Sensitivities(as Print, data *Sensitivity) *Figure {
	if data = data.drawable(); len(data.Panels) == 0 {
		return new(Figure)
	}
	s := newLayout(as)
	s.heading(data.Title + " against " + data.Path)
	letters := s.letters(len(data.Panels))
	names := data.names()
	if data.series == nil {
		data.series = data.allSeries()
	}
	s.sensitivityLegend(data, names)

	across := min(len(data.Panels), 3)
	if s.Options.Width == Column {
		across = 1
	}
	lefts, panelWidth := s.panelColumns(across, sensitivityGap, false)
	for from := 0; from < len(data.Panels); from += across {
		row := data.Panels[from:min(from+across, len(data.Panels))]
		s.add(sensitivityHead+sensitivityPanel+underX, func(c draw.Canvas, top vg.Length) {
			for k := range row {
				p := newPanel(lefts[k], top-sensitivityHead, panelWidth, sensitivityPanel, row[k].axisX(panelWidth), row[k].axisY(s.Y))
				writeLetter(c, p.Min.X, top-labelSize, letters[from+k])
				style{size: labelSize, bold: true}.write(c, vg.Point{X: p.Min.X, Y: top - labelSize}, row[k].Dataset)
				p.sensitivity(c, data, &row[k])
				p.labelX(c, data.Path)
				if k == 0 {
					p.labelY(c, data.axisTitle(), "")
				} else {
					p.numbersY(c)
				}
			}
		})
	}

	s.note(data.notes(panelWidth)...)
	f := s.figure(new(analysis.Scatter), data.rows)
	f.pooling = "" // no weight is drawn
	return f
}

// drawable is what of the data can be drawn.
func (d *Sensitivity) drawable() *Sensitivity {
	if d == nil {
		return new(Sensitivity)
	}
	out := *d
	out.Panels = nil
	for _, p := range d.Panels {
		if len(p.Values) == 0 {
			continue
		}
		lines := p.Lines
		p.Lines = nil
		for _, l := range lines {
			l.Points = slices.DeleteFunc(slices.Clone(l.Points), func(q SensitivityPoint) bool {
				return q.Value < 0 || q.Value >= len(p.Values) || math.IsNaN(q.Mean) || math.IsInf(q.Mean, 0)
			})
			if len(l.Points) > 0 {
				p.Lines = append(p.Lines, l)
			}
		}
		out.Panels = append(out.Panels, p)
	}
	return &out
}

// names are those of the lines, each once.
func (d *Sensitivity) names() []string {
	var all []string
	seen := map[string]bool{}
	for _, p := range d.Panels {
		for _, l := range p.Lines {
			if !seen[l.Name] {
				seen[l.Name] = true
				all = append(all, l.Name)
			}
		}
	}
	return all
}

// isConstant reports whether a row is level in all panels.
func (d *Sensitivity) isConstant(name string) bool {
	for _, p := range d.Panels {
		for _, l := range p.Lines {
			if l.Name == name && !l.Constant {
				return false
			}
		}
	}
	return true
}

// sensitivityLegend adds how the rows are drawn, in as many columns as have room.
func (s *layout) sensitivityLegend(data *Sensitivity, names []string) {
	const sample, apart = 24, 12
	text := style{size: captionSize}
	widest := vg.Length(0)
	for _, name := range names {
		widest = max(widest, text.width(name))
	}
	columns := max(1, int((s.inside()+apart)/(sample+widest+apart)))
	width := s.inside() / vg.Length(columns)

	for from := 0; from < len(names); from += columns {
		row, height := names[from:min(from+columns, len(names))], vg.Length(0)
		var lines [][]string
		for _, name := range row {
			wrapped := text.wrap(name, width-sample)
			lines, height = append(lines, wrapped), max(height, linesHeight(wrapped, captionSize))
		}
		s.add(height, func(c draw.Canvas, top vg.Length) {
			for k := range row {
				how := data.series[row[k]]
				x, y := margin+vg.Length(k)*width, top-captionSize*(1-0.36)
				c.StrokeLine2(how.line, x, y, x+sample-4, y)
				how.mark(c, vg.Point{X: x + (sample-4)/2, Y: y})
				text.writeLines(c, vg.Point{X: x + sample, Y: top - captionSize}, lines[k])
			}
		})
	}
	s.space(4)
}

// sensitivity draws the lines of a panel. Points at one value are apart, and so are those
// of level lines, at the panel's right.
func (p panel) sensitivity(c draw.Canvas, data *Sensitivity, of *SensitivityPanel) {
	p.frame(c)
	names := data.names()
	moving, level := 0, 0
	for _, name := range names {
		if !data.isConstant(name) {
			moving++
		}
	}

	apart := vg.Length(pointsApart)
	if data.Stacked {
		apart = 0
	}
	shift := -apart * vg.Length(moving-1) / 2
	for _, name := range names {
		for _, l := range of.Lines {
			switch {
			case l.Name != name:
			case l.Constant:
				level++
				p.levelLine(c, data.series[name], l, p.Max.X-2*pointsApart*vg.Length(level))
			default:
				p.points(c, data.series[name], of, l, shift)
			}
		}
		if !data.isConstant(name) {
			shift += apart
		}
	}
	if len(of.Lines) == 0 {
		p.emptyLabel(c, "no run has it")
	}
}

// points draws a line through its points with their intervals.
func (p panel) points(c draw.Canvas, how series, of *SensitivityPanel, l SensitivityLine, shift vg.Length) {
	var path []vg.Point
	for _, q := range l.Points {
		if !p.y.holds(q.drawn(q.Mean)) { // with limits
			continue
		}
		at := p.at(of.place(q.Value), q.drawn(q.Mean))
		at.X += shift
		path = append(path, at)
		p.interval(c, how.line, at.X, q)
	}
	// Along the axis, whatever the order of the sweep.
	slices.SortStableFunc(path, func(a, b vg.Point) int { return cmp.Compare(a.X, b.X) })
	c.StrokeLines(how.line, path)
	for _, at := range path {
		how.mark(c, at)
	}
}

// interval draws the interval of a point with a cap at each end.
func (p panel) interval(c draw.Canvas, how draw.LineStyle, x vg.Length, q SensitivityPoint) {
	if math.IsNaN(q.Low) || math.IsNaN(q.High) {
		return
	}
	line := draw.LineStyle{Color: how.Color, Width: 0.6}
	low, high := p.at(p.x.low, p.y.clamp(q.drawn(q.Low))).Y, p.at(p.x.low, p.y.clamp(q.drawn(q.High))).Y
	c.StrokeLine2(line, x, low, x, high)
	c.StrokeLine2(line, x-capWidth, low, x+capWidth, low)
	c.StrokeLine2(line, x-capWidth, high, x+capWidth, high)
}

// text is the mean of the point in words.
func (q SensitivityPoint) text() string {
	if q.Plain {
		return strconv.FormatFloat(q.Mean, 'g', 4, 64)
	}
	return strconv.FormatFloat(100*q.Mean, 'f', 1, 64)
}

// axisTitle is that of the vertical axes, with the unit.
func (d *Sensitivity) axisTitle() string {
	if d.plain() {
		return d.Title
	}
	return d.Title + ", %"
}

// plain reports whether the points are drawn as they are.
func (d *Sensitivity) plain() bool {
	for _, p := range d.Panels {
		for _, l := range p.axisLines() {
			for _, q := range l.Points {
				return q.Plain
			}
		}
	}
	return false
}

// numeric reports whether the values are numbers.
func (d *SensitivityPanel) numeric() bool {
	for _, v := range d.Values {
		if math.IsNaN(v.Number) || math.IsInf(v.Number, 0) {
			return false
		}
	}
	return true
}

// logarithmic reports whether their axis is.
func (d *SensitivityPanel) logarithmic() bool {
	if !d.numeric() {
		return false
	}
	s := newSpan()
	for _, v := range d.Values {
		s.add(v.Number)
	}
	return s.low > 0 && s.low < s.high && (d.Log || s.high/s.low >= logarithmicFrom)
}

// place is where a value is on the axis.
func (d *SensitivityPanel) place(value int) float64 {
	switch {
	case d.logarithmic():
		return math.Log10(d.Values[value].Number)
	case d.numeric():
		return d.Values[value].Number
	}
	return float64(value)
}

// axisX has a tick at every value, and its text where there is room for it.
func (d *SensitivityPanel) axisX(length vg.Length) axis {
	s := newSpan()
	for k := range d.Values {
		s.add(d.place(k))
	}
	pad := 0.08 * (s.high - s.low)
	if pad == 0 {
		pad = max(1, math.Abs(s.low)/2)
	}
	a := axis{low: s.low - pad, high: s.high + pad}
	level := d.level
	if level == 0 {
		level = levels(d.Lines)
	}
	// Beside the points there is room for those of level lines.
	if room := 2 * pointsApart * vg.Length(level+1); level > 0 && room < length/2 {
		a.high += (a.high - a.low) * float64(room/(length-room))
	}

	text := style{size: tickSize}
	order := make([]int, len(d.Values)) // from left to right
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(d.place(a), d.place(b)) })
	end := vg.Length(math.Inf(-1))
	for _, k := range order {
		at, label := d.place(k), d.valueText(k)
		x, half := vg.Length(a.at(at))*length, text.numberWidth(label)/2
		if x-half < end {
			label = ""
		} else {
			end = x + half + text.width("0")/2
		}
		a.ticks, a.labels = append(a.ticks, at), append(a.labels, label)
	}
	return a
}

// valueText is the number below a value: as it was written or, where one value was
// written with an exponent, as a power of ten.
func (d *SensitivityPanel) valueText(k int) string {
	exponent := slices.ContainsFunc(d.Values, func(v SensitivityValue) bool { return !math.IsNaN(v.Number) && strings.ContainsAny(v.Text, "eE") })
	if v := d.Values[k]; !exponent || math.IsNaN(v.Number) {
		return v.Text
	}
	return powerText(d.Values[k].Number)
}

// notes say what is drawn, as far as it is there.
func (d *Sensitivity) notes(width vg.Length) []string {
	least, most, single, constant, logarithmic, hidden := math.MaxInt, 0, false, false, false, false
	for _, p := range d.Panels {
		logarithmic = logarithmic || p.logarithmic()
		for _, label := range p.axisX(width).labels {
			hidden = hidden || label == ""
		}
		for _, l := range p.Lines {
			constant = constant || l.Constant
			for _, q := range l.Points {
				least, most = min(least, q.Runs), max(most, q.Runs)
				single = single || q.Runs < 2
			}
		}
	}

	n := []string{"Points are means over runs that differ in their seed, " + runsText(least, most) + "."}
	if d.Note != "" {
		n, most, single = []string{d.Note}, 0, false
	}
	if most > 1 {
		n = append(n, "Bars are 95 % intervals of the mean by Student’s t; they cover what the seed varies, and nothing else. Points of one value are drawn a little apart.")
	}
	if single {
		n = append(n, "A point of one run has no interval.")
	}
	if constant {
		n = append(n, "Level lines with one point, at the right: rows that "+d.Path+" does not change.")
	}
	n = append(n, d.outsideNote(), d.part)
	if logarithmic {
		n = append(n, "The horizontal axis is logarithmic.")
	}
	if hidden {
		n = append(n, "Ticks without a number are values for which there is no room; the data have them.")
	}
	for _, p := range d.Panels {
		if p.Source != "" {
			n = append(n, p.Dataset+": "+p.Source+".")
		}
	}
	return n
}

func runsText(least, most int) string {
	switch {
	case least > most:
		return "none"
	case least == most && most == 1:
		return "one each"
	case least == most:
		return strconv.Itoa(most) + " each"
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most) + " each"
}

// rows are the points as data, fractions of 1. A level line has a row for every value.
func (d *Sensitivity) rows(emit func(...string)) {
	emit("dataset", "row", "setting", "value", "constant", "metric", "n", "mean", "low", "high")
	for _, p := range d.Panels {
		for _, l := range p.Lines {
			for _, q := range l.Points {
				emit(p.Dataset, l.Name, d.Path, p.Values[q.Value].Text, strconv.FormatBool(l.Constant), d.Metric, strconv.Itoa(q.Runs), csvNumber(q.Mean), csvNumber(q.Low), csvNumber(q.High))
			}
		}
	}
}

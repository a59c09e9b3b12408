package plots

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A RankDiagram is the average ranks of rows over data sets, best first.
type RankDiagram struct {
	Metric   string
	Datasets []string
	Rows     []string
	Ranks    []float64 // 1 is the best

	// CriticalDifference is the difference of ranks from which on two rows differ
	// apart, and Groups are the sets of rows, as places in Rows, that are not.
	CriticalDifference *float64
	Groups             [][]int
}

// Ranks shows average ranks on one axis, as Demšar, JMLR 7, 2006, figure 1, does: the
// best are on the right, rows that a bar joins are tied, and the critical difference is
// above. Notes explain the test. It panics with fewer than two rows.
func Ranks(as Print, d RankDiagram, notes ...string) *Figure {
	if len(d.Rows) < 2 {
		panic("plots: ranks of fewer than two rows")
	}
	s := newLayout(as)
	s.heading(fmt.Sprintf("Average ranks in %s over %d data sets", d.Metric, len(d.Datasets)))
	s.space(4)
	s.rankDiagram(d)
	s.note(append([]string{"1 is the best; rows that a bar joins are not told apart."}, notes...)...)
	return s.plain(func(emit func(...string)) {
		emit("row", "metric", "rank", "datasets", "critical_difference", "groups")
		for k, row := range d.Rows {
			groups := ""
			for g, group := range d.Groups {
				for _, member := range group {
					if member == k {
						groups += fmt.Sprintf("%d ", g+1)
					}
				}
			}
			if groups != "" {
				groups = groups[:len(groups)-1]
			}
			emit(row, d.Metric, csvNumber(d.Ranks[k]), fmt.Sprint(len(d.Datasets)), csvOrEmpty(d.CriticalDifference), groups)
		}
	})
}

// The layout of ranks, in points.
const (
	rankLine  = 10.0 // from name to name
	rankBar   = 4.5  // from bar to bar
	rankHead  = 22.0 // the critical difference and the numbers above the axis
	rankElbow = 5.0  // a name's distance from its line
)

// rankDiagram adds the axis, the bars below it, and the names: the better half on the
// right, from the top down, and the others on the left, from the bottom up.
func (s *layout) rankDiagram(d RankDiagram) {
	n := len(d.Rows)
	left := (n + 1) / 2
	text := style{size: captionSize}
	room := vg.Length(0)
	for _, name := range d.Rows {
		room = max(room, text.width(name))
	}
	room = min(room, s.inside()*3/10)
	width := s.inside() - 2*(room+rankElbow+3)
	bars := vg.Length(len(d.Groups))*rankBar + 4
	head := vg.Length(rankHead)
	if d.CriticalDifference != nil && !d.beside(width) {
		head += tickSize + 1
	}
	height := head + bars + vg.Length(left)*rankLine + 4

	s.add(height, func(c draw.Canvas, top vg.Length) {
		from := vg.Length(margin) + room + rankElbow + 3
		a := rankAxis(n, width)
		at := func(rank float64) vg.Length { return from + vg.Length(1-a.at(rank))*width }
		y := top - head
		line := draw.LineStyle{Color: inkColor, Width: lineWidth}
		c.StrokeLine2(line, from, y, from+width, y)
		for k, v := range a.ticks {
			c.StrokeLine2(line, at(v), y, at(v), y+tickLength)
			style{size: tickSize, align: 0.5}.write(c, vg.Point{X: at(v), Y: y + tickLength + 2}, a.labels[k])
		}
		d.criticalDifference(c, from, top, width, at)

		for k, group := range d.Groups {
			bar := y - vg.Length(k+1)*rankBar
			low, high := d.Ranks[group[0]], d.Ranks[group[len(group)-1]]
			c.StrokeLine2(draw.LineStyle{Color: negativeColor, Width: 2}, at(high)-2, bar, at(low)+2, bar)
		}
		for k, name := range text.shortPaths(d.Rows, room) {
			x := at(d.Ranks[k])
			row, edge, align := k, from+width+rankElbow, 0.0
			if k >= left {
				row, edge, align = n-1-k, from-rankElbow, 1
			}
			below := y - bars - (vg.Length(row)+0.5)*rankLine
			c.StrokeLines(line, []vg.Point{{X: x, Y: y}, {X: x, Y: below}, {X: edge, Y: below}})
			end := edge + 2
			if k >= left {
				end = edge - 2
			}
			style{size: captionSize, align: align}.write(c, vg.Point{X: end, Y: below - 0.36*captionSize}, text.fit(name, room))
		}
	})
}

// rankAxis is an axis of ranks from 1 to n, with as many numbers as have room.
func rankAxis(n int, width vg.Length) axis {
	for step := 1; ; step++ {
		a := axis{low: 1, high: float64(n)}
		for v := 1; v <= n; v += step {
			a.ticks, a.labels = append(a.ticks, float64(v)), append(a.labels, fmt.Sprint(v))
		}
		if len(a.ticks) <= 14 && !a.overlapping(width) {
			return a
		}
	}
}

// criticalName names the critical difference. It says where the axis is shorter.
func (d RankDiagram) criticalName() (name string, longer bool) {
	name = fmt.Sprintf("critical difference %.2f", *d.CriticalDifference)
	if longer = 1+*d.CriticalDifference > float64(len(d.Rows)); longer {
		name += ": longer than the axis"
	}
	return name, longer
}

// beside reports whether the name of the critical difference has room right of its bar.
func (d RankDiagram) beside(width vg.Length) bool {
	name, longer := d.criticalName()
	end := vg.Length(rankAxis(len(d.Rows), width).at(1+*d.CriticalDifference)) * width
	return longer || end+4+style{size: tickSize}.width(name) <= width+margin
}

// criticalDifference draws its length above the axis, or says that it is longer.
func (d RankDiagram) criticalDifference(c draw.Canvas, from, top, width vg.Length, at func(float64) vg.Length) {
	text := style{size: tickSize}
	y := top - tickSize
	if d.CriticalDifference == nil {
		return
	}
	name, longer := d.criticalName()
	if longer {
		text.write(c, vg.Point{X: from, Y: y}, name)
		return
	}
	n := float64(len(d.Rows)) // the left end of the axis
	end := at(n - *d.CriticalDifference)
	line := draw.LineStyle{Color: inkColor, Width: lineWidth}
	bar := y + 0.36*tickSize
	c.StrokeLine2(line, from, bar, end, bar)
	for _, x := range []vg.Length{from, end} {
		c.StrokeLine2(line, x, bar-2, x, bar+2)
	}
	if d.beside(width) {
		text.write(c, vg.Point{X: end + 4, Y: y}, name)
		return
	}
	text.write(c, vg.Point{X: from, Y: y - tickSize - 1}, name)
}

package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// swept is a figure of losses with some variants each, and of a level line at a value.
func swept(losses, variants int, level float64) *Sensitivity {
	p := SensitivityPanel{Dataset: "cub", Values: []SensitivityValue{{"1", 1}, {"2", 2}}}
	nan := math.NaN()
	for v := range variants { // a loss's lines do not stand together
		for l := range losses {
			line := SensitivityLine{Name: fmt.Sprintf("loss %d (x %d)", l, v), Label: fmt.Sprint("loss ", l)}
			for k := range 2 {
				line.Points = append(line.Points, SensitivityPoint{k, 0.5 + 0.01*float64(l) + 0.001*float64(v+k), nan, nan, 1, false})
			}
			p.Lines = append(p.Lines, line)
		}
	}
	p.Lines = append(p.Lines, SensitivityLine{Name: "raw", Label: "raw", Constant: true, Points: []SensitivityPoint{{0, level, nan, nan, 1, false}, {1, level, nan, nan, 1, false}}})
	return &Sensitivity{Path: "x", Metric: "recall@1", Title: "R@1", Panels: []SensitivityPanel{p}}
}

// Pages have every row once, no loss is divided that has room on a page, and all pages
// have the axes and the series of the whole.
func TestSensitivityPages(t *testing.T) {
	for _, c := range []struct{ losses, variants, pages int }{{3, 3, 1}, {4, 3, 2}, {1, 25, 3}, {35, 1, 4}, {12, 4, 6}} {
		d := swept(c.losses, c.variants, 0.5)
		pages := d.Pages()
		if len(pages) != c.pages {
			t.Errorf("%+v: %d pages", c, len(pages))
		}
		whole := d.drawable()
		series := whole.allSeries()
		axis := fmt.Sprint(whole.Panels[0].axisY(Limits{}))
		on, met := map[string]int{}, map[string]int{}
		for k, page := range pages {
			names := page.names()
			if len(names) > SensitivityLines {
				t.Errorf("%+v: %d rows on page %d", c, len(names), k)
			}
			for _, l := range page.Panels[0].Lines {
				met[l.Name]++
				if at, seen := on[l.Label]; seen && at != k && c.variants <= SensitivityLines {
					t.Errorf("%+v: %s is on pages %d and %d", c, l.Label, at, k)
				}
				on[l.Label] = k
				if fmt.Sprint(page.series[l.Name]) != fmt.Sprint(series[l.Name]) {
					t.Errorf("%+v: %s is drawn otherwise on page %d", c, l.Name, k)
				}
			}
			if got := fmt.Sprint(page.Panels[0].axisY(Limits{})); got != axis {
				t.Errorf("%+v: page %d has the axis %s, the whole %s", c, k, got, axis)
			}
			if a, b := page.Panels[0].axisX(150), pages[0].Panels[0].axisX(150); a.low != b.low || a.high != b.high {
				t.Errorf("%+v: page %d has another horizontal axis", c, k)
			}
			said := strings.Contains(strings.Join(page.notes(150), " "), fmt.Sprintf("Part %d of %d", k+1, c.pages))
			if said != (c.pages > 1) {
				t.Errorf("%+v: page %d says its number: %v", c, k, said)
			}
			checkLayout(t, Sensitivities(Page, page))
			checkLayout(t, Sensitivities(Column, page))
		}
		if len(met) != c.losses*c.variants+1 {
			t.Errorf("%+v: %d rows on the pages", c, len(met))
		}
		for name, n := range met {
			if n != 1 {
				t.Errorf("%+v: %s is on %d pages", c, name, n)
			}
		}
	}
	if pages := (*Sensitivity)(nil).Pages(); len(pages) != 1 {
		t.Errorf("nothing has %d pages", len(pages))
	}
}

// The variants of a loss have its colour and mark and differ otherwise, of one loss alone
// too. Which rows a figure leaves out changes no colour of the others.
func TestSensitivityColors(t *testing.T) {
	look := func(s series) string { return fmt.Sprint(s.line.Color, s.form) }
	for losses, want := range map[int]int{1: 2, 3: 4} { // and a level line
		d := swept(losses, 4, 0.5)
		of := d.allSeries()
		colors, lines := map[string]bool{}, map[string]bool{}
		for _, name := range d.names() {
			colors[look(of[name])], lines[fmt.Sprint(of[name])] = true, true
		}
		if len(colors) != want || len(lines) != len(d.names()) {
			t.Errorf("%d losses and a level line have %d colours and %d of %d looks", losses, len(colors), len(lines), len(d.names()))
		}
	}

	whole := swept(3, 4, 0.5)
	for _, l := range whole.Panels[0].Lines {
		whole.Labels = append(whole.Labels, l.label())
	}
	part := *whole
	part.Panels = []SensitivityPanel{whole.Panels[0]}
	part.Panels[0].Lines = part.Panels[0].Lines[5:]
	every, some := whole.allSeries(), part.allSeries()
	for _, name := range part.names() {
		if look(every[name]) != look(some[name]) {
			t.Errorf("%s has another colour where rows are left out", name)
		}
	}
}

// A level row far from the others does not make them flat: it has an arrow, and its value
// is said. The rows that move span 0.5 to 0.523, so the axis is at most twice as long.
func TestSensitivityOutliers(t *testing.T) {
	for level, outside := range map[float64]bool{0.08: true, 0.9: true, 0.49: false, 0.53: false} {
		d := swept(3, 2, level)
		y := d.Panels[0].axisY(Limits{})
		if y.high-y.low > 2*2.3*1.2 {
			t.Errorf("level %v: the axis is from %v to %v", level, y.low, y.high)
		}
		want := fmt.Sprintf("Arrows: level rows beyond the axis, which shows the rows that x changes (cub: raw %.1f).", 100*level)
		if got := look(Sensitivities(Page, d)).says("raw " + fmt.Sprintf("%.1f", 100*level)); got != outside {
			t.Errorf("level %v: its value is said: %v", level, got)
		}
		if got := slices.Contains(d.notes(150), want); got != outside {
			t.Errorf("level %v: the arrow is explained: %v in %q", level, got, d.notes(150))
		}
	}
}

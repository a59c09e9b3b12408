package plots

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// panelsOf are n rows on some data sets, the first of which is the best.
func panelsOf(n int, datasets ...string) []IntervalPanel {
	var panels []IntervalPanel
	for d, name := range datasets {
		p := IntervalPanel{Dataset: name}
		for k := range n {
			mean := 0.6 - 0.01*float64(k) + 0.1*float64(d)
			low, high := mean-0.05, mean+0.04
			r := IntervalRow{Name: fmt.Sprintf("Row of some length %d", k+1), Mean: mean, Low: &low, High: &high, Standing: Worse}
			switch {
			case k == 0:
				r.Standing = Best
			case k < 4:
				r.Standing = Tied
			case k == n-1:
				r.Low, r.High, r.Standing = nil, nil, Uncompared
			}
			p.Rows = append(p.Rows, r)
		}
		panels = append(panels, p)
	}
	return panels
}

func diagramOf(n int) RankDiagram {
	d := RankDiagram{Metric: "MAP@R", Datasets: []string{"a", "b", "c", "d", "e"}}
	cd := 3.4
	d.CriticalDifference = &cd
	for k := range n {
		d.Rows, d.Ranks = append(d.Rows, fmt.Sprintf("Row of some length %d", k+1)), append(d.Ranks, 1.2+float64(k)*(float64(n)-1.4)/float64(n-1))
	}
	for from := 0; from+3 < n; from += 2 {
		d.Groups = append(d.Groups, []int{from, from + 1, from + 2, from + 3})
	}
	return d
}

func curvesOf(n, seeds int) Curves {
	c := Curves{Dataset: "birds", Quantity: "MAP@R on held-out classes", Unit: "%", Shared: true}
	for k := range n {
		r := LearningCurve{Name: fmt.Sprintf("Row of a considerable length %d", k+1), Seeds: seeds, Chosen: []float64{40, 60}}
		for s := range 11 {
			y := 30 + float64(k) + float64(s)*0.8 - float64(s*s)*0.05
			r.Steps, r.Mean = append(r.Steps, float64(20*s)), append(r.Mean, y)
			r.Low, r.High = append(r.Low, y-0.7), append(r.High, y+0.9)
		}
		c.Rows = append(c.Rows, r)
	}
	return c
}

// No text of the figures of a comparison leaves the page or runs into other text, on a
// page and in a column, with few rows and with many.
func TestComparisonLayouts(t *testing.T) {
	for _, width := range []Width{Page, Column} {
		for _, n := range []int{2, 14, IntervalRows} {
			for _, datasets := range [][]string{{"birds"}, {"birds (synthetic)", "cars", "flowers", "things"}} {
				checkLayout(t, Intervals(width, "MAP@R", panelsOf(n, datasets...), "A note."))
			}
			checkLayout(t, Ranks(width, diagramOf(n)))
		}
		for _, n := range []int{1, 9, LearningCurvePanels} {
			checkLayout(t, LearningCurves(width, curvesOf(n, 3)))
			one := curvesOf(n, 1)
			one.Shared = false
			checkLayout(t, LearningCurves(width, one, "Losses have scales of their own."))
		}
	}
	longer := diagramOf(3)
	far := 12.0
	longer.CriticalDifference = &far
	if p := look(Ranks(Page, longer)); !p.says("critical difference 12.00: longer than the axis") {
		t.Error(p.text())
	}
}

// The data beside a figure are those that it was given, and are known as gpw's own.
func TestComparisonData(t *testing.T) {
	for name, c := range map[string]struct {
		f    *Figure
		want string
		rows int
	}{
		"intervals": {Intervals(Page, "R@1", panelsOf(5, "birds", "cars")), "cars,Row of some length 2,R@1,0.69,0.64,0.73,tied", 11},
		"ranks":     {Ranks(Page, diagramOf(6)), "Row of some length 3,MAP@R,3.04,5,3.4,1 2", 7},
		"curves":    {LearningCurves(Page, curvesOf(2, 3)), "birds,Row of a considerable length 2,MAP@R on held-out classes,3,40,32.4,31.7,33.3,1", 23},
	} {
		data, err := c.f.CSV()
		if err != nil || !IsFigure("csv", data) || !strings.Contains(string(data), c.want+"\n") {
			t.Errorf("%s: error %v, lacks %s:\n%s", name, err, c.want, data)
		}
		if rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll(); err != nil || len(rows) != c.rows {
			t.Errorf("%s: %d rows, error %v", name, len(rows), err)
		}
		if text, err := c.f.JSON(); err != nil || bytes.Contains(text, []byte("pooling")) || bytes.Contains(text, []byte("NaN")) {
			t.Errorf("%s: %s, error %v", name, text, err)
		}
		checkSVG(t, c.f, name, name)
	}
}

// The best row, the tied ones and the others have marks of their own, and a legend of
// those that are there.
func TestStandings(t *testing.T) {
	p := look(Intervals(Page, "R@1", panelsOf(6, "birds")))
	for _, want := range []string{"best", "tied with the best", "worse", "not compared", "R@1, %"} {
		if !p.says(want) {
			t.Errorf("the figure does not say %q: %s", want, p.text())
		}
	}
	if p := look(Intervals(Page, "R@1", panelsOf(3, "birds"))); p.says("worse") {
		t.Error("the legend has a mark that is not there")
	}
}

// A name that has no room keeps both its ends.
func TestFit(t *testing.T) {
	text := style{size: captionSize}
	const name = "Multi-Similarity of the paper, λ 0.5"
	if got := text.fit(name, text.width(name)); got != name {
		t.Errorf("with room it is %q", got)
	}
	got := text.fit(name, text.width(name)/2)
	if !strings.HasPrefix(got, "Multi-S") || !strings.HasSuffix(got, "0.5") || text.width(got) > text.width(name)/2 {
		t.Errorf("without room it is %q", got)
	}
}

// Few curves fill the width of the page, and every column of panels says what is on its
// horizontal axis, every line what is on its vertical one.
func TestLearningCurvesFillTheWidth(t *testing.T) {
	for _, width := range []Width{Page, Column} {
		for n := 1; n <= 6; n++ {
			d := curvesOf(n, 2)
			d.Axis, d.Shared = "MAP@R", false // a panel a row
			p := look(LearningCurves(width, d))
			across := grid(n, width.choose(4, 2), 9)
			right, steps, lines := vg.Length(0), 0, 0
			for _, l := range p.lines {
				switch l.text {
				case "200": // the last number of the horizontal axis
					right = max(right, l.box.Max.X)
				case "step":
					steps++
				case "MAP@R, %":
					lines++
				}
			}
			if right < width.length()-4*margin {
				t.Errorf("%d panels end at %v of %v", n, right, width.length())
			}
			if steps != across || lines != (n+across-1)/across {
				t.Errorf("%d panels, %d in a line: %d have steps, %d lines have a name", n, across, steps, lines)
			}
		}
	}
	if p := look(LearningCurves(Page, curvesOf(1, 1))); p.says("range of the seeds") || !p.says("one seed a row") {
		t.Errorf("one seed has a band: %s", p.text())
	}
}

// Where panels leave a place of their lines free, it says what is drawn, and no text is
// in the way of other text. Lines without a free place have no key.
func TestLearningCurvesKey(t *testing.T) {
	for n, free := range map[int]bool{8: false, 9: true, 11: true} {
		d := curvesOf(n, 2)
		d.Shared = true
		f := LearningCurves(Column, d)
		checkLayout(t, f)
		p := look(f)
		last, key, found := vg.Rectangle{}, vg.Rectangle{}, 0
		for _, l := range p.lines {
			switch l.text {
			case letterOf(n - 1):
				last = l.box
			case "mean over seeds", "range of seeds", "other rows":
				key = l.box
				found++
			}
		}
		if want := map[bool]int{true: 3}[free]; found != want {
			t.Errorf("%d panels have a key of %d, want %d", n, found, want)
		}
		if free && (key.Min.X < Column.length()/2 || key.Min.Y > last.Max.Y || last.Min.X > Column.length()/2) {
			t.Errorf("%d panels: the key is at %v, the letter of the last at %v", n, key, last)
		}
	}
}

// Where a name has no room, all have the last part of their paths.
func TestShortPaths(t *testing.T) {
	text := style{size: captionSize}
	names := []string{"NCA (head.dim 64)", "MS 1.5 a (losses.ms.params.beta 1e-4, head.dim 64)", "e.g. x"}
	if got := text.shortPaths(names, 1000); !slices.Equal(got, names) {
		t.Errorf("with room they are %q", got)
	}
	want := []string{"NCA (dim 64)", "MS 1.5 a (beta 1e-4, dim 64)", "e.g. x"}
	if got := text.shortPaths(names, 100); !slices.Equal(got, want) {
		t.Errorf("without room they are %q", got)
	}
}

// The note on the axes of several data sets stands below no figure of one.
func TestIntervalAxesNote(t *testing.T) {
	for _, datasets := range [][]string{{"birds"}, {"birds", "cars"}} {
		said := false
		for _, l := range look(Intervals(Page, "MAP@R", panelsOf(3, datasets...))).lines {
			said = said || strings.Contains(l.text, "axes of data sets")
		}
		if said != (len(datasets) > 1) {
			t.Errorf("%d data sets: the note is there: %v", len(datasets), said)
		}
	}
}

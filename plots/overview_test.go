package plots

import (
	"slices"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

func TestOverviewSays(t *testing.T) {
	var all []*analysis.Scatter
	for _, name := range table1 {
		all = append(all, batch(t, name, 8))
	}
	p := look(Overview(all, gpw.S, Page))
	var titles []string
	for _, c := range all {
		titles = append(titles, c.Title)
		if !p.says(c.Title + " " + c.Caption) {
			t.Errorf("%s is not there with its parameters %q", c.Title, c.Caption)
		}
	}
	var order []string
	for _, l := range p.lines {
		if slices.Contains(titles, l.text) {
			order = append(order, l.text)
		}
	}
	if !slices.Equal(order, titles) {
		t.Errorf("the losses are in the order %q, want %q", order, titles)
	}
	for _, want := range []string{"Weights of pairs on Cars-196 at step 0", "positive pairs", "negative pairs", "m = 32.", "The batch is the same for all losses."} {
		if !p.says(want) {
			t.Errorf("%q is not said", want)
		}
	}
	if n := strings.Count(p.text(), "similarity S"); n != 3 {
		t.Errorf("S is named %d times, want once below each column", n)
	}
}

// The names of the axes are shorter than their panels, with a power of ten, too.
func TestOverviewAxisNamesHaveRoom(t *testing.T) {
	c := &analysis.Scatter{Anchors: 1, Title: "Small", Pairs: []gpw.Pair{{S: 0.1, G: 0.003}, {S: 0.2, G: -0.001, Positive: true}}}
	for _, width := range []Width{Page, Column} {
		names := 0
		for _, l := range look(Overview([]*analysis.Scatter{c, c}, gpw.S, width)).lines {
			if strings.HasPrefix(l.text, "m·w / 10") {
				names++
				if high := l.box.Max.Y - l.box.Min.Y; high > 0.8*overviewPanel {
					t.Errorf("%q is %v high, its panel %v", l.text, high, overviewPanel)
				}
			}
		}
		if names != 4 {
			t.Errorf("%d names, want 4", names)
		}
	}
}

func TestOverviewOfDifferentBatches(t *testing.T) {
	if look(Overview([]*analysis.Scatter{batch(t, "nca", 8), batch(t, "nca", 9)}, gpw.S, Page)).says("The batch is the same") {
		t.Error("two batches are said to be the same")
	}
}

func TestOverviewCurveBreaksWhereNoPairIs(t *testing.T) {
	c := &analysis.Scatter{Anchors: 1, Title: "Gap", Pairs: []gpw.Pair{{S: 0.01, G: 1}, {S: 0.06, G: 2}, {S: 0.91, G: 3}}}
	f := Overview([]*analysis.Scatter{c}, gpw.S, Page)
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	// Of the two curves, over two intervals and over one, each is a path of its own: 4 and 2 corners.
	corners := map[int]int{}
	for _, path := range strings.Split(string(svg), "<path d=\"")[1:] {
		if strings.Contains(path[:strings.Index(path, "/>")], "stroke-width:0.6") {
			corners[strings.Count(path[:strings.Index(path, `"`)], ",")]++
		}
	}
	if corners[4] != 1 || corners[2] != 2 { // the sample in the legend is the other of two corners
		t.Errorf("corners of curves and how many have them: %v", corners)
	}
}

// The legend of an overview is there once: above the losses, or in the place that they
// leave free.
func TestOverviewLegend(t *testing.T) {
	for n, above := range map[int]bool{2: true, 3: false} {
		var batches []*analysis.Scatter
		for _, name := range table1[:n] {
			batches = append(batches, batch(t, name, 8))
		}
		f := Overview(batches, gpw.S, Column)
		checkLayout(t, f)
		found := 0
		for _, l := range look(f).lines {
			if l.text == "positive pairs, above" || l.text == "positive pairs," {
				found++
				if top := l.box.Min.Y > f.height*0.8; top != above || !above && l.box.Min.X < Column.length()/2 {
					t.Errorf("%d losses: the legend is at %v of %v", n, l.box, f.height)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d losses have %d legends", n, found)
		}
	}
}

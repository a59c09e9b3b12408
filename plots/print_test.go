package plots

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/losses"
)

// groupWith is a group of weights between two, of these sizes.
func groupWith(low, high float64, sizes ...float64) weightGroup {
	g := weightGroup{low: low, high: high}
	for _, size := range sizes {
		g.add(size)
	}
	return g
}

// A figure chooses the scale of weights by its data: losses within a decade share an
// axis, others have one each, and weights that a linear axis would bury have a
// logarithmic one.
func TestScaleIsChosen(t *testing.T) {
	even := groupWith(0, 1, 0.4, 0.6, 1)
	near := groupWith(-2, 8, 2, 4, 8)
	far := groupWith(0, 100, 40, 60, 100)
	buried := groupWith(0, 1, 1e-4, 1e-3, 1)
	for name, test := range map[string]struct {
		groups []weightGroup
		as     Options
		want   Scale
	}{
		"alone":             {[]weightGroup{even}, Options{}, SharedScale},
		"within a decade":   {[]weightGroup{even, near}, Options{}, SharedScale},
		"decades apart":     {[]weightGroup{even, far}, Options{}, OwnScale},
		"buried":            {[]weightGroup{even, buried}, Options{}, LogScale},
		"buried, to limits": {[]weightGroup{buried}, Options{Y: Limits{0, 1}}, SharedScale},
		"without weight":    {[]weightGroup{{}, even}, Options{}, SharedScale},
		"asked for":         {[]weightGroup{even, buried}, Options{Scale: NormalisedScale}, NormalisedScale},
	} {
		if got := test.as.scaleOf(test.groups); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// Axes of a scale hold every weight, at the place that their numbers say.
func TestWeightAxes(t *testing.T) {
	small, large := groupWith(0, 0.5, 0, 0.001, 0.5), groupWith(-20, 100, 20, 100)
	two := []weightGroup{small, large}
	own := Options{}.weightAxes(OwnScale, two, 5)
	if own[0].high > 1 || own[1].high < 100 || own[0].signed || !own[1].signed {
		t.Errorf("own: %v and %v", own[0], own[1])
	}
	shared := Options{}.weightAxes(SharedScale, two, 5)
	if shared[0].high != shared[1].high || shared[0].low > -20 {
		t.Errorf("shared: %v and %v", shared[0], shared[1])
	}
	normal := Options{}.weightAxes(NormalisedScale, two, 5)
	if normal[0].place(0.5) != 1 || normal[1].place(100) != 1 || normal[0].low != normal[1].low || !normal[1].holds(normal[1].place(-20)) {
		t.Errorf("normalised: %v and %v", normal[0], normal[1])
	}
	log := Options{}.weightAxes(LogScale, two, 5)[0]
	if log.place(100) != 2 || log.place(-20) != math.Log10(20) || log.place(0) != log.zero || log.place(1e-9) != log.zero || log.labels[0] != "0" {
		t.Errorf("log: %+v", log)
	}
	if log.zero >= log.base || !log.holds(log.zero) || log.place(0.0011) < log.base {
		t.Errorf("the place of zero is %v, that of numbers from %v on", log.zero, log.base)
	}
	if a := (Options{Y: Limits{0.1, 10}}).weightAxes(LogScale, two, 5)[0]; math.Abs(a.low+1) > 1e-12 || a.high != 1 || a.holds(a.place(0)) {
		t.Errorf("log within limits: %+v", a)
	}
}

// What is chosen of a print is in the drawing or not, and in the files either way.
func TestOptions(t *testing.T) {
	c := batch(t, "multi_similarity", 8)
	both := []*analysis.Scatter{c, batch(t, "circle", 8)}
	plain := look(Compare(both, nil, Options{}))
	if !plain.says("Weights of pairs on Cars-196") || !plain.says("w = |∂L/∂S|") || !plain.says("a") {
		t.Errorf("of the defaults: %s", plain.text())
	}
	f := Compare(both, nil, Options{Width: Column, NoTitle: true, NoCaption: true, NoLetters: true})
	p := look(f)
	for _, l := range p.lines {
		if l.text == "a" || strings.Contains(l.text, "Weights of pairs") || strings.Contains(l.text, "|∂L") {
			t.Errorf("%q is there", l.text)
		}
	}
	checkLayout(t, f)
	var data struct{ Title, Caption string }
	text, err := f.JSON()
	if err != nil || json.Unmarshal(text, &data) != nil || !strings.Contains(data.Title, "Weights of pairs") || !strings.Contains(data.Caption, "w = |∂L/∂S|") {
		t.Errorf("%v: title %q, caption %q", err, data.Title, data.Caption)
	}
	svg, err := f.SVG()
	if err != nil || !bytes.Contains(svg, []byte("</title><desc>w = |∂L/∂S|")) {
		t.Errorf("%v: the drawing has no description", err)
	}
	if p := look(Weights(Options{Title: "Mine"}, c)); !p.says("Mine") || p.says("weights of pairs") {
		t.Errorf("another title: %s", p.text())
	}
	if p := look(Weights(Options{X: Limits{5, 6}}, c)); !p.says("none within the limits") {
		t.Errorf("beyond the limits: %s", p.text())
	}
}

// Pages that are full fit on a page of a paper with all their sentences.
func TestFullPagesFit(t *testing.T) {
	var all []*analysis.Scatter
	for len(all) < Page.OverviewLosses() {
		all = append(all, batch(t, table1[len(all)%len(table1)], 8))
	}
	ms := batch(t, "multi_similarity", 8)
	later := *ms
	later.Step = 199
	steps := []*analysis.Scatter{ms, &later}
	maps := []*analysis.Heatmaps{ms.Heatmaps(), later.Heatmaps()}
	run := history(t, "multi_similarity", 60)
	sweeps := sweepsOf(t, "multi_similarity")
	for _, width := range []Width{Page, Column} {
		for name, f := range map[string]*Figure{
			"overview": Overview(all[:width.OverviewLosses()], gpw.S, width), "weights": Weights(width, steps...), "against": Against(width, steps...),
			"maps": Heatmaps(maps, width), "compare": Compare(all[:3], []*analysis.Sweep{sweeps[0], sweeps[0], sweeps[0]}, width), "training": Training(width, run),
			"sweeps": Sweeps([][]*analysis.Sweep{sweeps, sweeps}, width), "curves": LearningCurves(width, curvesOf(LearningCurvePanels/2, 3)),
		} {
			if _, height := f.Size(); height > MostHeight {
				t.Errorf("%s of width %d is %.2f inches high", name, width, height)
			}
			checkLayout(t, f)
		}
	}
}

// No line of panels is nearly empty: nine stand three by three, and four two by two.
func TestGrid(t *testing.T) {
	for _, test := range []struct{ n, most, rows, want int }{
		{1, 3, 4, 1}, {2, 3, 4, 2}, {3, 3, 4, 3}, {4, 3, 4, 2}, {5, 3, 4, 3}, {9, 4, 9, 3}, {8, 4, 9, 4}, {10, 3, 4, 3}, {9, 2, 5, 2}, {0, 3, 4, 1},
	} {
		if got := grid(test.n, test.most, test.rows); got != test.want {
			t.Errorf("%d of at most %d in %d lines: %d, want %d", test.n, test.most, test.rows, got, test.want)
		}
	}
	p := look(Overview([]*analysis.Scatter{batch(t, "nca", 8), batch(t, "triplet", 8)}, gpw.S, Page))
	right := vg.Length(0)
	for _, l := range p.lines {
		if l.text == "similarity S" {
			right = max(right, l.box.Max.X)
		}
	}
	if right < 0.7*Page.length() {
		t.Errorf("of two losses the right one is in the middle of the page, at %v", right)
	}
}

// A family has a line for each value and a dashed one for the loss's own, a bar, and
// data.
func TestFamilies(t *testing.T) {
	f := Family{Parameter: "lambda", Symbol: "λ", Own: 0.5, Usual: sweepsOf(t, "contrastive")}
	for _, v := range []float64{0.4, 0.5, 0.6} {
		c, err := losses.Choose(losses.Catalogue, "contrastive")
		if err != nil {
			t.Fatal(err)
		}
		if c.Value, err = losses.With(c.Value, "lambda", v); err != nil {
			t.Fatal(err)
		}
		one := FamilyOne{Value: v}
		for _, moves := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
			s, err := analysis.NewSweep(c, moves, gpw.Pooling{})
			if err != nil {
				t.Fatal(err)
			}
			one.Sweeps = append(one.Sweeps, s)
		}
		f.Members = append(f.Members, one)
	}
	f.Members = append(f.Members, FamilyOne{Value: math.NaN(), Sweeps: f.Usual}, FamilyOne{Value: 0.7})
	for _, width := range []Width{Page, Column} {
		drawn := Families(width, f)
		checkLayout(t, drawn)
		p := look(drawn)
		for _, want := range []string{"Contrastive for λ from 0.4 to 0.6", "m·w, negative", "Dashed black line", "λ 0.5, which the loss has"} {
			if !p.says(want) {
				t.Errorf("%q is not said in: %s", want, p.text())
			}
		}
		if p.images != 1 || p.dashes != 6 {
			t.Errorf("%d images and %d dashed lines, want a bar and a line in each of 6 panels", p.images, p.dashes)
		}
	}
	data, err := Families(Page, f).CSV()
	if err != nil || !IsFigure("csv", data) || bytes.Count(data, []byte(",lambda,0.6,")) != 3*2*401 {
		t.Errorf("error %v, %d rows of 0.6", err, bytes.Count(data, []byte(",lambda,0.6,")))
	}
	if _, err := Families(Page, Family{}).SVG(); err == nil {
		t.Error("a family of nothing is a figure")
	}
	f.Own = math.NaN()
	f.Usual = nil
	if p := look(Families(Page, f)); p.says("Dashed") || p.dashes != 0 {
		t.Errorf("without a value of its own: %s", p.text())
	}
}

// A weight is written with two digits, and from ten on whole.
func TestCompactNumber(t *testing.T) {
	for v, want := range map[float64]string{130: "130", 12.4: "12", -56.3: "−56", 1234.4: "1,234", 0.0123: "0.012", 3.14: "3.1", 2e6: "2 · 10^6", 0.00002: "2 · 10^−5", 0: "0"} {
		if got := plainNumber(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// A thinned line passes every point of the whole one at less than its slack, keeps its
// ends and corners, and a straight one is its ends.
func TestThinned(t *testing.T) {
	var path, level []vg.Point
	for k := range 401 {
		x := float64(k) / 4
		y := 40 / (1 + math.Exp(50-x))
		if x > 80 {
			y = 3
		}
		path, level = append(path, vg.Point{X: vg.Length(x), Y: vg.Length(y)}), append(level, vg.Point{X: vg.Length(x), Y: 7})
	}
	got := thinned(path)
	if len(got) > len(path)/4 || got[0] != path[0] || got[len(got)-1] != path[400] {
		t.Fatalf("%d of %d points, from %v to %v", len(got), len(path), got[0], got[len(got)-1])
	}
	for _, p := range path {
		nearest := math.Inf(1)
		for k := 1; k < len(got); k++ {
			a, b := got[k-1], got[k]
			if p.X >= a.X && p.X <= b.X {
				along := b.Sub(a)
				nearest = min(nearest, math.Abs(float64(along.X*(p.Y-a.Y)-along.Y*(p.X-a.X)))/math.Hypot(float64(along.X), float64(along.Y)))
			}
		}
		if nearest > lineSlack {
			t.Errorf("%v is %v from the line", p, nearest)
		}
	}
	if got := thinned(level); len(got) != 2 {
		t.Errorf("a level line has %d points", len(got))
	}
}

// The heading of a family has no value of the parameter that is varied.
func TestFamilyParameters(t *testing.T) {
	f := Family{Symbol: "λ"}
	for caption, want := range map[string]string{"α 2, β 40, λ 0.5, MS mining ε 0.1": "α 2, β 40, MS mining ε 0.1", "λ 0.5": "no other parameters", "": "no parameters"} {
		if got := strings.ReplaceAll(f.others(caption), "\u00a0", " "); got != want {
			t.Errorf("%q: %q, want %q", caption, got, want)
		}
	}
}

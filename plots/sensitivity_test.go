package plots

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sensitivity is a figure of two moving rows and a level one over values.
func sensitivity(values ...any) *Sensitivity {
	nan := math.NaN()
	p := SensitivityPanel{Dataset: "cub", Source: "made up"}
	lines := []SensitivityLine{{Name: "a"}, {Name: "b"}, {Name: "level", Constant: true}}
	for k, v := range values {
		number, ok := v.(float64)
		if !ok {
			number = nan
		}
		p.Values = append(p.Values, SensitivityValue{fmt.Sprint(v), number})
		mean := 0.5 + 0.01*float64(k)
		lines[0].Points = append(lines[0].Points, SensitivityPoint{k, mean, mean - 0.02, mean + 0.02, 3, false})
		lines[1].Points = append(lines[1].Points, SensitivityPoint{k, mean - 0.1, nan, nan, 1, false})
		lines[2].Points = append(lines[2].Points, SensitivityPoint{k, 0.4, 0.39, 0.41, 5, false})
	}
	p.Lines = lines
	return &Sensitivity{Path: "optimizer.lr", Metric: "recall@1", Title: "R@1", Panels: []SensitivityPanel{p}}
}

// The axis is logarithmic from a factor of 30 between values above 0 on, linear for other
// numbers, and has words at equal distances; every value has a tick.
func TestSensitivityAxis(t *testing.T) {
	for _, c := range []struct {
		values      []any
		logarithmic bool
		places      []float64
	}{
		{[]any{1.0, 29.9}, false, []float64{1, 29.9}},
		{[]any{30.0, 1.0}, true, []float64{math.Log10(30), 0}},
		{[]any{0.0, 100.0}, false, []float64{0, 100}},
		{[]any{-1.0, 100.0}, false, []float64{-1, 100}},
		{[]any{1e-5, 1e-4, 1e-1}, true, []float64{-5, -4, -1}},
		{[]any{"sgd", "adam"}, false, []float64{0, 1}},
		{[]any{"none", 1.0, 100.0}, false, []float64{0, 1, 2}},
		{[]any{7.0}, false, []float64{7}},
	} {
		p := &sensitivity(c.values...).Panels[0]
		a := p.axisX(150)
		for k, want := range c.places {
			if at := p.place(k); math.Abs(at-want) > 1e-12 {
				t.Errorf("%v: value %d is at %v, want %v", c.values, k, at, want)
			}
			if !slices.Contains(a.ticks, p.place(k)) || !slices.Contains(a.labels, p.valueText(k)) {
				t.Errorf("%v: ticks %v %q lack value %d", c.values, a.ticks, a.labels, k)
			}
			if at := a.at(p.place(k)); at <= 0.02 || at >= 0.98 {
				t.Errorf("%v: value %d is at %v of the axis, want it inside", c.values, k, at)
			}
		}
		if p.logarithmic() != c.logarithmic {
			t.Errorf("%v: logarithmic is %v", c.values, p.logarithmic())
		}
	}
}

// Numbers without room are left out of the axis and not drawn over each other.
func TestSensitivityCrowdedAxis(t *testing.T) {
	var values []any
	for k := range 60 {
		values = append(values, float64(10000+k))
	}
	d := sensitivity(values...)
	a := d.Panels[0].axisX(150)
	end, shown := -1.0, 0
	for k, v := range a.ticks {
		if a.labels[k] == "" {
			continue
		}
		half := float64(style{size: tickSize}.width(a.labels[k])) / 2
		if at := 150 * a.at(v); at-half < end {
			t.Errorf("%s begins at %v, the one before ends at %v", a.labels[k], at-half, end)
		} else {
			end = at + half
		}
		shown++
	}
	if shown < 3 || len(a.ticks) != 60 {
		t.Errorf("%d of %d ticks have numbers", shown, len(a.ticks))
	}
	if notes := strings.Join(d.notes(150), " "); !strings.Contains(notes, "Ticks without a number") {
		t.Errorf("notes %q", notes)
	}
}

// Data and drawing have the same points: one mark each, an interval for those of several
// runs, and in the legend a mark a row.
func TestSensitivityDrawing(t *testing.T) {
	d := sensitivity(1e-5, 1e-4, 1e-2)
	f := Sensitivities(Page, d)
	table, err := f.CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+3*3 || strings.Join(rows[1], "|") != "cub|a|optimizer.lr|1e-05|false|recall@1|3|0.5|0.48|0.52" || strings.Join(rows[4], "|") != "cub|b|optimizer.lr|1e-05|false|recall@1|1|0.4||" {
		t.Errorf("csv %q", rows)
	}
	if !IsFigure("csv", table) {
		t.Error("its data are not known as those of a figure")
	}

	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"NaN": false, "Level lines with one point": true, "A point of one run has no interval": true, "is logarithmic": true, "R@1, %": true, "1 to 5 each": true} {
		if strings.Contains(string(svg), text) != want {
			t.Errorf("the drawing has %q: %v, want %v", text, !want, want)
		}
	}
	// A filled path a point and a row of the legend; three strokes of 0.6 an interval.
	if marks := len(regexp.MustCompile(`<path [^>]*style="fill:#(?:0072B2|D55E00|009E73)[^"]*"`).FindAll(svg, -1)); marks != 3+3+1+3 {
		t.Errorf("%d marks, want 10", marks)
	}
	if strokes := len(regexp.MustCompile(`stroke-width:0\.6[;"]`).FindAll(svg, -1)); strokes != 3*(3+1) {
		t.Errorf("%d strokes of intervals, want 12", strokes)
	}

	text, err := f.JSON()
	if err != nil || !json.Valid(text) || bytes.Contains(text, []byte("pooling")) {
		t.Errorf("json %s (%v)", text, err)
	}
	again, err := Sensitivities(Page, sensitivity(1e-5, 1e-4, 1e-2)).SVG()
	if err != nil || !bytes.Equal(svg, again) {
		t.Errorf("drawn again, it has other bytes (%v)", err)
	}
}

func first(data []byte, _ error) []byte { return data }

// Whatever there is to show, nothing that is no number is drawn, and what lacks is said.
func TestSensitivityEdges(t *testing.T) {
	for _, d := range []*Sensitivity{nil, {}, {Panels: []SensitivityPanel{{Dataset: "cub"}}}} {
		if svg, err := Sensitivities(Page, d).SVG(); string(svg) != string(first(new(Figure).SVG())) {
			t.Errorf("%+v is drawn (%v)", d, err)
		}
	}

	equal, empty, one, many := sensitivity(1.0, 2.0), sensitivity(1.0, 2.0), sensitivity("only"), sensitivity(1.0, 2.0)
	for k := range equal.Panels[0].Lines {
		for j := range equal.Panels[0].Lines[k].Points {
			q := &equal.Panels[0].Lines[k].Points[j]
			q.Mean, q.Low, q.High = 1, 1, 1
		}
	}
	empty.Panels[0].Lines = nil
	none := sensitivity(1.0, 2.0) // nothing of it has a place
	for k := range none.Panels[0].Lines {
		none.Panels[0].Lines[k].Points = []SensitivityPoint{{Value: 2, Mean: 0.5}, {Value: -1, Mean: 0.5}, {Value: 0, Mean: math.NaN()}}
	}
	for range 6 {
		many.Panels = append(many.Panels, many.Panels[0])
	}
	for name, d := range map[string]*Sensitivity{"equal": equal, "empty": empty, "one": one, "many": many, "none": none} {
		for _, width := range []Width{Page, Column} {
			f := Sensitivities(width, d)
			checkSVG(t, f, "sensitivity", name)
			svg, err := f.SVG()
			if err != nil || bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
				t.Errorf("%s: a number is none (%v)", name, err)
			}
			if (name == "empty" || name == "none") && !bytes.Contains(svg, []byte("no run has it")) {
				t.Errorf("%s: nothing is said", name)
			}
			if _, err := f.PDF(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

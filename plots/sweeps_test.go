package plots

import (
	"encoding/json"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// A figure of sweeps names its losses with their parameters, what moves, and the batch;
// lines of weights a decade apart are divided.
func TestSweepsSay(t *testing.T) {
	p := look(Sweeps([][]*analysis.Sweep{sweepsOf(t, "contrastive"), sweepsOf(t, "circle")}, Page))
	for _, want := range []string{
		"Contrastive λ 0.5", "Circle m 0.4, γ 80", "The pair moves", "The other negatives move", "The other positives move",
		"w / largest, negative", "w / largest, positive", "largest m·w 112 negative, 192 positive", "N = S − mean neg.", "P = S − mean pos.", "positives lie at 0.6 ± 0.1", "divided by the largest of the loss",
	} {
		if !p.says(want) {
			t.Errorf("%q is not said in: %s", want, p.text())
		}
	}
	if q := look(Sweeps([][]*analysis.Sweep{sweepsOf(t, "contrastive")}, Page)); q.says("largest") || !q.says("m·w, negative") {
		t.Errorf("one loss is divided by its largest weight: %s", q.text())
	}
	if q := look(SweepMultiples([][]*analysis.Sweep{sweepsOf(t, "supcon")}, Page)); !q.says("Below 0") || !q.says("SupCon τ 0.1") || q.dashes == 0 {
		t.Errorf("a loss that changes its sign: %s", q.text())
	}
}

// Two presets have shared axes, and the largest weight of each is told: of λ = 1 it is
// next to nothing, and so the axis of the negatives is logarithmic. The sweep is of
// another batch.
func TestCompareSays(t *testing.T) {
	paper, official := batch(t, "multi_similarity.paper", 8), batch(t, "multi_similarity.official", 8)
	alone := []*analysis.Sweep{sweepsOf(t, "multi_similarity.paper")[0], sweepsOf(t, "multi_similarity.official")[0]}
	f := Compare([]*analysis.Scatter{paper, official}, alone, Page)
	p := look(f)
	for _, want := range []string{"λ 1, MS mining", "λ 0.5, MS mining", "m·w, log, negatives", "A negative pair of another batch, a synthetic one, moves alone", "The batch is the same", "at most"} {
		if !p.says(want) {
			t.Errorf("%q is not said in: %s", want, p.text())
		}
	}
	if n := strings.Count(p.text(), "m·w, log, negatives"); n != 1 {
		t.Errorf("the axis of the negatives is named %d times, want once for both", n)
	}
	if c := paper.Summary(false); c.Max > 1e-6 {
		t.Errorf("λ = 1 gives a negative the weight %v", c.Max)
	}
	if p := look(Compare([]*analysis.Scatter{paper, official}, nil, Page)); p.says("alone") || p.says("synthetic") {
		t.Error("sweeps are there that nobody gave")
	}
}

// A loss that pushes positives away has a range of weights, and one that does not has the
// largest alone.
func TestCompareSaysTheRange(t *testing.T) {
	c := batch(t, "supcon", 8)
	if tally := c.Summary(true); tally.Opposite == 0 {
		t.Fatal("supcon pushes no positive away")
	}
	tally := analysis.Summary{Pairs: 20, Weighted: 20, Opposite: 3, Min: -5.6, Max: 2.5}
	text := ""
	for _, r := range pairsAndLargest(tally) {
		text += r.text
	}
	if want := "20 pairs,\u00a0−5.6\u00a0to\u00a02.5"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	if p := look(Compare([]*analysis.Scatter{c}, nil, Page)); !p.says(" to ") {
		t.Errorf("no range in: %s", p.text())
	}
}

// Maps of a kind have one bar, white where there is no pair, and the sign where it
// changes.
func TestMapsSay(t *testing.T) {
	c := batch(t, "supcon", 8)
	p := look(Heatmaps([]*analysis.Heatmaps{c.Heatmaps()}, Page))
	if p.images != 6 || !p.says("White: no pair") || !p.says("Cars-196 at step 0") || !p.says("Below 0") {
		t.Errorf("%d images, want 4 maps and 2 bars: %s", p.images, p.text())
	}
	s := weightScale([]float64{-2, 1, 0})
	if s.color(0) != zeroColor || s.color(-2) != positiveColor || s.color(-9) != positiveColor || s.color(2) != viridis[0] {
		t.Errorf("the signed scale runs from %v over %v to %v", s.color(-2), s.color(0), s.color(2))
	}
}

// Batches of one loss at two steps have the step of each in its name, and the title none.
func TestStepsAreNamed(t *testing.T) {
	first, last := batch(t, "contrastive", 8), batch(t, "contrastive", 8)
	last.Step = 199
	both := []*analysis.Scatter{first, last}
	for name, f := range map[string]*Figure{
		"maps":    Heatmaps([]*analysis.Heatmaps{first.Heatmaps(), last.Heatmaps()}, Page),
		"compare": Compare(both, nil, Page), "overview": Overview(both, gpw.S, Page),
	} {
		if p := look(f); !p.says(first.Title+" at step 0") || !p.says(first.Title+" at step 199") || p.says(first.Dataset+" at step") {
			t.Errorf("%s: %s", name, p.text())
		}
	}
	last.Step = first.Step
	for name, f := range map[string]*Figure{"compare": Compare(both, nil, Page), "overview": Overview(both, gpw.S, Page)} {
		if p := look(f); !p.says(first.Dataset+" at step 0") || p.says(first.Title+" at step") {
			t.Errorf("%s of one step: %s", name, p.text())
		}
	}
}

// The pooling is named on every axis of N and P, in the note, in the columns of the data,
// and in the JSON.
func TestPoolingIsNamed(t *testing.T) {
	c := batch(t, "nca", 8)
	c.Pooling = gpw.Pooling{Scale: 2.5}
	for name, f := range map[string]*Figure{
		"weights": Weights(Page, c), "against": Against(Page, c), "overview": Overview([]*analysis.Scatter{c}, gpw.N, Page),
		"maps": Heatmaps([]*analysis.Heatmaps{c.Heatmaps()}, Page),
	} {
		axis, note := "N = S − LSE 2.5 neg.", "log-mean-exp, at scale 2.5"
		if name == "weights" || name == "maps" { // which show what N is counted from
			axis, note = "LSE 2.5 of other neg", "log-mean-exp at scale 2.5 of the anchor’s other negatives is S − N"
		}
		if p := look(f); !p.says(axis) || !p.says(note) || p.says("mean neg.") || p.says("mean of other") {
			t.Errorf("%s: %s", name, p.text())
		}
		data, err := f.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Title, Pooling string
			Columns        []string
			Rows           [][]any
		}
		if err := json.Unmarshal(data, &got); err != nil || got.Pooling != "log_sum_exp:2.5" || got.Title == "" || len(got.Rows) == 0 || len(got.Rows[0]) != len(got.Columns) {
			t.Errorf("%s: JSON of %q, pooling %q, %d columns, %d rows, %v", name, got.Title, got.Pooling, len(got.Columns), len(got.Rows), err)
		}
	}
	if p := look(Against(Column, c)); !p.says("N (LSE 2.5)") {
		t.Errorf("a narrow axis: %s", p.text())
	}
}

// A weight below zero is set off by a line at zero, however little below it is.
func TestZeroLine(t *testing.T) {
	c := &analysis.Scatter{Anchors: 1, Title: "Nearly", Pairs: []gpw.Pair{{S: 0.1, G: 1}, {S: 0.2, G: -0.001}}}
	if p := look(Overview([]*analysis.Scatter{c}, gpw.S, Page)); p.dashes != 1 {
		t.Errorf("%d lines at zero, want 1", p.dashes)
	}
}

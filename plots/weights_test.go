package plots

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

func TestWeightsSays(t *testing.T) {
	first, last := batch(t, "multi_similarity", 8), batch(t, "multi_similarity", 8)
	last.Step = 1199
	p := look(Weights(Page, first, last))
	for _, want := range []string{
		"Multi-Similarity: weights of pairs on Cars-196",
		"α 2, β 40, λ 0.5, MS mining ε 0.1", "the number of anchors, m = 32",
		"Positive pairs", "Negative pairs", "step 0", "step 1,199", "similarity S",
		"mean of other negatives", "mean of other positives", "is S − N", "m·w, log", "half on ", "96 pairs, ", "896 pairs, ", // 32·3 and 32·28
		"w = |∂L/∂S|",
	} {
		if !p.says(want) {
			t.Errorf("%q is not said in: %s", want, p.text())
		}
	}
	for _, no := range []string{"Grey", "elow 0", " -"} {
		if p.says(no) {
			t.Errorf("%q is said in: %s", no, p.text())
		}
	}
	if p.images != 4 {
		t.Errorf("%d images, want the 4 colour bars: there are few pairs", p.images)
	}
}

func TestMemoryIsSaid(t *testing.T) {
	plain, banked := batch(t, "contrastive", 8), batch(t, "contrastive", 8)
	banked.Memory = true
	for name, draw := range map[string]func(*analysis.Scatter) *Figure{
		"weights":  func(c *analysis.Scatter) *Figure { return Weights(Page, c) },
		"compare":  func(c *analysis.Scatter) *Figure { return Compare([]*analysis.Scatter{plain, c}, nil, Page) },
		"overview": func(c *analysis.Scatter) *Figure { return Overview([]*analysis.Scatter{plain, c}, gpw.S, Page) },
		"maps":     func(c *analysis.Scatter) *Figure { return Heatmaps([]*analysis.Heatmaps{c.Heatmaps()}, Page) },
	} {
		if !look(draw(banked)).says("with a memory bank") || look(draw(plain)).says("memory") {
			t.Errorf("%s: the memory must be said where it is, and nowhere else", name)
		}
	}
}

func TestWeightsOfManyPairsAreAnImage(t *testing.T) {
	c := batch(t, "contrastive", 30) // 360 positives, 13,920 negatives
	if p := look(Weights(Page, c)); p.images != 4+2 {
		t.Errorf("%d images, want 4 colour bars and the 2 panels of negatives", p.images)
	}
}

func TestWeightsOfOddBatches(t *testing.T) {
	clouds := odd()
	for _, test := range []struct {
		cloud        string
		says, silent string
		dashes       int
	}{
		{"empty", "no such pair", "Grey", 0},
		{"one pair", "1 pair, all weighted", "no pair has weight", 0},
		{"no weight", "no pair has weight", "weighted", 0},
		{"no positive", "Grey: the anchor has no other", "below 0", 0},
		{"signed", "Below 0: the gradient has the opposite sign", "Grey", 4},
		{"collapsed", "mean of other negatives", "Grey", 0},
	} {
		p := look(Weights(Page, clouds[test.cloud]))
		if !p.says(test.says) || p.says(test.silent) {
			t.Errorf("%s: want %q and no %q in: %s", test.cloud, test.says, test.silent, p.text())
		}
		if p.dashes != test.dashes {
			t.Errorf("%s: %d lines at zero, want %d", test.cloud, p.dashes, test.dashes)
		}
	}
	svg, err := Weights(Page, clouds["one pair"]).SVG()
	if err != nil || !bytes.Contains(svg, []byte("fill:#8C8C8C")) {
		t.Errorf("a pair without N and P is not grey: %v", err)
	}
}

func TestWeightsData(t *testing.T) {
	c := batch(t, "contrastive", 1) // one class of 4: no negatives, so no N
	data, err := Weights(Page, c).CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0], " "), "loss step kind S N_mean P_mean m_w"; got != want {
		t.Errorf("columns %q, want %q", got, want)
	}
	if len(rows) != 1+12 {
		t.Fatalf("%d rows, want one for each of 12 pairs", len(rows)-1)
	}
	for _, row := range rows[1:] {
		if row[1] != "0" || row[2] != "positive" || row[4] != "" || row[5] == "" || row[6] != "1" {
			t.Errorf("row %q, want step 0, positive, no N, a P, m·w = 1", row)
		}
	}
}

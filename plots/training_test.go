package plots

import (
	"bytes"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"gpwbench/analysis"
)

// history is a training with the statistics of n steps, and the batches of a loss as its
// first and last.
func history(t testing.TB, loss string, n int) *analysis.TrainingHistory {
	t.Helper()
	rng := rand.New(rand.NewPCG(4, 4))
	first, last := batch(t, loss, 8), batch(t, loss, 8)
	c := &analysis.TrainingHistory{Loss: first.Loss, Title: first.Title, Caption: first.Caption, Dataset: first.Dataset}
	for k := range n {
		kind := func(pairs int, mean float64) analysis.SideStats {
			mass := 0.5 + rng.Float64()
			return analysis.SideStats{Pairs: pairs, Weighted: pairs / 2, Mass: mass, Effective: float64(pairs) * (0.1 + 0.2*rng.Float64()), Hardest: 0.3, Largest: 0.02, Force: 0.8 * mass,
				Mean: mean, Low: mean - 0.5, High: mean + 0.4}
		}
		c.Stats = append(c.Stats, analysis.WeightStats{Step: 2 * k, Loss: 3 / float64(k+2), Positive: kind(96, 0.5), Negative: kind(896, 0)})
	}
	last.Step = 2*n - 2
	c.Batches = []*analysis.Scatter{first, last}
	return c
}

// oddHistories are trainings that a run can have and no textbook shows.
func oddHistories(t testing.TB) map[string]*analysis.TrainingHistory {
	none := math.NaN()
	silent := analysis.SideStats{Pairs: 90, Mean: 0.1, Low: -0.1, High: 0.5}
	empty := analysis.SideStats{Mean: none, Low: none, High: none}
	all := map[string]*analysis.TrainingHistory{}
	for name, kind := range map[string]analysis.SideStats{"no weight": silent, "no pairs": empty} {
		c := history(t, "contrastive", 40)
		for k := range c.Stats {
			c.Stats[k].Positive, c.Stats[k].Negative = kind, kind
		}
		c.Batches = nil
		all[name] = c
	}
	dying := history(t, "triplet", 30)
	for k := range dying.Stats {
		if k > 12 && k != 20 {
			dying.Stats[k].Negative, dying.Stats[k].Positive = silent, silent
		}
	}
	all["dying"] = dying
	long := history(t, "multi_similarity", 3000)
	for k := range long.Stats {
		m := &long.Stats[k]
		m.Loss *= -1e6
		m.Positive.Mass, m.Positive.Force, m.Negative.Mass, m.Negative.Effective = 1e7, 1e6, 1e-9, 1e6
	}
	long.Title, long.Caption = odd()["long words"].Title, odd()["long words"].Caption
	all["long"] = long
	collapsed := history(t, "nca", 2)
	for k := range collapsed.Stats {
		m := &collapsed.Stats[k]
		m.Positive.Mean, m.Positive.Low, m.Positive.High = 1, 1, 1
		m.Negative = m.Positive
	}
	all["collapsed"] = collapsed
	return all
}

func TestTrainingLayout(t *testing.T) {
	var histories []*analysis.TrainingHistory
	for _, name := range table1 {
		histories = append(histories, history(t, name, 101))
	}
	for name, c := range oddHistories(t) {
		t.Run(name, func(t *testing.T) {
			for _, width := range []Width{Page, Column} {
				checkLayout(t, Training(width, c))
				checkLayout(t, Trainings(width, []*analysis.TrainingHistory{c, histories[0]}))
			}
		})
	}
	checkLayout(t, Training(Page, histories[8]))
	checkLayout(t, Training(Column, histories[8]))
	histories = append(histories, histories[0])
	for _, width := range []Width{Page, Column} {
		f := Trainings(width, histories[:TrainingLosses])
		checkLayout(t, f)
		if _, height := f.Size(); height > MostHeight {
			t.Errorf("%d losses are %.1f inches high", TrainingLosses, height)
		}
	}
}

func TestTrainingSays(t *testing.T) {
	c := history(t, "multi_similarity", 60)
	p := look(Training(Page, c))
	for _, want := range []string{
		"Multi-Similarity: training on Cars-196", "α 2, β 40, λ 0.5, MS mining ε 0.1", "positive pairs", "negative pairs",
		"pairs with weight, %", "weight Σw", "effective number", "hardest 1 %, share in %", "largest share, %", "force Σw√(1−S²)", "similarity S", "loss L",
		"step 0", "step 118", "96 pairs, ", "896 pairs, ", "m·w", "m = 32",
	} {
		if !p.says(want) {
			t.Errorf("%q is not said in: %s", want, p.text())
		}
	}
	if p.says("Below 0") || p.says("none") {
		t.Errorf("of what is not there: %s", p.text())
	}
	c.Batches = nil
	if p := look(Training(Page, c)); p.says("m·w") || p.says("intervals") {
		t.Errorf("of batches that were not kept: %s", p.text())
	}
	if p := look(Training(Page, oddHistories(t)["no weight"])); strings.Count(p.text(), "none") != 3 { // effective number, hardest and largest share
		t.Errorf("without weight: %s", p.text())
	}
}

func TestTrainingsSay(t *testing.T) {
	a, b := history(t, "contrastive", 60), history(t, "multi_similarity", 50)
	p := look(Trainings(Page, []*analysis.TrainingHistory{a, b}))
	a.Batches, b.Batches[0].Source = nil, "frozen features"
	p = look(Trainings(Page, []*analysis.TrainingHistory{a, b}))
	if !p.says("Data: frozen features.") {
		t.Errorf("no source in: %s", p.text())
	}
	for _, want := range []string{"Weights over trainings on Cars-196", "Contrastive λ 0.5", "Multi-Similarity α 2, β 40, λ 0.5, MS mining ε 0.1", "weight Σw"} {
		if !p.says(want) {
			t.Errorf("%q is not said in: %s", want, p.text())
		}
	}
}

func TestTrainingData(t *testing.T) {
	c := history(t, "contrastive", 5)
	c.Stats[1].Positive.Mass = 0.125
	data, err := Training(Column, c).CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+2*5 {
		t.Fatalf("%d rows, want a head and two kinds at each of 5 steps", len(rows))
	}
	if row := rows[3]; row[0] != "contrastive.gpw" || row[2] != "2" || row[3] != "1" || row[4] != "positive" || row[7] != "0.125" {
		t.Errorf("row %q", row)
	}
}

// A series has a gap where there is nothing, and a point alone between two gaps is seen.
func TestSeriesHasGaps(t *testing.T) {
	value := []float64{1, 2, math.NaN(), 5, math.NaN(), 3, 9}
	var moments []analysis.WeightStats
	for k := range value {
		moments = append(moments, analysis.WeightStats{Step: k})
	}
	p := newPanel(0, 100, 100, 100, newAxis(0, 6, 5), newAxis(0, 8, 5))
	c := vgsvg.New(100, 100)
	if !p.series(draw.New(c), moments, trainingLine(false), func(m analysis.WeightStats) float64 { return value[m.Step] }) {
		t.Error("nothing is shown")
	}
	var svg bytes.Buffer
	if _, err := c.WriteTo(&svg); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(svg.String(), "<path"); n != 3 { // 1 and 2; 5; 3, for 9 is off the axis
		t.Errorf("%d paths, want 3", n)
	}
}

// On an axis in decades a sum of 0, and one far below that of another loss, are on the
// lower edge and not missing.
func TestSumsBelowTheAxisAreSeen(t *testing.T) {
	q := massSum.inDecades()
	var moments []analysis.WeightStats
	for step, mass := range []float64{0, 0, 1e-20} {
		moments = append(moments, analysis.WeightStats{Step: step, Positive: analysis.SideStats{Pairs: 9, Mass: mass}})
	}
	for name, others := range map[string][]analysis.WeightStats{"alone": nil, "beside another": {{Positive: analysis.SideStats{Pairs: 9, Mass: 3}}}} {
		y := q.axis([]*analysis.TrainingHistory{{Stats: moments[:2]}, {Stats: others}})
		if name != "alone" {
			y = q.axis([]*analysis.TrainingHistory{{Stats: moments}, {Stats: others}})
		}
		p := newPanel(0, 100, 100, 100, newAxis(0, 3, 5), y)
		shown := 0
		for _, m := range moments {
			if p.series(draw.New(vgsvg.New(100, 100)), []analysis.WeightStats{m}, trainingLine(true), func(m analysis.WeightStats) float64 { return q.value(m.Positive) }) {
				shown++
			}
		}
		if shown != 3 {
			t.Errorf("%s: %d of 3 sums are seen", name, shown)
		}
	}
	silent := history(t, "contrastive", 9)
	for k := range silent.Stats {
		m := &silent.Stats[k]
		m.Positive, m.Negative = analysis.SideStats{Pairs: 9}, analysis.SideStats{Pairs: 90}
	}
	p := look(Trainings(Page, []*analysis.TrainingHistory{silent}))
	if n := strings.Count(p.text(), "none"); n != 4 { // effective number and hardest share of both kinds
		t.Errorf("%d panels have nothing, want 4: %s", n, p.text())
	}
	f := Trainings(Page, []*analysis.TrainingHistory{history(t, "contrastive", 101)})
	for _, l := range look(f).lines {
		if l.text == "200" && l.box.Max.X > f.width-margin+1 {
			t.Errorf("the last step reaches to %v of %v", l.box.Max.X, f.width)
		}
	}
}

func TestLogAxis(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		labels    string
	}{
		{120, 880, "200 500"},
		{1, 1, "0.5 1 2"},
		{0.002, 30, "0.01 1"},
		{1e-12, 5, "1e−4 0.01 1"},
		{3, 58800, "100 10k"},
		{1e5, 3e7, "100k 1M 10M"},
		{2e-9, 2e-8, "2e−9 5e−9 1e−8 2e−8"},
		{math.Inf(1), math.Inf(-1), "1 2 5 10"},
	} {
		a := logAxis(span{test.low, test.high})
		if got := strings.Join(a.labels, " "); got != test.labels {
			t.Errorf("from %v to %v: %q, want %q", test.low, test.high, got, test.labels)
		}
	}
}

// The number of steps that was chosen is marked in every panel, and said below and in the
// data; of a training that chose nothing there is no mark.
func TestTrainingMarksTheChosenStep(t *testing.T) {
	h := history(t, "contrastive", 10)
	plain := look(Training(Page, h))
	steps := 12
	h.Chosen, h.ChosenOn = &steps, "held-out classes"
	marked := look(Training(Page, h))
	if got := marked.dashes - plain.dashes; got != 8 {
		t.Errorf("%d panels have a mark, want 8", got)
	}
	if !marked.says("12 steps, chosen on held-out classes") || plain.says("chosen") {
		t.Errorf("the figure says %s", marked.text())
	}
	checkLayout(t, Training(Column, h))

	all := Trainings(Page, []*analysis.TrainingHistory{h, history(t, "triplet", 10)})
	if p := look(all); !p.says("chosen on held-out classes") {
		t.Errorf("of several it says %s", p.text())
	}
	data, err := all.CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	last := len(rows[0]) - 1
	if err != nil || rows[0][last] != "chosen_steps" || rows[1][last] != "12" || rows[len(rows)-1][last] != "" {
		t.Errorf("error %v, data %v", err, rows[:2])
	}
}

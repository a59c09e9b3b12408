package plots

import (
	"bytes"
	"encoding/csv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
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

// withSeeds is a training with the statistics of two more seeds, of which the last ends
// early.
func withSeeds(t testing.TB, loss string, n int) *analysis.TrainingHistory {
	t.Helper()
	h := history(t, loss, n)
	h.Seed, h.Seeds = 4, 3
	for seed, to := range map[uint64]int{5: n, 6: n / 2} {
		other := slices.Clone(history(t, loss, n).Stats[:to])
		for k := range other {
			m := &other[k]
			m.Loss *= float64(seed)
			m.Positive.Mass *= 1.5
		}
		h.Others = append(h.Others, analysis.SeedStats{Seed: seed, Stats: other})
	}
	slices.SortFunc(h.Others, func(a, b analysis.SeedStats) int { return int(a.Seed) - int(b.Seed) })
	return h
}

// Statistics of several seeds are a mean with a band, in the drawing and in the data, and
// those of one are said to be of one, and of how many runs.
func TestTrainingOverSeeds(t *testing.T) {
	three, one, alone := withSeeds(t, "contrastive", 40), history(t, "triplet", 40), history(t, "nca", 40)
	one.Seed, one.Seeds = 2, 3
	bands := func(f *Figure) int {
		svg, err := f.SVG()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(svg), "fill-opacity:0.27") + strings.Count(string(svg), "fill-opacity:0.13")
	}
	for _, width := range []Width{Page, Column} {
		for _, c := range []struct {
			f     *Figure
			says  string
			bands bool
		}{
			{Training(width, three), "Lines: means over 3 seeds; bands around them: the range of the seeds. A line has a gap where the training of a seed ends", true},
			{Training(width, one), "Statistics are of one seed, 2, of 3, because the runs of the others kept none.", false},
			{Training(width, alone), "Statistics are of one seed.", false},
			{Trainings(width, []*analysis.TrainingHistory{one, three}), "Lines: means over up to 3 seeds; bands around them: the range of the seeds; lines without one are of one seed.", true},
			{Trainings(width, []*analysis.TrainingHistory{one, alone}), "Statistics are of one seed, 2, of 3", false},
		} {
			checkLayout(t, c.f)
			if !strings.Contains(c.f.caption, c.says) {
				t.Errorf("%q is not said in: %s", c.says, c.f.caption)
			}
			if n := bands(c.f); (n > 0) != c.bands {
				t.Errorf("%s: %d bands", c.f.title, n)
			}
		}
	}
	if p := look(Training(Page, three)); !p.says("The pairs are those of seed 4.") {
		t.Errorf("whose pairs are drawn is not said: %s", p.text())
	}

	data, err := Training(Page, three).CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, row := range rows[1:] {
		counts[row[len(row)-1]]++
	}
	if rows[0][len(rows[0])-1] != "seed" || !maps.Equal(counts, map[string]int{"4": 80, "5": 80, "6": 40}) {
		t.Errorf("the data have the rows %v by seed", counts)
	}
}

// Each seed's number of steps has a mark, and the sentence has all of them.
func TestChosenStepsOfSeeds(t *testing.T) {
	h := withSeeds(t, "contrastive", 40)
	chose := []int{50, 20, 50}
	h.Chosen, h.ChosenOn = &chose[0], "held-out classes"
	for k := range h.Others {
		h.Others[k].Chosen = &chose[k+1]
	}
	if f := Training(Page, h); !strings.Contains(f.caption, "those after 20, 50 steps, as each seed chose on held-out classes.") {
		t.Errorf("it says: %s", f.caption)
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
	h := &analysis.TrainingHistory{Stats: moments}
	if !p.series(draw.New(c), h.OverSeeds(func(m analysis.WeightStats) float64 { return value[m.Step] }), trainingLine(false)) {
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
			h := &analysis.TrainingHistory{Stats: []analysis.WeightStats{m}}
			if p.series(draw.New(vgsvg.New(100, 100)), h.OverSeeds(func(m analysis.WeightStats) float64 { return q.value(m.Positive) }), trainingLine(true)) {
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
		{1e-12, 5, "10⁻⁴ 10⁻² 10⁰"},
		{3, 58800, "10² 10⁴"},
		{0.0011, 800, "0.01 1 100"},
		{1e5, 3e7, "10⁵ 10⁶ 10⁷"},
		{2e-9, 2e-8, "2·10⁻⁹ 5·10⁻⁹ 10⁻⁸ 2·10⁻⁸"},
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
	last := slices.Index(rows[0], "chosen_steps")
	if err != nil || last < 0 || rows[1][last] != "12" || rows[len(rows)-1][last] != "" {
		t.Errorf("error %v, data %v", err, rows[:2])
	}
}

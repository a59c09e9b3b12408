package plots

import (
	"math"
	"strings"
	"testing"

	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// scenariosOf measures losses of the catalogue.
func scenariosOf(t testing.TB, names ...string) []*Scenario {
	t.Helper()
	var all []*Scenario
	for _, name := range names {
		choice, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := probe.RunScenario(choice)
		if err != nil {
			t.Fatal(err)
		}
		w, err := probe.FindThreshold(choice)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &Scenario{Loss: choice.Name(), Caption: choice.Caption(), Scenario: s, Threshold: w})
	}
	return all
}

func TestScenariosSay(t *testing.T) {
	all := scenariosOf(t, table1...)
	f := Scenarios(all, all[len(all)-1:])
	p := look(f)
	for _, s := range all {
		if !p.says(s.Loss) {
			t.Errorf("%s is not there", s.Loss)
		}
	}
	for _, want := range []string{
		"case 1, S: should grow", "case 2, N: should drop", "case 3, P: should drop", "moved up by 0.15", "negative at 0.45",
		"multi_similarity.official α 2, β 40, λ 0.5, MS mining ε 0.1", "by how much the anchor’s positives have moved",
	} {
		if !p.says(want) {
			t.Errorf("%q is not said", want)
		}
	}
	data, err := f.CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(data)), "\n")
	if want := 1 + 3*len(all) + len(all[0].Threshold.Shifts); len(rows) != want {
		t.Errorf("%d rows of data, want %d", len(rows), want)
	}
	if json, err := f.JSON(); err != nil || strings.Contains(string(json), `"pooling"`) {
		t.Errorf("a figure without N and P names a pooling: %v", err)
	}
}

func TestScenariosLayout(t *testing.T) {
	all := scenariosOf(t, table1...)
	nothing := &Scenario{Loss: "a_loss_with_a_long_name.and_a_preset (α 2, β 40, λ 0.5, γ 0.000001, MS mining ε 0.1)", Threshold: all[0].Threshold}
	opposite := &Scenario{Loss: "opposite", Scenario: probe.Scenario{Before: -1, After: [3]float64{-2, 3, 0}}, Threshold: all[0].Threshold}
	checkLayout(t, Scenarios(all[:1], nil))
	checkLayout(t, Scenarios(append(all, nothing, opposite), append(all[:SweepLines-1:SweepLines-1], nothing)))
	var page []*Scenario
	for len(page) < ScenarioRows {
		page = append(page, all...)
	}
	f := Scenarios(page[:ScenarioRows], all[:SweepLines])
	checkLayout(t, f)
	if _, height := f.Size(); height > 9 {
		t.Errorf("a full page is %.2f inches high, want at most 9", height)
	}
}

// The path of a step is upright: it has both ends of the step at one place.
func TestThresholdIsUpright(t *testing.T) {
	s := scenariosOf(t, "multi_similarity")[0]
	p := newPanel(0, 100, 350, 100, axis{low: -0.1, high: 0.25}, axis{high: 1})
	most := 0.0
	path := p.thresholdPath(s.Threshold)
	for k := range path[1:] {
		if drop := float64(path[k].Y - path[k+1].Y); drop > most {
			most = drop
			if x := float64(path[k].X); path[k].X != path[k+1].X || math.Abs(x-230) > 1e-6 {
				t.Errorf("a drop of %v from %v to %v, want it upright at 0.13, 230 points", drop, path[k], path[k+1])
			}
		}
	}
	if most < 90 {
		t.Errorf("the largest drop is %v points, want almost all of 100", most)
	}
}

// A change that is too small to be seen is told in numbers, and none where there is none.
func TestChangeText(t *testing.T) {
	for want, w := range map[string][2]float64{"": {3, 3}, "−0.4 %": {56.5, 56.3}, "+150 %": {2, 5}, "−100 %": {2, 0}, "< 0.1 %": {1000, 1000.1}, "+9.9 %": {100, 109.9}} {
		if got := changeText(w[0], w[1]); got != want {
			t.Errorf("from %v to %v: %q, want %q", w[0], w[1], got, want)
		}
	}
	if got := changeText(0, 1); got != "" {
		t.Errorf("from nothing: %q", got)
	}
}

package protocol

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/results"
)

// fake scores have one Recall@1.
type fake float64

func (f fake) RecallExpected(k int) float64 {
	if k != 1 {
		return math.NaN()
	}
	return float64(f)
}

func (f fake) MAPAtR() (retrieval.Range, bool) {
	return retrieval.Range{Expected: float64(f) / 2}, true
}

func (f fake) Also(key string) (float64, bool) { return float64(f) / 8, key == "mrr" || key == "eer" }

func (f fake) RPrecision() (retrieval.Range, bool) {
	return retrieval.Range{Expected: float64(f) / 4}, true
}

func TestNames(t *testing.T) {
	if diff := cmp.Diff([]string{"fixed", "paper", "holdout"}, Names()); diff != "" {
		t.Errorf("a spec may name others (-want +got):\n%s", diff)
	}
	for _, name := range Names() {
		p, ok := Default(name)
		if !ok || p.Name() != name {
			t.Errorf("the default of %s is %v, %v", name, p, ok)
		}
		if p.Settings()["name"] != name {
			t.Errorf("the settings of %s have the name %v", name, p.Settings()["name"])
		}
	}

	for _, name := range []string{"none", "Fixed", ""} {
		if p, ok := Default(name); ok {
			t.Errorf("%q is the protocol %v", name, p)
		}
	}
}

// The settings enter the ids of runs, so they stay.
func TestSettings(t *testing.T) {
	for _, c := range []struct {
		protocol Protocol
		want     string
	}{
		{Fixed{}, `{"every":0,"name":"fixed"}`},
		{Paper{Every: 10}, `{"every":10,"name":"paper"}`},
		{Paper{Every: 3}, `{"every":3,"name":"paper"}`},
		{Holdout{4, 20, "map_at_r", "none"}, `{"ensemble":"none","every":20,"folds":4,"metric":"map_at_r","name":"holdout"}`},
		{None{}, `{"name":"none"}`},
	} {
		got, err := results.Canonical(c.protocol.Settings())
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("%T has the settings %s, want %s", c.protocol, got, c.want)
		}
	}
	if p, _ := Default("paper"); p != (Paper{Every: 10}) {
		t.Errorf("the default of paper is %+v", p)
	}
}

// paper looks at every third step and at the last one, the others on the way at none.
func TestLooks(t *testing.T) {
	const steps = 10
	for _, c := range []struct {
		protocol Protocol
		want     []int
	}{
		{Fixed{}, nil},
		{None{}, nil},
		{Paper{Every: 3}, []int{3, 6, 9, 10}},
		{Paper{Every: 5}, []int{5, 10}},
		{Paper{Every: 11}, []int{10}},
		{Holdout{Every: 4}, []int{4, 8, 10}},
	} {
		var got []int
		for done := 1; done <= steps; done++ {
			if c.protocol.Looks(done, steps) {
				got = append(got, done)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v looks at other steps (-want +got):\n%s", c.protocol, diff)
		}
	}
}

func TestReport(t *testing.T) {
	for _, c := range []struct {
		protocol Protocol
		want     map[string]float64
	}{
		{Fixed{}, map[string]float64{}},
		{None{}, map[string]float64{}},
		{Paper{Every: 3}, map[string]float64{results.Optimism: 0.25}},
	} {
		if score := c.protocol.Score(fake(0.75)); score != 0.75 {
			t.Errorf("%+v: an evaluation with Recall@1 0.75 has the score %v", c.protocol, score)
		}
		got := map[string]float64{}
		c.protocol.Report(got, fake(0.75), fake(0.5))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v reports otherwise (-want +got):\n%s", c.protocol, diff)
		}
	}
}

// holdout chooses by its metric, and looks before the first step.
func TestHoldoutScore(t *testing.T) {
	for metric, want := range map[string]float64{"recall@1": 0.5, "map_at_r": 0.25, "r_precision": 0.125} {
		if got := (Holdout{Metric: metric}).Score(fake(0.5)); got != want {
			t.Errorf("by %s an evaluation has the score %v, want %v", metric, got, want)
		}
		if m, _, ok := results.FindMetric((Holdout{Metric: metric}).Key()); !ok || m.Title != "" == (metric == "recall@1") {
			t.Errorf("%s is the metric %q", metric, m.Name)
		}
	}
	if !(Holdout{Every: 20}).Looks(0, 200) {
		t.Error("the untrained head is not looked at")
	}
}

// The notes stand in records.
// A protocol chooses by metrics of the catalogue, by its names and aliases.
func TestJudge(t *testing.T) {
	for name, want := range map[string]struct {
		metric, key string
		score       float64
	}{
		"MRR": {"mrr", "mrr", 0.0625}, "eer": {"eer", "eer", -0.0625}, "auc": {"roc_auc", "roc_auc", math.Inf(-1)}, "ndcg": {"ndcg@10", "ndcg@10", math.Inf(-1)},
		"r@1": {"recall@1", "recall_expected@1", 0.5}, "recall@2": {"recall@2", "recall_expected@2", math.NaN()}, "mapr": {"map_at_r", "map_at_r", 0.25},
	} {
		metric, err := Judge(name)
		if err != nil || metric != want.metric {
			t.Errorf("%s is judged by %q, %v, want %q", name, metric, err, want.metric)
		}
		h := Holdout{Metric: metric}
		if score := h.Score(fake(0.5)); h.Key() != want.key || score != want.score && !(math.IsNaN(score) && math.IsNaN(want.score)) {
			t.Errorf("%s: the key is %s, the score %v, want %+v", name, h.Key(), score, want)
		}
	}
	for name, want := range map[string]string{
		"mrrr": "did you mean mrr?", "retrieval": "is several metrics", "nmi": "nothing is chosen by nmi", "uniformity": "nothing is chosen", "eer_threshold": "nothing is chosen", "": "unknown metric",
	} {
		if metric, err := Judge(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is judged by %q, %v, want %q", name, metric, err, want)
		}
	}
}

func TestNote(t *testing.T) {
	for _, c := range []struct {
		protocol Protocol
		want     string
	}{
		{Fixed{}, "200 steps, nothing chosen"},
		{None{}, "nothing trained, nothing chosen"},
		{Paper{Every: 10}, "the best of 20 evaluations on the test classes, one every 10 steps of 200: chosen on the test, so it flatters"},
	} {
		if got := c.protocol.Note(200, 20); got != c.want {
			t.Errorf("%+v says %q, want %q", c.protocol, got, c.want)
		}
	}
}

// Without a number of steps between two looks there is the last one.
func TestLooksOfZero(t *testing.T) {
	for _, every := range []int{0, -3} {
		p := Paper{Every: every}
		if p.Looks(0, 10) || p.Looks(5, 10) || !p.Looks(10, 10) {
			t.Errorf("every %d steps looks elsewhere than at the end", every)
		}
	}
}

// The numbers of steps that a note names are those that a protocol looks at.
func TestNoteNamesTheChoices(t *testing.T) {
	for _, c := range []struct {
		every, steps int
		choices      string
	}{
		{20, 200, "0 to 200 every 20"},
		{50, 20, "0 and 20"},
		{20, 20, "0 and 20"},
		{20, 25, "0, 20 and 25"},
		{20, 50, "0 to 40 every 20 and 50"},
		{1, 1, "0 and 1"},
		{1, 2, "0 to 2 every 1"},
	} {
		h := Holdout{Folds: 4, Every: c.every, Metric: "map_at_r", Ensemble: "none"}
		if got, want := h.Note(c.steps, 1), "the number of steps, of "+c.choices+", with the best mean map_at_r on 4 "; !strings.HasPrefix(got, want) {
			t.Errorf("every %d of %d: %q, want %q", c.every, c.steps, got, want)
		}
	}
	if got := (Holdout{Folds: 4, Every: 20, Metric: "map_at_r"}).Note(0, 1); !strings.HasPrefix(got, "the parameter with the best") {
		t.Errorf("of what is not trained: %q", got)
	}

	for _, c := range []struct {
		every, steps, evaluations int
		want                      string
	}{
		{50, 20, 1, "one evaluation on the test classes, after all 20 steps: nothing was chosen"},
		{10, 25, 3, "the best of 3 evaluations on the test classes, one every 10 steps and one after the last of 25: chosen on the test, so it flatters"},
	} {
		if got := (Paper{Every: c.every}).Note(c.steps, c.evaluations); got != c.want {
			t.Errorf("paper: %q, want %q", got, c.want)
		}
	}
}

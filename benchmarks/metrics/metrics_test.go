package metrics

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// Each entry of the list is complete, and no name stands for two metrics.
func TestAll(t *testing.T) {
	seen := map[string]bool{}
	name := func(m *Metric, text string) {
		key := text + m.suffixKind()
		if seen[key] || text != strings.ToLower(text) || strings.ContainsAny(text, " ,") {
			t.Errorf("%s: the name %s is another metric's, or is not to be typed", m.Name, key)
		}
		seen[key] = true
	}
	for _, m := range All {
		computes := 0
		for _, has := range []bool{m.Query != nil, m.Each != nil, m.Whole != nil} {
			if has {
				computes++
			}
		}
		if m.Title == "" || m.Doc == "" || m.Source == "" || strings.HasSuffix(m.Doc, ".") || computes != 1 || m.Most <= m.Least || !slices.Contains(Families, m.Family) {
			t.Errorf("%s: its entry is not complete", m.Name)
		}
		for _, text := range append([]string{m.Name}, m.Aliases...) {
			name(m, text)
		}
		asked, err := Parse(m.Name+map[Parameter]string{K: "@7", Rate: "@0.25"}[m.Parameter], nil)
		if err != nil || len(asked) != 1 || asked[0].Metric != m {
			t.Errorf("%s is parsed as %v, %v", m.Pattern(), asked, err)
			continue
		}
		again, err := Parse(asked[0].Key(), nil)
		if err != nil || again[0] != asked[0] {
			t.Errorf("%s is parsed as %v, %v", asked[0].Key(), again, err)
		}
	}
}

func (m *Metric) suffixKind() string { return strings.TrimPrefix(m.Pattern(), m.Name) }

func TestParse(t *testing.T) {
	keys := func(asked []Asked) string {
		var all []string
		for _, a := range asked {
			all = append(all, a.Key())
		}
		return strings.Join(all, " ")
	}
	for names, want := range map[string]string{
		"mrr":                "mrr",
		" MRR , P@5":         "mrr precision@5",
		"map":                "map",
		"map@r,map@7":        "map_at_r map@7",
		"ndcg,ndcg@10":       "ndcg@10",
		"r-precision,R@1":    "r_precision recall@1",
		"clustering,nmi,ami": "nmi ami",
	} {
		asked, err := ParseAll([]string{names}, nil)
		if err == nil && names == "clustering,nmi,ami" {
			asked = slices.DeleteFunc(asked, func(a Asked) bool { return a.Name != "nmi" && a.Name != "ami" })
		}
		if got := keys(asked); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", names, got, err, want)
		}
	}
	asked, err := ParseAll([]string{"recall,mrr", "precision"}, []int{1, 3})
	if got := keys(asked); err != nil || got != "recall@1 recall@3 mrr precision@1 precision@3" {
		t.Errorf("with K it is %q, %v", got, err)
	}
	for name, want := range map[string]string{
		"mmr":         "did you mean mrr?",
		"ndgc@10":     "did you mean ndcg@K?",
		"precision@0": `"0" is no number of ranks`,
		"ndcg@":       `"" is no number of ranks`,
		"mrr@10":      "mrr has no parameter; leave out @10",
		"":            "unknown metric",
		"xyzzyxyzzy":  "there are recall@K, ",
		"recall@1e9":  "is no number of ranks",
	} {
		if _, err := Parse(name, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

// What cannot be answered has its reason, and the rest is answered. The numbers are the
// same to the bit for any number of cores, and an ended context ends an evaluation.
func TestEvaluate(t *testing.T) {
	asked, err := ParseAll([]string{"mrr,nmi,nearest_centroid"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, _ := tiedSet(rand.New(rand.NewPCG(3, 4)), 30, 3, 1)
	e, err := Evaluate(t.Context(), set, nil, asked, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v := e.Values; v[0].Expected != 1 || v[1].Why != "all 30 queries are of one class" || v[1].PerQuery != nil || v[2].Expected != 1 {
		t.Errorf("one class: %v", v)
	}
	if e.Queries.Rows != 30 || e.Queries.Check("rows") == nil {
		t.Error("the rows are held after the evaluation")
	}

	alone := Set{set.Vectors, make([]int, 30)}
	for i := range alone.Labels {
		alone.Labels[i] = i
	}
	if e, err = Evaluate(t.Context(), alone, nil, asked, Options{}); err != nil {
		t.Fatal(err)
	}
	if v := e.Values; v[0].Why != "no query has a positive in the gallery" || v[2].Why != v[0].Why || e.Counted(0) {
		t.Errorf("no positives: %v", v)
	}

	sets := make([][]int, 30)
	for i := range sets {
		sets[i] = []int{i % 3, 7}
	}
	if e, err = Evaluate(t.Context(), Set{set.Vectors, nil}, nil, asked, Options{Rules: retrieval.Rules{Labels: sets}}); err != nil {
		t.Fatal(err)
	}
	if v := e.Values; v[0].Expected != 1 || v[1].Why != "rows have several labels" || v[2].Why != v[1].Why {
		t.Errorf("several labels: %v", v)
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Evaluate(ended, set, nil, asked, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}

// Rows that have no direction are refused whichever metrics are asked, and so are labels
// of other rows.
func TestEvaluateRefuses(t *testing.T) {
	set, _ := tiedSet(rand.New(rand.NewPCG(3, 4)), 30, 3, 3)
	data := make([]float64, 30*2)
	for i := range data {
		data[i] = 1
	}
	data[2*7+1] = math.NaN()
	strange, err := retrieval.Float64(30, 2, data)
	if err != nil {
		t.Fatal(err)
	}

	for _, names := range []string{"mrr", "ari", "uniformity,roc_auc", "spectrum"} {
		asked, err := ParseAll([]string{names}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Evaluate(t.Context(), Set{strange, set.Labels}, nil, asked, Options{}); err == nil || !strings.Contains(err.Error(), "row 7 ") {
			t.Errorf("%s of rows with NaN: %v", names, err)
		}
		gallery := Set{strange, set.Labels}
		if _, err := Evaluate(t.Context(), set, &gallery, asked, Options{}); err == nil {
			t.Errorf("%s with a gallery of other width and with NaN is answered", names)
		}
		if _, err := Evaluate(t.Context(), Set{set.Vectors, set.Labels[1:]}, nil, asked, Options{}); err == nil || !strings.Contains(err.Error(), "29 labels") {
			t.Errorf("%s of 30 rows with 29 labels: %v", names, err)
		}
	}
}

// The worst queries come with the negatives that are more similar than their best
// positive.
func TestWorst(t *testing.T) {
	x := matrix.New(5, 2)
	copy(x.Data, []float32{1, 0, 0, 1, 1, 0.1, 1, 0.2, 1, 0.3})
	asked, err := ParseAll([]string{"nmi,mrr"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Evaluate(t.Context(), Set{retrieval.Float32(x), []int{0, 0, 1, 1, 1}}, nil, asked, Options{Worst: 1})
	if err != nil {
		t.Fatal(err)
	}
	q := e.Worst[0]
	var before []int
	for _, f := range q.Before {
		before = append(before, f.Row)
	}
	// Row 0 finds 2, 3 and 4 before row 1, and row 1 finds 4, 3 and 2 before row 0.
	if len(e.Worst) != 1 || q.Row != 0 || q.Value != 0.25 || q.Rank != 4 || q.Best.Row != 1 || q.Best.Similarity != 0 || !slices.Equal(before, []int{2, 3, 4}) {
		t.Errorf("the worst is %+v", e.Worst)
	}
}

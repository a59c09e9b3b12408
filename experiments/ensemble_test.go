package experiments

import (
	"strings"
	"testing"
)

// The joined embeddings of the folds' heads count among the memory of a run: 2·10⁷ test
// rows of 6 heads of 6 dimensions take 2.9·10⁹ bytes, in two copies more than 4 GiB, and of
// 4 dimensions more than that only with the third copy, for clusters.
func TestEnsemblesThatDoNotFit(t *testing.T) {
	for _, c := range []struct {
		rows      int
		overrides []string
		want      string
	}{
		{20_000_000, []string{"protocol.ensemble=folds"}, ""},
		{20_000_000, []string{"protocol={name: holdout, folds: 6, every: 3, ensemble: folds}"}, "a run of Contrastive on held takes about 5.4 GiB of memory, and one may take 4 GiB; lower protocol.folds or head.dim, or take ensemble none"},
		{20_000_000, []string{"protocol={name: holdout, folds: 6, every: 3, ensemble: folds}", "head.dim=4"}, ""},
		{20_000_000, []string{"protocol={name: holdout, folds: 6, every: 3, ensemble: folds}", "head.dim=4", "metrics.clustering=true"}, "takes about 5.4 GiB"},
		{20_000_000, []string{"protocol={name: holdout, folds: 6, every: 3}"}, ""},
	} {
		s := holdoutSpec(t, append(c.overrides, "losses=[contrastive]")...)
		r, err := newRunner(s, Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		loaded, err := r.load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		src := *loaded.views[0][0].loadedDataset
		src.info.TestRows = c.rows
		err = validateAgainstData(r.variants[0].Spec, &src)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), c.overrides[0])) {
			t.Errorf("%v: error %v, want %s", c.overrides, err, c.want)
		}
	}
}

// A metric that one head has no value of has no mean, and the reason names the head. The
// others are means of all heads.
func TestMeanOfHeads(t *testing.T) {
	m := newHeadsMean(2)
	m.add(map[string]float64{"recall@1": 0.5, "ami": 0.5, "ami_low": 0.25, "ami_high": 0.75}, nil)
	m.add(map[string]float64{"recall@1": 0.25}, map[string]string{"ami": "all rows are equal"})
	got := m.mean()
	if len(got) != 1 || got["recall@1"] != 0.375 {
		t.Errorf("the means are %v", got)
	}
	if want := "the head of fold 2 of 2 has none: all rows are equal"; len(m.why) != 1 || m.why["ami"] != want {
		t.Errorf("the reasons are %q, want %q", m.why, want)
	}

	m = newHeadsMean(1)
	m.add(nil, map[string]string{"ndcg@5": "a"})
	if m.mean(); m.why["ndcg@5"] != "the head of fold 1 of 1 has none: a" {
		t.Errorf("the reasons are %q", m.why)
	}
}

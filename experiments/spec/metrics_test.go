package spec

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
)

func alsoSpec(metrics string) string {
	return "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nmetrics:\n  also: " + metrics + "\n"
}

// Names of the catalogue, its aliases and families become keys in the order of tables.
func TestAlso(t *testing.T) {
	for text, want := range map[string]string{
		"mrr": "mrr", "[]": "", "[NDCG, mrr, ndcg@10, auc, ndcg@5]": "mrr ndcg@5 ndcg@10 roc_auc", "[tar@1e-3]": "tar@far=0.001",
		"[clustering]": "ari", "[structure, mrr]": "alignment class_ratio effective_rank mrr spectrum uniformity",
		"retrieval": "map map@100 mrr ndcg@10 nearest_centroid precision@10",
	} {
		s, err := Parse("a.yaml", []byte(alsoSpec(text)), nil, losses.Catalogue)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := strings.Join(s.Datasets[0].Metrics.Also, " "); got != want {
			t.Errorf("%s asks for %q, want %q", text, got, want)
		}
		checked, err := s.Checked()
		if err != nil || !slices.Equal(checked.Datasets[0].Metrics.Also, s.Datasets[0].Metrics.Also) {
			t.Errorf("%s, read back, is %v, %v", text, checked, err)
		}
	}
}

// A wrong name has its line and the nearest right one.
func TestAlsoRefused(t *testing.T) {
	for text, want := range map[string]string{
		"[mrr,\n    ndgc@10]": `a.yaml:6:5: metrics.also: unknown metric "ndgc@10"; did you mean ndcg@K?`,
		"mr":                  "did you mean mrr?",
		"[recall@16]":         "recall@16 is asked for by metrics.recall_at: [16]",
		"[mapr]":              "map_at_r is asked for by metrics.map_at_r: true",
		"[ami]":               "ami is asked for by metrics.clustering: true",
		"[ndcg@0]":            "K is a whole number",
		"[tar@2]":             "between 0 and 1",
		"[mrr@3]":             "mrr has no parameter",
		"{mrr: 1}":            "a list of names",
		"[[mrr]]":             "a list of names",
		"":                    "metrics.also is empty",
	} {
		_, err := Parse("a.yaml", []byte(alsoSpec(text)), nil, losses.Catalogue)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "a.yaml:") {
			t.Errorf("%q gives %v, want %q", text, err, want)
		}
	}
}

// A list of names asks for what the keys of the block ask for.
func TestMetricNames(t *testing.T) {
	parse := func(metrics string) (*Spec, error) {
		return Parse("a.yaml", []byte("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nmetrics: "+metrics+"\n"), nil, losses.Catalogue)
	}
	for list, block := range map[string]string{
		"[mrr, ndcg]":                   "{also: [mrr, ndcg@10]}",
		"[recall@16, recall@3, nmi]":    "{recall_at: [3, 16], clustering: true}",
		"[mapr, roc_auc, r_precision]":  "{map_at_r: true, also: [roc_auc]}",
		"[clustering, tar@1e-3, ndcg]":  "{clustering: true, also: [ari, tar@far=0.001, ndcg@10]}",
		"[recall@1, recall@2, ndcg@20]": "{recall_at: [1, 2], also: [ndcg@20]}",
	} {
		got, err := parse(list)
		if err != nil {
			t.Errorf("%s: %v", list, err)
			continue
		}
		want, err := parse(block)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Datasets[0].Metrics, want.Datasets[0].Metrics) {
			t.Errorf("%s asks for %+v, %s for %+v", list, got.Datasets[0].Metrics, block, want.Datasets[0].Metrics)
		}
	}
	for list, want := range map[string]string{"[mrr, ndgc@10]": "did you mean ndcg@K?", "[[mrr]]": "a list of names", "[{mrr: 1}]": "a list of names"} {
		if _, err := parse(list); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "a.yaml:4:") {
			t.Errorf("%s gives %v, want %q", list, err, want)
		}
	}
}

func TestProtocolMetric(t *testing.T) {
	text := "name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nprotocol: {name: holdout, metric: "
	s, err := Parse("a.yaml", []byte(text+"NDCG}\n"), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if h := s.Datasets[0].Protocol.(protocol.Holdout); h.Metric != "ndcg@10" || h.Folds != 4 {
		t.Errorf("the protocol is %+v", h)
	}
	if checked, err := s.Checked(); err != nil || checked.Datasets[0].Protocol != s.Datasets[0].Protocol {
		t.Errorf("read back it is %+v, %v", checked, err)
	}
	for name, want := range map[string]string{"mmr": "did you mean mrr?", "nmi": "nothing is chosen by nmi", "[mrr]": "the name of one metric", "": "the name of one metric"} {
		if _, err := Parse("a.yaml", []byte(text+name+"}\n"), nil, losses.Catalogue); err == nil || !strings.Contains(err.Error(), "a.yaml:4:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", name, err, want)
		}
	}
}

package results

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/benchmarks/metrics"
)

func TestFindMetric(t *testing.T) {
	for _, m := range Metrics {
		got, k, ok := FindMetric(m.Key(16))
		if want := map[bool]int{true: 16}[m.PerK]; !ok || got.Name != m.Name || k != want {
			t.Errorf("%s is found as %q at K %d, %v", m.Key(16), got.Name, k, ok)
		}
		if (m.Title == "") != (m.Caption == "") {
			t.Errorf("%s has the titles %q and %q", m.Name, m.Title, m.Caption)
		}
	}

	for _, key := range []string{"ndcg", "ndcg@010", "NDCG@10", "mrr@1", "auc", "retrieval", "tar@0.001", "map@", "ndcg_low@10", "", "recall", "recall@", "recall@0", "recall@01", "recall@+1", "recall@x", "map_at_r@1", "nmi_low", "nmi_mid"} {
		if m, _, ok := FindMetric(key); ok {
			t.Errorf("%q is taken for %s", key, m.Name)
		}
	}

	for key, want := range map[string][2]float64{
		"recall@1": {0, 1}, "nmi_low": {0, 1}, "ami": {-1, 1}, "ami_low": {-1, 1}, "ami_high": {-1, 1}, "optimism": {0, 1}, "other": {0, 1},
		"uniformity": {-8, 0}, "uniformity_low": {-8, 0}, "effective_rank_high": {1, math.Inf(1)}, "tar_low@far=0.01": {0, 1}, "ndcg_high@10": {0, 1}, "opis": {0, 0.25},
	} {
		if low, high := rangeOf(key); low != want[0] || high != want[1] {
			t.Errorf("%s may be from %v to %v, want %v", key, low, high, want)
		}
	}
}

// What the catalogue has is a metric of records, by the same key and with its facts.
func TestCatalogueIsOfRecords(t *testing.T) {
	for _, family := range metrics.Families {
		asked, err := metrics.Parse(string(family), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range asked {
			m, k, ok := FindMetric(a.Key())
			if !ok || m.Key(k) != a.Key() {
				t.Errorf("%s is found as %q", a.Key(), m.Key(k))
			}
			if m.Least != a.Least || m.Most != a.Most || m.Lower != a.Lower || m.Share != a.Share() || m.PerQuery != a.OfQueries() {
				t.Errorf("%s has other facts in records: %+v", a.Key(), m)
			}
			if m.PerQuery && (m.Lower || !m.Share) {
				t.Errorf("comparisons take %s for a fraction of which larger values are better", a.Key())
			}
			if title := m.ColumnTitle(k); title != "" && strings.HasSuffix(title, LowerMark) != m.Lower {
				t.Errorf("the column of %s is headed %q", a.Key(), title)
			}
		}
	}
	for _, name := range []string{"classes", "above", "ap", "rp", "tied", "equal", "pos_equal"} {
		if _, ok := metrics.Find(name); ok {
			t.Errorf("the metric %s has the name of an array of per-query results", name)
		}
	}
}

func TestMetricKeys(t *testing.T) {
	got := MetricSettings{RecallAt: []int{1, 10}, MAPAtR: true, Clustering: true, Also: []string{"mrr"}}.Keys()
	want := []string{
		"recall@1", "recall_pessimistic@1", "recall_expected@1", "recall@10", "recall_pessimistic@10", "recall_expected@10",
		"map_at_r", "r_precision", "nmi", "ami", "mrr",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	slices.SortFunc(got, CompareMetrics)
	want = []string{
		"recall@1", "recall@10", "ami", "map_at_r", "mrr", "nmi", "r_precision",
		"recall_expected@1", "recall_expected@10", "recall_pessimistic@1", "recall_pessimistic@10",
	}

	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got, in the order of tables:\n%s", diff)
	}
}

package results

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
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

	for _, key := range []string{"", "recall", "recall@", "recall@0", "recall@01", "recall@+1", "recall@x", "map_at_r@1", "nmi_low", "nmi_mid"} {
		if m, _, ok := FindMetric(key); ok {
			t.Errorf("%q is taken for %s", key, m.Name)
		}
	}

	for key, want := range map[string]float64{"recall@1": 0, "nmi_low": 0, "ami": -1, "ami_low": -1, "ami_high": -1, "optimism": 0, "other": 0} {
		if got := leastOf(key); got != want {
			t.Errorf("%s may be from %v on, want %v", key, got, want)
		}
	}
}

func TestMetricKeys(t *testing.T) {
	got := MetricSettings{RecallAt: []int{1, 10}, MAPAtR: true, Clustering: true}.Keys()
	want := []string{
		"recall@1", "recall_pessimistic@1", "recall_expected@1", "recall@10", "recall_pessimistic@10", "recall_expected@10",
		"map_at_r", "r_precision", "nmi", "ami",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	slices.SortFunc(got, CompareMetrics)
	want = []string{
		"recall@1", "recall@10", "ami", "map_at_r", "nmi", "r_precision",
		"recall_expected@1", "recall_expected@10", "recall_pessimistic@1", "recall_pessimistic@10",
	}

	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got, in the order of tables:\n%s", diff)
	}
}

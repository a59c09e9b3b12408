package experiments

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gpwbench/results/table"
)

// A record has the range of every figure, and what its figures do not show: K = 1000 is
// beyond all negatives of a small set.
func TestRecordsHaveRangesAndRemarks(t *testing.T) {
	s, dir := tinySpec(t, "seeds=1", "losses=contrastive", "metrics.recall_at=[1, 1000]", "metrics.clustering=true"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}

	for _, r := range records(t, dir) {
		for _, metric := range []string{"map_at_r", "r_precision", "nmi", "ami"} {
			low, at, high := r.Metrics[metric+"_low"], r.Metrics[metric], r.Metrics[metric+"_high"]
			if _, there := r.Metrics[metric+"_low"]; !there || !(low <= at && at <= high && high <= 1) {
				t.Errorf("%s: %s is %v in %v to %v", r.Label, metric, at, low, high)
			}
		}
		if r.Metrics["recall@1000"] != 1 || !strings.Contains(strings.Join(r.Warnings, "\n"), "Recall@1000 is 100 % for any embeddings: no query has more than") {
			t.Errorf("%s: Recall@1000 %v, warnings %q", r.Label, r.Metrics["recall@1000"], r.Warnings)
		}
	}

	if notes := strings.Join(table.Summarize(records(t, dir), nil, nil).Notes, "\n"); !strings.Contains(notes, "Recall@1000 is 100 % for any embeddings") {
		t.Errorf("notes of the table: %s", notes)
	}
}

// An evaluation ends with the run.
func TestEvaluationStops(t *testing.T) {
	src, err := load(&tinySpec(t).Datasets[0])
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := src.evaluate(ctx, unchanged); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

package experiments

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Losses that carry something from step to step give the same bytes with any number of
// workers and after an interruption, and what they learned is in their records, and in
// those of no other.
func TestLearned(t *testing.T) {
	s := tinySpec(t, "losses=[contrastive, snr_contrastive, hierarchical_triplet.training_tree, margin.learned, {name: margin, preset: per_class, miner: {name: distance_weighted, dim: 8}, params: {beta_lr: 0.01}, protocol: {name: paper, every: 3}}]")
	whole := t.TempDir()
	if _, err := runInto(t.Context(), t, whole, s, 1, &silence{}); err != nil {
		t.Fatal(err)
	}
	want := contents(t, whole)
	for _, workers := range []int{2, 8} {
		dir := t.TempDir() // stopped after some of its 13 runs
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := runInto(ctx, t, dir, s, workers, &silence{after: 4, call: cancel}); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want that it was stopped", err)
		}
		if _, err := runInto(t.Context(), t, dir, s, workers, &silence{}); err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("%d workers, stopped and resumed", workers), contents(t, dir), want)
	}

	for name, text := range want {
		if strings.Contains(text, `"learned"`) != strings.Contains(text, `"loss": "margin"`) {
			t.Errorf("%s: has learned parameters, or lacks them: %s", name, text)
		}
	}

	for _, r := range records(t, whole) {
		switch r.Preset {
		case "learned":
			// Ten steps at 5e-4.
			if b := r.Learned["beta"]; len(r.Learned) != 1 || b == 1.2 || b < 1.19 || b > 1.21 {
				t.Errorf("margin.learned has learned %v", r.Learned)
			}
		case "per_class":
			// Six training classes.
			if len(r.Learned) != 7 || r.Learned["beta of class 5"] == 0 {
				t.Errorf("margin.per_class has learned %v", r.Learned)
			}
		}
	}
}

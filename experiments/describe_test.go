package experiments

import (
	"strings"
	"testing"
)

// A dry run tells what is chosen, by which metric, and on how many folds.
func TestDryRunTellsChoices(t *testing.T) {
	for _, c := range []struct {
		overrides   []string
		want, never []string
	}{
		{[]string{"protocol.ensemble=folds"}, []string{
			"  protocol  holdout (folds 3, every 3, metric recall@1, ensemble folds), which chooses the number of steps, 0 to 7, on held-out training classes\n",
			"  baseline  PCA: its dimension is chosen by recall_expected@1 on the 3 folds\n", "  baseline  whitening: its shrinkage is chosen by", "  baseline  frozen\n",
		}, []string{"; protocol"}},
		{[]string{"protocol.metric=map_at_r", "baselines=[{name: pca, dim: 2}]"}, []string{"every 3, metric map_at_r", "  baseline  PCA to 2\n"}, []string{"chosen by"}},
		{[]string{"protocol=paper", "losses=[contrastive, {name: triplet, protocol: {name: paper, every: 2}}]"},
			[]string{"  protocol  paper (every 10)\n", "Contrastive: contrastive.gpw (λ 0.5)\n", "(λ 0.1); protocol paper (every 2)\n", "  baseline  PCA\n"}, []string{"chosen by", "which chooses"}},
		{[]string{"protocol=fixed"}, []string{"  protocol  fixed\n"}, []string{"chosen by"}},
		{[]string{"sweep.head.dim=[2, 3]"}, []string{"its dimension is chosen by recall_expected@1 on the 3 folds"}, nil},
	} {
		text, err := DryRun(t.Context(), holdoutSpec(t, c.overrides...), t.TempDir()+"/none", Options{})
		if err != nil {
			t.Fatal(c.overrides, err)
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%v: %q is missing in\n%s", c.overrides, want, text)
			}
		}
		for _, never := range c.never {
			if strings.Contains(text, never) {
				t.Errorf("%v: %q stands in\n%s", c.overrides, never, text)
			}
		}
	}
}

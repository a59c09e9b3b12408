package plots

import (
	"testing"

	"gpwbench/analysis"
)

// A logarithmic axis has room for a mean that is smaller than the least weight.
func TestMeansOnLogAxis(t *testing.T) {
	g := weightGroup{high: 1, weighted: 10, least: 0.1, zeros: true}
	mean := analysis.Bin{Pairs: 20, Mean: 0.01, Max: 0.1}
	if a := (Options{}).logWeights(g); a.place(mean.Mean) != a.zero {
		t.Errorf("a mean of %v is at %v, not at 0: there is nothing to test", mean.Mean, a.place(mean.Mean))
	}
	if a := (Options{}).logWeights(g.withMeans([]analysis.Bin{{Pairs: 3}, mean})); a.place(mean.Mean) != -2 {
		t.Errorf("a mean of %v is at %v, want -2", mean.Mean, a.place(mean.Mean))
	}
}

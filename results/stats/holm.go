package stats

import (
	"cmp"
	"slices"
)

// Holm returns the p-values adjusted by Holm's step-down method, in their order:
// rejecting those below a level rejects a true hypothesis of the family with at most
// that probability, whatever the dependence between the tests. They are at most 1, and
// ordered as the p-values are. No p-value may be NaN. Holm, Scand. J. Statist. 6, 1979.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })

	adjusted := make([]float64, len(p))
	above := 0.0
	for rank, k := range order {
		above = max(above, min(1, float64(len(p)-rank)*p[k]))
		adjusted[k] = above
	}

	return adjusted
}

package stats

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// CriticalDifference returns the difference of average ranks from which on two of k ≥ 2
// rows differ by the test of Nemenyi at [Level], over n data sets: q·√(k(k+1)/(6n)),
// with q the quantile of the studentised range of k rows with infinitely many degrees
// of freedom, over √2. Demšar, JMLR 7, 2006.
func CriticalDifference(k, n int) float64 {
	q, ok := rangeQuantiles.Load(k)
	if !ok {
		q = rangeQuantile(1-Level, k)
		rangeQuantiles.Store(k, q)
	}

	return q.(float64) / math.Sqrt2 * math.Sqrt(float64(k*(k+1))/float64(6*n))
}

// rangeQuantiles keeps the quantiles at 1 − Level by the number of rows.
var rangeQuantiles sync.Map

// Groups returns the largest sets of at least two rows whose average ranks differ by less
// than the critical difference, best first, each as indices in the order of their ranks.
func Groups(ranks []float64, criticalDifference float64) [][]int {
	order := make([]int, len(ranks))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })

	groups := [][]int{}
	covered := 0 // rows in the order that stand in a group
	for from := range order {
		to := from + 1
		for to < len(order) && ranks[order[to]]-ranks[order[from]] < criticalDifference {
			to++
		}
		if to-from > 1 && to > covered {
			groups = append(groups, slices.Clone(order[from:to]))
			covered = to
		}
	}

	return groups
}

// rangeQuantile returns the quantile at p of the range of k independent standard normal
// variables, the studentised range with infinitely many degrees of freedom.
func rangeQuantile(p float64, k int) float64 {
	const nodes = 200
	at, weight := make([]float64, nodes), make([]float64, nodes)
	quad.Legendre{}.FixedLocations(at, weight, -9, 9)
	for i, z := range at {
		weight[i] *= distuv.UnitNormal.Prob(z)
	}

	// P(range ≤ q): one of the k is the smallest, at z, and the others are within q
	// above.
	within := func(q float64) float64 {
		var sum float64
		for i, z := range at {
			between := distuv.UnitNormal.CDF(z+q) - distuv.UnitNormal.CDF(z)
			sum += weight[i] * math.Pow(between, float64(k-1))
		}

		return float64(k) * sum
	}
	low, high := 0.0, 20.0
	for high-low > 1e-12*high {
		mid := low + (high-low)/2
		if within(mid) < p {
			low = mid
		} else {
			high = mid
		}
	}

	return high
}

package losses

import (
	"math"
	"sort"
)

// intervalSums sum a function f(t−y) over intervals of sorted values y. f is smooth, as σ
// and softplus are. The sums are taken at the Chebyshev nodes of the range of all values:
//
//	Σ_{y in interval} f(t−y) = Σ_j w_j f(t−node_j)
//
// The weights w of an interval are differences of cumulated polynomials.
type intervalSums struct {
	sorted, nodes []float64

	// cumulated has a row of weights for every end of an interval: those of the values
	// before it, or the negative of those from it on.
	cumulated []float64
}

// intervalSums sorts the values. There must be at least one. The sums of intervals that
// start at 0 are exact. With toEnd, those of intervals that end with the last value are
// exact instead. Other sums have an error of 1e-16 of the sum over all values.
func (a *Anchor) intervalSums(values []float64, toEnd bool) intervalSums {
	r := intervalSums{sorted: a.Sorted(values)}

	n := len(values)
	low, width := r.sorted[0], r.sorted[n-1]-r.sorted[0]
	q := nodesOn(width)
	a.chebyshev.set(q)
	r.nodes = a.Scratch(q)
	for j, t := range a.chebyshev.nodes {
		r.nodes[j] = low + t*width
	}

	r.cumulated = a.Scratch((n + 1) * q)
	at := func(k int) []float64 { return r.cumulated[k*q:][:q] }
	row := a.Scratch(q)
	clear(at(0))
	clear(at(n))

	for k := range n {
		if toEnd {
			k = n - 1 - k
		}
		a.chebyshev.row(row, r.sorted[k], low, width)
		from, to, sign := at(k), at(k+1), 1.0
		if toEnd {
			from, to, sign = to, from, -1
		}
		for j, v := range row {
			to[j] = from[j] + sign*v
		}
	}
	return r
}

// weigh sets w to the nodes' weights for the values [from, to).
func (r intervalSums) weigh(w []float64, from, to int) {
	q := len(r.nodes)
	low, high := r.cumulated[from*q:][:q], r.cumulated[to*q:][:q]
	for j := range w {
		w[j] = high[j] - low[j]
	}
}

// exponentials returns e^node.
func (r intervalSums) exponentials(dst []float64) []float64 {
	for j, t := range r.nodes {
		dst[j] = math.Exp(t)
	}
	return dst
}

// countBefore returns how many leading values of the ascending s do not satisfy past,
// which holds from some value on.
func countBefore(s []float64, past func(float64) bool) int {
	return sort.Search(len(s), func(k int) bool { return past(s[k]) })
}

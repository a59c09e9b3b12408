package probe

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// An Index is the share of a function's variance that a group of its inputs explains:
// alone (First), and with all interactions with other groups (Total). A group on which
// the function does not depend has a total index of exactly 0. So does a group whose
// effect no sample shows; bound says how large its index can be.
type Index struct {
	First, Total Interval
	Changed      int     // rows in which exchanging the group changed the function
	bound        float64 // of Total, if Changed is 0
}

// An Interval is an estimate with its 95 % bootstrap interval.
type Interval struct{ Value, Low, High float64 }

// bootstrapSamples is the number of bootstrap samples of an interval.
const bootstrapSamples = 200

// sobol estimates the first-order and total indices of groups of the inputs of f by
// Jansen's estimators. With two samples A and B, and A with the group's columns from B,
//
//	first = 1 − Σ (f(B) − f(A_B))² / 2nV      total = Σ (f(A) − f(A_B))² / 2nV
//
// where V is the variance of both samples together. Jansen, Computer Physics
// Communications 117 (1999); Saltelli et al., ibid. 181 (2010). Differences up to the
// rounding of the largest magnitude count as 0, as in [MeasureDependence].
//
// fill draws one point. A function that is constant on both samples has no indices, and
// the result is nil. The error is that of ctx, which is checked between rows and
// resamples.
func sobol(ctx context.Context, f func(x []float64) float64, inputs int, groups [][]int, n int, r *rand.Rand, fill func(x []float64)) ([]Index, error) {
	fa, fb, fab := make([]float64, n), make([]float64, n), make([][]float64, len(groups))
	for g := range groups {
		fab[g] = make([]float64, n)
	}

	a, b, mixed := make([]float64, inputs), make([]float64, inputs), make([]float64, inputs)
	for k := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		fill(a)
		fill(b)
		fa[k], fb[k] = f(a), f(b)
		for g, group := range groups {
			copy(mixed, a)
			for _, i := range group {
				mixed[i] = b[i]
			}
			fab[g][k] = f(mixed)
		}
	}

	low, high := min(slices.Min(fa), slices.Min(fb)), max(slices.Max(fa), slices.Max(fb))
	size := max(math.Abs(low), math.Abs(high))
	if high-low <= rounding*size {
		return nil, nil
	}

	square := func(x, y float64) float64 {
		if math.Abs(x-y) <= rounding*size {
			return 0
		}
		return (x - y) * (x - y)
	}

	indices := make([]Index, len(groups))
	for g := range groups {
		first, total := make([]float64, n), make([]float64, n)
		for k := range n {
			first[k], total[k] = square(fb[k], fab[g][k]), square(fa[k], fab[g][k])
		}

		var err error
		if indices[g], err = jansen(ctx, fa, fb, first, total, r); err != nil {
			return nil, err
		}
	}

	return indices, nil
}

// jansen returns the estimates from the squared differences of one group, and their
// intervals over resampled rows.
func jansen(ctx context.Context, fa, fb, first, total []float64, r *rand.Rand) (Index, error) {
	n := len(fa)
	estimate := func(row func(k int) int) (f, t, variance float64) {
		var sum, squares float64
		for k := range n {
			i := row(k)
			// Without a common constant, rounding is relative to the spread and not to
			// the mean.
			a, b := fa[i]-fa[0], fb[i]-fa[0]
			sum += a + b
			squares += a*a + b*b
			f += first[i]
			t += total[i]
		}

		variance = squares/float64(2*n) - sum/float64(2*n)*(sum/float64(2*n))
		scale := 1 / (2 * float64(n) * variance)
		return 1 - f*scale, t * scale, variance
	}

	var firsts, totals []float64
	for range bootstrapSamples {
		if err := ctx.Err(); err != nil {
			return Index{}, err
		}
		f, t, v := estimate(func(int) int { return r.IntN(n) })
		if v > 0 { // otherwise a resample of equal rows
			firsts, totals = append(firsts, f), append(totals, t)
		}
	}

	f, t, v := estimate(func(k int) int { return k })
	index := Index{First: interval(f, firsts), Total: interval(t, totals)}
	for _, square := range total {
		if square > 0 {
			index.Changed++
		}
	}

	// If nothing changed in n rows, the probability of a change is at most 3/n, with 95 %
	// confidence (the rule of three), and a change is at most the range.
	reach := max(slices.Max(fa), slices.Max(fb)) - min(slices.Min(fa), slices.Min(fb))
	index.bound = min(1, 3/float64(n)*reach*reach/(2*v))
	return index, nil
}

// interval has the 2.5 % and 97.5 % quantiles of the resampled estimates as its ends.
func interval(value float64, resampled []float64) Interval {
	if len(resampled) == 0 {
		return Interval{value, value, value}
	}
	slices.Sort(resampled)
	last := float64(len(resampled) - 1)
	return Interval{value, resampled[int(math.Round(0.025*last))], resampled[int(math.Round(0.975*last))]}
}

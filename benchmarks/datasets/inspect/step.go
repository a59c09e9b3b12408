package inspect

import (
	"cmp"
	"math"
	"slices"
)

// A step is the labels of the rows from From on standing Shift places later than their
// rows: the label of row i is at i + Shift.
type step struct{ shift, from int }

const (
	farthestShift = 1000 // of all rows
	partialShift  = 3    // of the rows from some row on
	unlikely      = 1e-6 // the chance at which a shift is believed
	betterBy      = 1.1  // of the logarithms, for a shift to be preferred to a smaller one
)

// outOfStep looks for a shift at which rows and their nearest rows share labels more
// often than they do as the file has them. For every pair of near rows it asks whether
// they share a label as they stand, and after the shift; only pairs of which one holds
// and not the other count. If the labels are in step, at most half of these are for the
// shift. The chance of as many as there are is the binomial one, times the number of
// shifts and beginnings that were tried. If the classes are of one size, a shift by a
// whole number of classes does as well; the smallest shift is taken.
//
// The labels may be more or fewer than the rows.
func outOfStep(pairs []pair, labels []int) (found step, ok bool) {
	pairs = slices.Clone(pairs)
	begins := func(p pair) int { return min(p.row, p.nearest) }
	slices.SortStableFunc(pairs, func(p, q pair) int { return cmp.Compare(begins(p), begins(q)) })
	within := func(i int) bool { return i >= 0 && i < len(labels) }
	share := func(p pair, shift int) bool {
		i, j := p.row+shift, p.nearest+shift
		return within(i) && within(j) && labels[i] == labels[j]
	}

	best := math.Log(unlikely)
	farthest := min(farthestShift, len(labels)-1)
	tries := float64(2*farthest + 2*partialShift*len(pairs))
	for k := range 2 * farthest {
		shift := k/2 + 1 // 1, −1, 2, −2, …
		if k%2 == 1 {
			shift = -shift
		}
		votes := make([]int, 0, len(pairs)) // +1 for the shift, -1 against it
		for _, p := range pairs {
			vote := 0
			if within(p.row+shift) && within(p.nearest+shift) {
				vote = b2i(share(p, shift)) - b2i(share(p, 0))
			}
			votes = append(votes, vote)
		}

		from := 0
		if shift >= -partialShift && shift <= partialShift {
			from = greatestSuffix(votes)
		}
		chance := signTest(votes[from:]) + math.Log(tries)
		if !ok && chance < best || chance < betterBy*best {
			best, ok = chance, true
			found = step{shift: shift, from: begins(pairs[from])}
			if from == 0 {
				found.from = 0
			}
		}
	}
	return found, ok
}

// greatestSuffix returns where the votes begin whose sum to the end is greatest. A later
// beginning has to win by a few votes over that at 0.
func greatestSuffix(votes []int) (from int) {
	sum, most, all := 0, math.MinInt, 0
	for k, v := range slices.Backward(votes) {
		sum += v
		if sum > most && v > 0 {
			most, from = sum, k
		}
		all = sum
	}
	if most <= all+5 {
		return 0
	}
	return from
}

// signTest returns the logarithm of the chance that of fair votes as many or more are
// for, and 0 without votes.
func signTest(votes []int) float64 {
	plus, n := 0, 0
	for _, v := range votes {
		if v != 0 {
			n++
			plus += (v + 1) / 2
		}
	}
	return logBinomialTail(n, plus, 0.5)
}

// logBinomialTail is the logarithm of the probability of k or more successes of n, each
// with probability p between 0 and 1.
func logBinomialTail(n, k int, p float64) float64 {
	if k <= 0 {
		return 0
	}
	gamma := func(n int) float64 { v, _ := math.Lgamma(float64(n + 1)); return v }
	terms := make([]float64, 0, n-k+1)
	for i := k; i <= n; i++ {
		terms = append(terms, gamma(n)-gamma(i)-gamma(n-i)+float64(i)*math.Log(p)+float64(n-i)*math.Log1p(-p))
	}
	largest, sum := slices.Max(terms), 0.0
	for _, t := range terms {
		sum += math.Exp(t - largest)
	}
	return min(largest+math.Log(sum), 0)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// agreement returns how many of the pairs share a label, of how many, and the share that
// chance would give: that of pairs of one class in all pairs of rows.
func agreement(pairs []pair, labels []int) (hits, of int, chance float64) {
	for _, p := range pairs {
		if p.row < len(labels) && p.nearest < len(labels) {
			of++
			hits += b2i(labels[p.row] == labels[p.nearest])
		}
	}
	_, sizes := counts(labels)
	for _, n := range sizes {
		chance += float64(n) / float64(len(labels)) * float64(n-1) / float64(max(1, len(labels)-1))
	}
	return hits, of, chance
}

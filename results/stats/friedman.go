package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Ranking is what several data sets say together about the order of rows. What they
// cannot say is nil, and Why says why.
type Ranking struct {
	N     int       `json:"n"`     // data sets
	Ranks []float64 `json:"ranks"` // each row's rank, 1 the best, averaged over data sets

	// ChiSquared is Friedman's statistic, corrected for ties, and F its form by Iman and
	// Davenport, with k−1 and (k−1)(N−1) degrees of freedom for k rows. P is F's: of the
	// hypothesis that the rows' order on a data set is chance.
	ChiSquared *float64 `json:"chi_squared"`
	F          *float64 `json:"f"`
	P          *float64 `json:"p"`

	// CriticalDifference is Nemenyi's: average ranks that are closer are tied. Groups
	// are the largest sets of at least two rows, as indices in the order of their
	// ranks, in which no two differ by as much: the bars of a critical-difference
	// diagram.
	CriticalDifference *float64 `json:"critical_difference"`
	Groups             [][]int  `json:"groups"`

	Why string `json:"why,omitempty"` // why something is nil
}

// Rank ranks the rows on each data set and tests whether their order is chance.
// scores[d] has the rows' scores on data set d, higher being better; equal scores share
// their ranks. It needs two data sets and two rows for a test. With few data sets it
// says little: that of two rows one is better on all of five has the p 0.06 by a sign
// test.
//
// Friedman, JASA 32, 1937; Iman and Davenport, Comm. Statist. A 9, 1980; Demšar, JMLR 7,
// 2006. It panics unless there is a data set, and all have the same number of finite
// scores, which is not 0.
func Rank(scores [][]float64) Ranking {
	if len(scores) == 0 {
		panic("stats: no data sets to rank on")
	}
	n, k := len(scores), len(scores[0])
	r := Ranking{N: n, Ranks: make([]float64, k)}
	middle := float64(k+1) / 2
	var spread float64 // of the ranks within data sets
	same := true       // on all data sets
	var first []float64
	for d, row := range scores {
		mustPair(row, scores[0])
		ranks := rankDescending(row)
		if d == 0 {
			first = ranks
		}
		same = same && slices.Equal(ranks, first)
		for j, rank := range ranks {
			r.Ranks[j] += rank
			spread += (rank - middle) * (rank - middle)
		}
	}
	var between float64
	for j := range r.Ranks {
		between += (r.Ranks[j] - float64(n)*middle) * (r.Ranks[j] - float64(n)*middle)
		r.Ranks[j] /= float64(n)
	}

	switch {
	case k < 2:
		r.Why = "one row has nothing to be ranked against"
	case n < 2:
		r.Why = "ranks on one data set are no evidence about others"
	default:
		r.test(between, spread, same, first)
		cd := CriticalDifference(k, n)
		r.CriticalDifference = &cd
		r.Groups = Groups(r.Ranks, cd)
	}

	return r
}

// test fills in Friedman's test from the squared deviations of the ranks' sums and of the
// ranks themselves.
func (r *Ranking) test(between, spread float64, same bool, ranks []float64) {
	n, k := float64(r.N), float64(len(r.Ranks))
	if spread == 0 {
		one := 1.0
		r.P, r.Why = &one, "all rows tie on every data set: no statistic"
		return
	}

	chi := (k - 1) * between / spread
	r.ChiSquared = &chi
	if same {
		p := math.Pow(orders(ranks), 1-n)
		r.P, r.Why = &p, "the data sets agree, so F is infinite: p is the chance that they do"
		return
	}
	f := (n - 1) * chi / (n*(k-1) - chi)
	p := distuv.F{D1: k - 1, D2: (k - 1) * (n - 1)}.Survival(f)
	r.F, r.P = &f, &p
}

// orders returns in how many ways the ranks can be dealt to the rows.
func orders(ranks []float64) float64 {
	ways, equal := 1.0, map[float64]float64{}
	for k, rank := range ranks {
		equal[rank]++
		ways *= float64(k+1) / equal[rank]
	}

	return math.Round(ways)
}

// rankDescending returns the ranks of the scores, 1 for the highest; equal ones share the
// mean of theirs.
func rankDescending(scores []float64) []float64 {
	order := make([]int, len(scores))
	for j := range order {
		order[j] = j
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })

	ranks := make([]float64, len(scores))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && scores[order[to]] == scores[order[from]] {
			to++
		}
		for _, j := range order[from:to] {
			ranks[j] = float64(from+1+to) / 2
		}
		from = to
	}

	return ranks
}

package stats

import (
	"math"
	"slices"
	"testing"
)

// Demšar, JMLR 7, 2006, Table 6: four classifiers on 14 data sets, as ranks.
var demsar = [][]float64{
	{4, 3, 2, 1}, {1, 2, 3, 4}, {4, 1, 2, 3}, {4, 1, 3, 2}, {4, 2, 3, 1}, {1, 2.5, 4, 2.5}, {3, 2, 4, 1},
	{2.5, 2.5, 4, 1}, {4, 3, 2, 1}, {2.5, 2.5, 2.5, 2.5}, {4, 2.5, 1, 2.5}, {3, 2, 4, 1}, {4, 1, 2, 3}, {3, 1, 4, 2},
}

// Rounding first base by three methods, 22 players (Hollander and Wolfe 1973), in seconds.
// R's friedman.test prints chi-squared = 11.143, df = 2.
var rounding = [][]float64{
	{5.40, 5.50, 5.55}, {5.85, 5.70, 5.75}, {5.20, 5.60, 5.50}, {5.55, 5.50, 5.40}, {5.90, 5.85, 5.70}, {5.45, 5.55, 5.60},
	{5.40, 5.40, 5.35}, {5.45, 5.50, 5.35}, {5.25, 5.15, 5.00}, {5.85, 5.80, 5.70}, {5.25, 5.20, 5.10}, {5.65, 5.55, 5.45},
	{5.60, 5.35, 5.45}, {5.05, 5.00, 4.95}, {5.50, 5.50, 5.40}, {5.45, 5.55, 5.50}, {5.55, 5.55, 5.35}, {5.45, 5.50, 5.55},
	{5.50, 5.45, 5.25}, {5.65, 5.60, 5.40}, {5.70, 5.65, 5.55}, {6.30, 6.30, 6.25},
}

// negated turns ranks or times into scores of which the highest is best.
func negated(rows [][]float64) [][]float64 {
	var scores [][]float64
	for _, row := range rows {
		var out []float64
		for _, v := range row {
			out = append(out, -v)
		}
		scores = append(scores, out)
	}

	return scores
}

func TestRankPublished(t *testing.T) {
	r := Rank(negated(demsar))
	for j, want := range []float64{3.143, 2.000, 2.893, 1.964} {
		if math.Abs(r.Ranks[j]-want) > 5e-4 {
			t.Errorf("average rank %d is %v, want %v", j, r.Ranks[j], want)
		}
	}
	// The paper computes 9.28 without the correction for ties, whose factor is
	// 1 − Σ(t³−t)/(N(k³−k)): three pairs tie, and four rows.
	ties := 1 - (3*6.0+60)/(14*60)
	if got := *r.ChiSquared * ties; math.Abs(got-9.28) > 5e-3 {
		t.Errorf("uncorrected, χ² is %v, want 9.28", got)
	}
	if f := 13 * *r.ChiSquared / (14*3 - *r.ChiSquared); !near(*r.F, f, 1e-12) {
		t.Errorf("F is %v, want %v", *r.F, f)
	}
	// It finds the extremes 1.179 apart, with a critical difference of 1.25: one group.
	if math.Abs(*r.CriticalDifference-1.25) > 5e-3 || len(r.Groups) != 1 || !slices.Equal(r.Groups[0], []int{3, 1, 2, 0}) {
		t.Errorf("critical difference %v, groups %v", *r.CriticalDifference, r.Groups)
	}

	if got := *Rank(negated(rounding)).ChiSquared; math.Abs(got-11.143) > 5e-4 {
		t.Errorf("rounding first base: χ² is %v, want 11.143", got)
	}
}

// With k = 2 rows χ² is the sign test's (2s−N)²/N, and F on (1, N−1) degrees of freedom
// the square of a t.
func TestRankTwoRows(t *testing.T) {
	var scores [][]float64
	for d := range 10 {
		scores = append(scores, []float64{float64(d % 5), 0.5}) // better on 8 of 10
	}
	r := Rank(scores)
	if !near(*r.ChiSquared, 3.6, 1e-12) || !near(*r.F, 9*3.6/6.4, 1e-12) || !near(*r.P, twoSidedT(math.Sqrt(*r.F), 9), 1e-9) {
		t.Errorf("χ² %v, F %v, p %v", *r.ChiSquared, *r.F, *r.P)
	}
}

func TestRankEdges(t *testing.T) {
	one := Rank([][]float64{{0.1, 0.3, 0.2}})
	if !slices.Equal(one.Ranks, []float64{3, 1, 2}) || one.P != nil || one.F != nil || one.CriticalDifference != nil || one.Groups != nil || one.Why == "" {
		t.Errorf("one data set: %+v", one)
	}
	if alone := Rank([][]float64{{0.1}, {0.2}}); alone.P != nil || alone.CriticalDifference != nil || alone.Why == "" {
		t.Errorf("one row: %+v", alone)
	}
	if tied := Rank([][]float64{{1, 1}, {2, 2}}); *tied.P != 1 || tied.ChiSquared != nil || tied.F != nil || tied.Why == "" {
		t.Errorf("all tie: %+v", tied)
	}
	// Two more data sets repeat the first's order, each with the chance 1/3!; with a tie
	// at the top there are 3 orders.
	agree := [][]float64{{3, 2, 1}, {0.3, 0.2, 0.1}, {9, 8, 7}}
	if r := Rank(agree); r.F != nil || !near(*r.P, 1.0/36, 1e-15) || !near(*r.ChiSquared, 6, 1e-12) || r.Why == "" {
		t.Errorf("agreement: %+v", r)
	}
	if r := Rank([][]float64{{3, 3, 1}, {2, 2, 1}}); !near(*r.P, 1.0/3, 1e-15) {
		t.Errorf("agreement with a tie: p = %v", *r.P)
	}
}

// Where the order is chance, F keeps its level nearly: with three data sets of nine rows it
// rejects 0.058 (of 40,000 simulations). Nemenyi's difference keeps it, and with few data
// sets is well below, because ranks are bounded and normal variables are not.
func TestRankSimulated(t *testing.T) {
	for _, c := range []struct{ k, n int }{{5, 10}, {9, 3}, {9, 20}} {
		r := seeded(uint64(c.k*100 + c.n))
		var rejected, apart rate
		scores := make([][]float64, c.n)
		for range simulations(t, 5000) {
			for d := range scores {
				scores[d] = make([]float64, c.k)
				for j := range scores[d] {
					scores[d][j] = r.Float64()
				}
			}
			got := Rank(scores)
			rejected.count(*got.P < Level)
			apart.count(slices.Max(got.Ranks)-slices.Min(got.Ranks) >= *got.CriticalDifference)
		}
		t.Logf("%d rows, %d data sets: F rejects %.3f, Nemenyi %.3f", c.k, c.n, rejected.value(), apart.value())
		if !rejected.atLeast(Level) || !rejected.atMost(0.058) || !apart.atMost(Level) {
			t.Errorf("%d rows, %d data sets: F rejects %.3f, Nemenyi %.3f", c.k, c.n, rejected.value(), apart.value())
		}
	}
}

package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gpwbench/results/stats"
)

// A Ranking is the order of rows over several data sets.
type Ranking struct {
	stats.Ranking          // its Ranks are those of Rows, its Groups are places in Rows
	Rows          []string // best first
	Missing       []string // rows that some data set lacks, and are not ranked
}

// Rank ranks rows by their means in a metric over the data sets, those of the given names
// or, without any, all but those that chose on the test classes. It returns nil with one
// data set, and where fewer than two rows have the metric on all.
func Rank(sets []*Set, metric string, names ...string) *Ranking {
	if len(sets) < 2 {
		return nil
	}
	chosen, err := choose(sets, names)
	if err != nil {
		return nil
	}

	r := &Ranking{}
	var scores [][]float64
	means := make([]map[string]float64, len(sets))
	var seen []string
	for k, s := range sets {
		means[k] = map[string]float64{}
		for _, row := range chosen[k] {
			if len(names) == 0 && s.Rows[row].ChosenOnTest() {
				continue
			}
			if !slices.Contains(seen, s.names[row]) {
				seen = append(seen, s.names[row])
			}
			if s.measured(row, metric) {
				means[k][s.names[row]] = s.recordMean(row, metric)
			}
		}
	}
	for _, name := range seen {
		on := 0
		for k := range sets {
			if _, ok := means[k][name]; ok {
				on++
			}
		}
		if on < len(sets) {
			r.Missing = append(r.Missing, name)
			continue
		}
		r.Rows = append(r.Rows, name)
	}
	if len(r.Rows) < 2 {
		return nil
	}
	for k := range sets {
		var of []float64
		for _, name := range r.Rows {
			// Means that differ by the rounding of float32 have one rank.
			of = append(of, math.Round(means[k][name]*1e6)/1e6)
		}
		scores = append(scores, of)
	}

	r.order(stats.Rank(scores))
	return r
}

// order sets the rows in the order of their ranks.
func (r *Ranking) order(ranking stats.Ranking) {
	order := make([]int, len(r.Rows))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranking.Ranks[a], ranking.Ranks[b]) })

	place := make([]int, len(order))
	rows, ranks := make([]string, len(order)), make([]float64, len(order))
	for k, row := range order {
		place[row], rows[k], ranks[k] = k, r.Rows[row], ranking.Ranks[row]
	}
	for _, group := range ranking.Groups {
		for k, row := range group {
			group[k] = place[row]
		}
	}
	ranking.Ranks = ranks
	r.Ranking, r.Rows = ranking, rows
}

// letters are the groups of a row: "ab" for the first two. Rows that share a letter are
// not told apart.
func (r *Ranking) letters(row int) string {
	text := ""
	for k, group := range r.Groups {
		if slices.Contains(group, row) {
			if k < 26 {
				text += string(rune('a' + k))
			} else {
				text += fmt.Sprintf("(%d)", k+1)
			}
		}
	}
	return text
}

// An Overall is what the data sets say together about a pair.
type Overall struct {
	N     int     `json:"n"`      // data sets
	RankA float64 `json:"rank_a"` // averaged over the data sets, 1 the best of the report's rows
	RankB float64 `json:"rank_b"`

	// P is that of the hypothesis that the order of all rows of the report is chance, by
	// the F of Iman and Davenport. Ranks closer than CriticalDifference, Nemenyi's, are
	// not told apart: Tied.
	P                  *float64 `json:"p"`
	CriticalDifference *float64 `json:"critical_difference"`
	Tied               bool     `json:"tied"`
}

// addOverall fills in what the ranking says of each pair.
func (r *Report) addOverall() {
	if r.Ranking == nil {
		return
	}
	for _, m := range r.Matrices {
		for _, p := range m.Pairs {
			a, b := slices.Index(r.Ranking.Rows, p.A), slices.Index(r.Ranking.Rows, p.B)
			if a < 0 || b < 0 {
				continue
			}
			o := &Overall{
				N: r.Ranking.N, RankA: r.Ranking.Ranks[a], RankB: r.Ranking.Ranks[b],
				P: r.Ranking.P, CriticalDifference: r.Ranking.CriticalDifference, Tied: true,
			}
			if o.CriticalDifference != nil {
				o.Tied = math.Abs(o.RankA-o.RankB) < *o.CriticalDifference
			}
			p.Overall = o
		}
	}
}

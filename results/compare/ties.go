package compare

import (
	"slices"

	"gpwbench/results/stats"
)

// A Tie is a row's difference to the best row in one metric.
type Tie struct {
	stats.Tie
	Seeds   int `json:"seeds"`                   // over which both rows are averaged
	Dropped int `json:"dropped_seeds,omitempty"` // of which one of the rows has no run
}

// Compared reports whether the row is the best, or was tested against it. A row that has
// no seed in common with the best was not, and Why says so.
func (t Tie) Compared() bool { return t.N > 0 }

// Ties says for every row whether it is the best in a metric, tied with the best, or
// worse, by [stats.Bootstrap.Ties] over the test classes. Rows that cannot be compared,
// and rows that chose on the test classes, have nil and are in no family of tests. All
// are nil with fewer than two rows to compare, or fewer than two test classes.
//
// A row that has no seed in common with the best is in no family either: its tie is
// neither best nor tied, has N 0, and Why says so. Where that is every other row, the
// best is not compared with anything, and has such a tie too.
func (s *Set) Ties(metric string) []*Tie {
	ties := make([]*Tie, len(s.Rows))
	if s.Classes() < 2 {
		return ties
	}
	samples := s.samples(metric)
	var rows []int
	best, highest := -1, 0.0
	for r, v := range samples {
		if v == nil || v.row.ChosenOnTest() {
			continue
		}
		rows = append(rows, r)
		if m := mean(v.mean); best < 0 || m > highest {
			best, highest = len(rows)-1, m
		}
	}
	if len(rows) < 2 {
		return ties
	}

	found := make([]paired, len(rows))
	each(len(rows), func(k int) {
		if k != best {
			found[k] = samples[rows[k]].against(s.bootstrap, samples[rows[best]])
		}
	})
	s.judge(ties, rows, best, found)
	return ties
}

// judge fills in the ties of rows, whose differences to the best of them were found.
func (s *Set) judge(ties []*Tie, rows []int, best int, found []paired) {
	var tested []int
	var p []*float64
	for k, r := range rows {
		ties[r] = &Tie{Tie: stats.Tie{Difference: found[k].Difference}, Seeds: len(found[k].seeds), Dropped: found[k].dropped}
		if k == best || ties[r].Compared() {
			tested, p = append(tested, k), append(p, found[k].P)
		}
	}
	t := ties[rows[best]]
	if len(tested) == 1 {
		t.Difference = stats.Difference{Unit: "class", Why: noSeeds}
		return
	}

	adjusted, tied := stats.TiesOf(slices.Index(tested, best), p)
	for i, k := range tested {
		ties[rows[k]].PHolm, ties[rows[k]].Tied = adjusted[i], tied[i]
	}
	t.Best, t.Difference, t.Seeds = true, stats.Difference{N: s.Classes(), Unit: "class"}, len(s.Rows[rows[best]].Runs)
}

// mean is summed from the first value, so that equal values have exactly that mean.
func mean(values []float64) float64 {
	var shift float64
	for _, v := range values {
		shift += v - values[0]
	}
	return values[0] + shift/float64(len(values))
}

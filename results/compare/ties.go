package compare

import "gpwbench/results/stats"

// A Tie is a row's difference to the best row in one metric.
type Tie struct {
	stats.Tie
	Seeds   int `json:"seeds"`                   // over which both rows are averaged
	Dropped int `json:"dropped_seeds,omitempty"` // of which one of the rows has no run
}

// Ties says for every row whether it is the best in a metric, tied with the best, or
// worse, by [stats.Bootstrap.Ties] over the test classes. Rows that cannot be compared,
// and rows that chose on the test classes, have nil and are in no family of tests. All
// are nil with fewer than two rows to compare, or fewer than two test classes.
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
	p := make([]*float64, len(rows))
	each(len(rows), func(k int) {
		if k != best {
			found[k] = samples[rows[k]].against(s.bootstrap, samples[rows[best]])
			p[k] = found[k].P
		}
	})
	adjusted, tied := stats.TiesOf(best, p)
	for k, r := range rows {
		t := &Tie{Tie: stats.Tie{Difference: found[k].Difference, PHolm: adjusted[k], Tied: tied[k]}, Seeds: len(found[k].seeds), Dropped: found[k].dropped}
		if k == best {
			t.Best, t.Difference, t.Seeds = true, stats.Difference{N: s.Classes(), Unit: "class"}, len(s.Rows[r].Runs)
		}
		ties[r] = t
	}
	return ties
}

// mean is summed from the first value, so that equal values have exactly that mean.
func mean(values []float64) float64 {
	var shift float64
	for _, v := range values {
		shift += v - values[0]
	}
	return values[0] + shift/float64(len(values))
}

package compare

import (
	"slices"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// A sample is what a row has for each query that counts, in one metric.
type sample struct {
	row     Row
	perSeed [][]float64 // in the order of the row's runs
	mean    []float64   // over all of them
}

// sample returns a row's values in a metric, nil where the row cannot be compared in it.
func (s *Set) sample(row int, metric string) *sample {
	if s.why[row] != "" {
		return nil
	}
	v := &sample{row: s.Rows[row]}
	for _, q := range s.queries[row] {
		values, ok := q.Values(metric)
		if !ok {
			return nil
		}
		counted := make([]float64, len(s.positive))
		for k, i := range s.positive {
			counted[k] = values[i]
		}
		v.perSeed = append(v.perSeed, counted)
	}
	v.mean = stats.AverageSeeds(v.perSeed)
	return v
}

// samples returns those of all rows.
func (s *Set) samples(metric string) []*sample {
	all := make([]*sample, len(s.Rows))
	each(len(all), func(r int) { all[r] = s.sample(r, metric) })
	return all
}

// over averages the row over some of its seeds.
func (v *sample) over(seeds []uint64) []float64 {
	if v.row.constant() || len(seeds) == len(v.perSeed) {
		return v.mean
	}
	var some [][]float64
	of := v.row.seeds()
	for _, seed := range seeds {
		some = append(some, v.perSeed[slices.Index(of, seed)])
	}
	return stats.AverageSeeds(some)
}

// A paired difference is one of two rows over test classes, with the seeds over which
// both are averaged.
type paired struct {
	stats.Difference
	seeds   []uint64
	dropped int
}

// noSeeds is why rows without a common seed have no difference.
const noSeeds = "no seed in common"

// against compares two rows by a bootstrap.
func (v *sample) against(b *stats.Bootstrap, other *sample) paired {
	seeds, dropped := common(v.row, other.row)
	if len(seeds) == 0 {
		return paired{Difference: stats.Difference{N: 0, Unit: "class", Why: noSeeds}, dropped: dropped}
	}
	return paired{b.Difference(v.over(seeds), other.over(seeds)), seeds, dropped}
}

// Intervals returns the mean of every row in a metric, averaged over its seeds, with its
// interval over the test classes. Of a row without per-query results in the metric it is
// nil.
func (s *Set) Intervals(metric string) []*stats.Estimate {
	all := make([]*stats.Estimate, len(s.Rows))
	each(len(all), func(r int) {
		if v := s.sample(r, metric); v != nil {
			e := s.bootstrap.Mean(v.mean)
			all[r] = &e
		}
	})
	return all
}

// PerQuery reports whether a metric is a mean over queries, so that rows can be compared
// in it. NMI, EER and the like are none. Of every mean over queries larger values are
// better.
func PerQuery(metric string) bool {
	m, _, ok := results.FindMetric(metric)
	return ok && m.PerQuery
}

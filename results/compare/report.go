package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// A Report compares every pair of some rows, on each data set that has them.
type Report struct {
	Metric   string
	Matrices []Matrix
	Ranking  *Ranking // nil with one data set
	Notes    []string // whole sentences
}

// A Matrix is the pairs of one data set.
type Matrix struct {
	Dataset results.DatasetInfo
	Rows    []string
	Means   []float64 // of the rows, over all their seeds
	Classes int       // test classes, 0 where no row can be compared

	// Pairs are those of row i with row j > i, by i and then by j.
	Pairs []*Pair
}

// At returns the pair of two rows and whether its difference must be taken the other way
// round; nil for a row with itself.
func (m Matrix) At(i, j int) (p *Pair, reversed bool) {
	if i == j {
		return nil, false
	}
	a, b := min(i, j), max(i, j)
	n := len(m.Rows)
	return m.Pairs[a*n-a*(a+1)/2+b-a-1], i > j
}

// Metric returns the key of a metric in which rows of the sets can be compared: name, or
// for "" map_at_r where it was measured and else recall@1. The error is a [*NameError].
func Metric(sets []*Set, name string) (string, error) {
	var known []string
	for _, s := range sets {
		for r := range s.Rows {
			for key := range s.Rows[r].Runs[0].Metrics {
				if PerQuery(key) && !slices.Contains(known, key) {
					known = append(known, key)
				}
			}
		}
	}
	slices.SortFunc(known, results.CompareMetrics)
	if name != "" {
		if !slices.Contains(known, name) {
			return "", &NameError{What: "metric over queries", Name: name, Known: known}
		}
		return name, nil
	}
	for _, name := range []string{results.MAPAtR, results.MetricNamed(results.Recall).Key(1)} {
		if slices.Contains(known, name) {
			return name, nil
		}
	}
	if len(known) == 0 {
		return "", fmt.Errorf("no run measured a metric that is a mean over queries")
	}
	return known[0], nil
}

// All compares every pair of the rows of those names, of all rows without any. A name
// that no set has, or a metric, is a [*NameError]; fewer than two rows on every data set
// are an error too. The p-values of a data set are adjusted by Holm as one family.
func All(sets []*Set, metric string, names ...string) (*Report, error) {
	metric, err := Metric(sets, metric)
	if err != nil {
		return nil, err
	}
	chosen, err := choose(sets, names)
	if err != nil {
		return nil, err
	}

	r := &Report{Metric: metric}
	var lacking []string
	for k, s := range sets {
		var rows []int
		for _, row := range chosen[k] {
			if s.measured(row, metric) {
				rows = append(rows, row)
			} else {
				lacking = append(lacking, s.rowName(sets, row))
			}
		}
		if len(rows) >= 2 {
			r.Matrices = append(r.Matrices, s.matrix(rows, metric))
		}
	}
	if len(r.Matrices) == 0 {
		return nil, fmt.Errorf("no data set has two rows to compare in %s", metric)
	}
	r.Ranking = Rank(sets, metric, names...)
	r.addOverall()
	r.Notes = append(r.notes(sets, chosen), lackingNote(metric, lacking)...)
	return r, nil
}

// choose returns the rows of those names in each set.
func choose(sets []*Set, names []string) ([][]int, error) {
	chosen := make([][]int, len(sets))
	if len(names) == 0 {
		for k, s := range sets {
			for r := range s.Rows {
				chosen[k] = append(chosen[k], r)
			}
		}
		return chosen, nil
	}

	for _, name := range names {
		known, several := []string{}, []string(nil)
		found := false
		for k, s := range sets {
			r, err := s.Find(name)
			if err == nil {
				found = true
				if slices.Contains(chosen[k], r) {
					return nil, &TwiceError{s.names[r], fmt.Sprintf("the row %s is named twice, and a row does not differ from itself; name another one", s.names[r])}
				}
				chosen[k] = append(chosen[k], r)
				continue
			}
			known = appendNew(known, s.names)
			if e := new(NameError); errors.As(err, &e) {
				several = appendNew(several, e.Several)
			}
		}
		if !found {
			return nil, &NameError{"row", name, known, several}
		}
	}
	return chosen, nil
}

// appendNew appends the names that are not there yet.
func appendNew(all, names []string) []string {
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// matrix compares the rows of a set in all pairs, on all cores.
func (s *Set) matrix(rows []int, metric string) Matrix {
	m := Matrix{Dataset: s.Dataset, Classes: s.Classes()}
	samples := s.samples(metric)
	type place struct{ a, b int }
	var places []place
	for k, a := range rows {
		m.Rows, m.Means = append(m.Rows, s.names[a]), append(m.Means, s.recordMean(a, metric))
		for _, b := range rows[k+1:] {
			places = append(places, place{a, b})
		}
	}
	m.Pairs = make([]*Pair, len(places))
	each(len(places), func(k int) { m.Pairs[k] = s.pairOf(places[k].a, places[k].b, metric, samples) })
	adjust(m.Pairs)
	return m
}

// A PairReport is one pair in full, on each data set that has both rows.
type PairReport struct {
	Metric string
	Pairs  []*Pair
	Notes  []string // whole sentences
}

// Two compares the rows of two names. Errors are those of [All]. The p-values are
// adjusted by Holm for the data sets.
func Two(sets []*Set, metric, a, b string) (*PairReport, error) {
	metric, err := Metric(sets, metric)
	if err != nil {
		return nil, err
	}
	chosen, err := choose(sets, []string{a, b})
	if err != nil {
		return nil, err
	}

	r := &PairReport{Metric: metric}
	var both []*Set
	var lacking []string
	var fill []func(family int)
	for k, s := range sets {
		lacks := false
		for _, row := range chosen[k] {
			if !s.measured(row, metric) {
				lacking, lacks = append(lacking, s.rowName(sets, row)), true
			}
		}
		if len(chosen[k]) < 2 || lacks {
			continue
		}
		samples := s.samples(metric)
		rowA, rowB := chosen[k][0], chosen[k][1]
		p := s.pairOf(rowA, rowB, metric, samples)
		r.Pairs, both = append(r.Pairs, p), append(both, s)
		fill = append(fill, func(family int) { p.Detail = s.detail(rowA, rowB, p, samples, family) })
	}
	if len(r.Pairs) == 0 {
		if len(lacking) > 0 {
			return nil, fmt.Errorf("%s was not measured by %s", metric, strings.Join(lacking, ", "))
		}
		return nil, fmt.Errorf("no data set has both rows, %s and %s", a, b)
	}
	adjust(r.Pairs)
	for _, f := range fill {
		f(len(r.Pairs))
	}
	r.Notes = append(r.notes(both), lackingNote(metric, lacking)...)
	return r, nil
}

// rowName is the name of a row, with the data set where there are several.
func (s *Set) rowName(sets []*Set, row int) string {
	if len(sets) == 1 {
		return s.names[row]
	}
	return s.Dataset.Name + "/" + s.names[row]
}

// title is the metric as tables print it, or its key.
func title(metric string) string {
	m, k, _ := results.FindMetric(metric)
	if t := m.ColumnTitle(k); t != "" {
		return t
	}
	return metric
}

// datasetTitle names a data set and marks a synthetic one.
func datasetTitle(name string, synthetic bool) string {
	if synthetic {
		return name + " (synthetic)"
	}
	return name
}

// smallestOf is the range of the smallest detectable differences of pairs in points, ""
// without any.
func smallestOf(pairs []*Pair) string {
	var all []float64
	for _, p := range pairs {
		if p.Smallest != nil {
			all = append(all, *p.Smallest)
		}
	}
	if len(all) == 0 {
		return ""
	}
	low, high := percent(slices.Min(all)), percent(slices.Max(all))
	if low == high {
		return low + " points"
	}
	return low + " to " + high + " points, depending on the pair,"
}

// canReject reports whether the smallest p of a bootstrap is significant in a family.
func canReject(family int) bool { return float64(family)/(stats.Resamples+1) < stats.Level }

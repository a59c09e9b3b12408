package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/npy"
)

// Queries are what a run measured of each query, in the order of the test rows. All
// slices have one element a query. Means over the queries that have a positive give the
// metrics of the record, up to the rounding of AP and RP to float32.
type Queries struct {
	// Class of the query: its place among the labels of all queries, from 0.
	Classes []int32

	// Negatives above the best positive, negatives that tie with it, and positives that
	// tie with it, itself included; −1, 0 and 0 of a query without a positive. See
	// retrieval.Scores.
	Above, Equal, PosEqual []int32

	// AP@R and R-precision, expected over random orders of ties, in [0, 1]; nil where the
	// run did not measure them.
	AP, RP []float32

	// Also are the parts of the other metrics that are means over queries, by their keys,
	// expected over random orders of ties.
	Also map[string][]float32
}

// QueriesFile is where the per-query results of a run are kept, in the results folder.
func QueriesFile(id string) string { return "queries/" + id + ".npz" }

// QueriesOf takes what is kept of an evaluation of queries with these labels.
func QueriesOf(s *retrieval.Scores, labels []int) *Queries {
	q := &Queries{Above: s.Above, Equal: s.Equal, PosEqual: s.PosEqual}
	classes := slices.Compact(slices.Sorted(slices.Values(labels)))
	for _, l := range labels {
		c, _ := slices.BinarySearch(classes, l)
		q.Classes = append(q.Classes, int32(c))
	}
	for i := range s.AP {
		q.AP = append(q.AP, float32(s.AP[i].Expected))
		q.RP = append(q.RP, float32(s.RP[i].Expected))
	}
	return q
}

// Values returns the part of each query in a metric, by its key in [Record.Metrics]. Its
// mean over the queries for which HasPositive holds is the metric. It reports false for a
// metric that is no mean over queries, such as NMI, and for one that was not measured.
func (q *Queries) Values(key string) (values []float64, ok bool) {
	m, k, _ := FindMetric(key)
	var value func(i int) float64
	switch m.Name {
	case Recall:
		value = func(i int) float64 { return indicator(int(q.Above[i]) < k) }
	case RecallPessimistic:
		value = func(i int) float64 { return indicator(int(q.Above[i])+int(q.Equal[i]) < k) }
	case RecallExpected:
		value = func(i int) float64 {
			return retrieval.ExpectedHit(int(q.Above[i]), int(q.Equal[i]), int(q.PosEqual[i]), k)
		}
	case MAPAtR:
		value = func(i int) float64 { return float64(q.AP[i]) }
	case RPrecision:
		value = func(i int) float64 { return float64(q.RP[i]) }
	}
	if also, ok := q.Also[key]; ok {
		value = func(i int) float64 { return float64(also[i]) }
	}
	if value == nil || q.AP == nil && (m.Name == MAPAtR || m.Name == RPrecision) {
		return nil, false
	}

	values = make([]float64, len(q.Above))
	for i := range values {
		if q.HasPositive(i) {
			values[i] = value(i)
		}
	}
	return values, true
}

// Add adds the parts of a further metric that is a mean over queries, one a query.
func (q *Queries) Add(key string, values []retrieval.Range) {
	parts := make([]float32, len(values))
	for i, v := range values {
		parts[i] = float32(v.Expected)
	}
	q.keep(key, parts)
}

func (q *Queries) keep(key string, parts []float32) {
	if q.Also == nil {
		q.Also = map[string][]float32{}
	}
	q.Also[key] = parts
}

// HasPositive reports whether a query has a positive in the gallery, and so counts.
func (q *Queries) HasPositive(i int) bool { return q.Above[i] >= 0 }

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Write writes an npz with the arrays classes and above, ap and rp where they were
// measured, tied, equal and pos_equal of the queries with a tie, and one array for each
// metric of Also, named by its key. Of queries without a tie equal is 0 and pos_equal is
// 1, or 0 without a positive.
func (q *Queries) Write(w io.Writer) error {
	var tied, equal, posEqual []int32
	for i := range q.Above {
		if q.Equal[i] != 0 || q.PosEqual[i] > 1 {
			tied, equal, posEqual = append(tied, int32(i)), append(equal, q.Equal[i]), append(posEqual, q.PosEqual[i])
		}
	}

	members := []npy.Member{vector("classes", q.Classes), vector("above", q.Above)}
	if q.AP != nil {
		members = append(members, vector("ap", q.AP), vector("rp", q.RP))
	}
	members = append(members, vector("tied", tied), vector("equal", equal), vector("pos_equal", posEqual))
	for _, key := range slices.SortedFunc(maps.Keys(q.Also), CompareMetrics) {
		members = append(members, vector(key, q.Also[key]))
	}
	return npy.WriteNPZ(w, members)
}

func vector[T int32 | float32](name string, data []T) npy.Member {
	return npy.Member{Name: name, Shape: []int{len(data)}, Data: data}
}

// ReadQueries reads the per-query results of a run. The error is fs.ErrNotExist where the
// run kept none, and a [*DamagedError] where the file is not as a run wrote it.
func (s *Store) ReadQueries(r Record) (*Queries, error) {
	if err := s.opened(); err != nil {
		return nil, err
	}
	name := QueriesFile(r.ID)
	arrays, err := npy.ReadNPZ(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, s.CheckFile(r, name)
	}

	var q *Queries
	if err == nil {
		q, err = queriesOf(arrays, r.Queries)
	}
	if err != nil {
		return nil, &DamagedError{s.path(name), err}
	}
	return q, s.CheckFile(r, name)
}

// queriesOf reads the arrays of a file of n queries.
func queriesOf(arrays map[string]*npy.Array, n int) (*Queries, error) {
	r := arrayReader{arrays: arrays}
	q := &Queries{Classes: r.ints("classes", n), Above: r.ints("above", n)}
	if arrays["ap"] != nil || arrays["rp"] != nil {
		q.AP, q.RP = r.floats("ap", n), r.floats("rp", n)
	}
	tied := r.ints("tied", -1)
	equal, posEqual := r.ints("equal", len(tied)), r.ints("pos_equal", len(tied))
	for name := range arrays {
		if m, _, known := FindMetric(name); known && m.PerQuery {
			q.keep(name, r.floats(name, n))
		}
	}
	if r.err != nil {
		return nil, r.err
	}

	q.Equal, q.PosEqual = make([]int32, n), make([]int32, n)
	for i, above := range q.Above {
		if above >= 0 {
			q.PosEqual[i] = 1
		}
	}
	for k, i := range tied {
		if i < 0 || int(i) >= n {
			return nil, fmt.Errorf("its array tied names query %d of %d", i, n)
		}
		q.Equal[i], q.PosEqual[i] = equal[k], posEqual[k]
	}
	return q, q.check()
}

// check refuses numbers that no evaluation gives.
func (q *Queries) check() error {
	for i, above := range q.Above {
		if above < -1 || q.Equal[i] < 0 || q.PosEqual[i] < 0 || (above < 0) != (q.PosEqual[i] == 0) {
			return fmt.Errorf("query %d has the counts %d, %d and %d", i, above, q.Equal[i], q.PosEqual[i])
		}
	}
	for _, v := range slices.Concat(q.AP, q.RP) {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("it has the precision %v, and one is in [0, 1]", v)
		}
	}
	for key, parts := range q.Also {
		low, high := rangeOf(key)
		for i, v := range parts {
			if !(float64(v) >= low && float64(v) <= high) {
				return fmt.Errorf("query %d has %v in %s, and one is in [%v, %v]", i, v, key, low, high)
			}
		}
	}
	return nil
}

// An arrayReader reads arrays of one dimension, and keeps the first error.
type arrayReader struct {
	arrays map[string]*npy.Array
	err    error
}

// array returns the array of that name and length; any length will do for −1.
func (r *arrayReader) array(name string, n int) *npy.Array {
	a := r.arrays[name]
	switch {
	case r.err != nil:
		return nil
	case a == nil:
		r.err = fmt.Errorf("it has no array %s", name)
	case len(a.Shape) != 1 || n >= 0 && a.Shape[0] != n:
		r.err = fmt.Errorf("its array %s has the shape %v, and the run has %d queries", name, a.Shape, n)
	default:
		return a
	}
	return nil
}

func (r *arrayReader) ints(name string, n int) []int32 {
	a := r.array(name, n)
	if a == nil {
		return nil
	}
	values, err := a.Ints()
	if err != nil {
		r.err = fmt.Errorf("array %s: %w", name, err)
		return nil
	}

	all := make([]int32, len(values))
	for i, v := range values {
		if all[i] = int32(v); int(all[i]) != v {
			r.err = fmt.Errorf("its array %s holds %d", name, v)
			return nil
		}
	}
	return all
}

func (r *arrayReader) floats(name string, n int) []float32 {
	a := r.array(name, n)
	if a == nil {
		return nil
	}
	values, err := a.Float64s()
	if err != nil {
		r.err = fmt.Errorf("array %s: %w", name, err)
		return nil
	}

	all := make([]float32, len(values))
	for i, v := range values {
		all[i] = float32(v)
	}
	return all
}

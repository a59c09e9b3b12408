package metrics

import (
	"cmp"
	"context"
	"slices"

	"gpwbench/benchmarks/retrieval"
)

// A Query is one of the worst, with what its ranking begins with.
type Query struct {
	Row   int     // of the queries
	Value float64 // of the metric by which they are ordered
	Rank  int     // of the best positive, with ties against the query

	Best retrieval.Found // the most similar positive

	// Before are the first rows that rank before it, at most Shown of the Rank − 1.
	Before []retrieval.Found
}

// Shown is how many rows are listed that rank before the best positive of a query.
const Shown = 3

// findWorst lists the n worst queries by the first metric of queries that has a value,
// and of equal ones those whose best positive ranks last, or else the first rows.
func (e *Evaluation) findWorst(ctx context.Context, n int) error {
	k := slices.IndexFunc(e.Values, func(v Value) bool { return v.PerQuery != nil })
	if n < 1 || k < 0 {
		return nil
	}
	var rows []int
	for row := range e.Queries.Rows {
		if e.Counted(row) {
			rows = append(rows, row)
		}
	}
	by := e.Values[k].PerQuery
	last := func(row int) int32 { return e.Scores.Above[row] + e.Scores.Equal[row] }
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(by[a].Expected, by[b].Expected), cmp.Compare(last(b), last(a)))
	})
	rows = rows[:min(n, len(rows))]

	var gallery *retrieval.Vectors
	var labels []int
	s := &e.search
	if s.gallery != nil {
		gallery, labels = &s.gallery.Vectors, s.gallery.Labels
	}
	before, best, ranks, err := retrieval.Outranking(ctx, s.queries.Vectors, s.queries.Labels, gallery, labels, s.rules, rows, Shown)
	if err != nil {
		return err
	}
	for i, row := range rows {
		e.Worst = append(e.Worst, Query{Row: row, Value: by[row].Expected, Rank: ranks[i], Best: best[i], Before: before[i]})
	}
	return nil
}

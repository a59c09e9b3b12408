package metrics

import (
	"context"
	"errors"
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

// A search is what is ranked: the sets of an evaluation, or expanded queries.
type search struct {
	queries Set
	gallery *Set
	rules   retrieval.Rules
	notes   []string
}

// prepare sets what is ranked. Expanded queries are no rows of their own set any more, so
// where the queries search each other, that set becomes a gallery, and a group for each
// row keeps a query from its own row.
func (e *Evaluation) prepare(ctx context.Context) error {
	e.search = search{queries: e.Queries, gallery: e.Gallery, rules: e.Rules}
	x, again := e.options.Expansion, e.Rules.Reranking
	if again.On() {
		e.search.notes = []string{fmt.Sprintf("rows are re-ranked by k-reciprocal encodings, with k1 = %d, k2 = %d and λ = %g", again.K1, again.K2, again.Lambda)}
	}
	switch {
	case x == retrieval.Expansion{}:
		return nil
	case again.On():
		return errors.New("metrics: re-ranking encodes the queries with the rows that they search, and expanded queries are no such rows: choose one of the two")
	case e.Rules.Similarity != retrieval.Cosine:
		return errors.New("metrics: query expansion is of cosines alone")
	case e.Rules.NoCopies:
		return errors.New("metrics: an expanded query is a copy of no row, so copies cannot be left out for it")
	}

	var gallery *retrieval.Vectors
	if e.Gallery != nil {
		gallery = &e.Gallery.Vectors
	}
	expanded, err := x.Expand(ctx, e.Queries.Vectors, gallery)
	if err != nil {
		return err
	}

	s := &e.search
	s.queries.Vectors = expanded
	s.notes = []string{fmt.Sprintf("queries are expanded by the %d rows that they find first, with α = %g", x.K, x.Alpha)}
	if e.Gallery != nil {
		return nil
	}
	s.gallery, s.rules.GalleryLabels = &e.Queries, e.Rules.Labels
	if s.rules.Groups == nil {
		s.rules.Groups = make([]int, e.Queries.Rows)
		for i := range s.rules.Groups {
			s.rules.Groups[i] = i
		}
	}
	s.rules.GalleryGroups = s.rules.Groups
	return nil
}

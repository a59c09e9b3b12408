package table

import (
	"errors"
	"fmt"

	"gpwbench/results"
)

// Of makes the table of a plan from the records that are done, and marks the best rows
// and those tied with them from the per-query results beside the records. If some runs
// are missing, its first note says how many.
func Of(s *results.Store, p results.Plan) (*Table, error) {
	if s == nil {
		return nil, errors.New("results: no folder to make a table of; results.OpenRead opens one")
	}

	records, err := s.CompletedRecords(p)
	if err != nil {
		return nil, err
	}

	var reference *Reference
	if p.Reference != "" {
		if reference, err = Published(p.Reference); err != nil {
			return nil, err
		}
	}

	t := summarize(p.Spread(records), p.Order, p.Sweep, reference)
	t.Compare(s)
	t.Notes = append(s.Damaged(p), t.Notes...)
	if len(records) < len(p.Runs) {
		t.Notes = append([]string{fmt.Sprintf("Unfinished: %d of %d runs are done.", len(records), len(p.Runs))}, t.Notes...)
	}
	return t, nil
}

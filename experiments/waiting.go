package experiments

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// pollInterval is the time between two looks at the runs that other processes make.
const pollInterval = time.Second

// runDatasets runs the jobs of every data set and preprocessing. Jobs that another
// process has claimed wait until the others are done. The data stay in memory for them,
// because that process may be killed.
func (r *runner) runDatasets(ctx context.Context, data []*datasetRuns, jobs [][]job, out *Outcome) error {
	noted := map[string]bool{}
	for round := 0; ; round++ {
		waiting := 0
		for k, w := range data {
			if w == nil {
				continue
			}

			w.store, w.note = r.store, r.Progress.Note
			var err error
			if jobs[k], err = r.runAll(ctx, jobs[k], out); err != nil {
				return err
			}

			if len(jobs[k]) == 0 {
				// The features of a data set whose runs are done are memory for the next.
				data[k] = nil
			}

			waiting += len(jobs[k])
		}

		if waiting == 0 {
			return nil
		}

		if round > 1 { // a wait of a second or two is not noted
			r.noteWaiting(jobs, noted)
		}
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// noteWaiting notes, once for each process, which runs it has claimed.
func (r *runner) noteWaiting(jobs [][]job, noted map[string]bool) {
	first, runs := map[string]job{}, map[string]int{}
	for _, js := range jobs {
		for _, j := range js {
			holder := r.store.Holder(j.record.ID)
			if runs[holder]++; runs[holder] == 1 {
				first[holder] = j
			}
		}
	}

	for _, holder := range slices.Sorted(maps.Keys(runs)) {
		n := runs[holder]
		if noted[holder] {
			continue
		}
		noted[holder] = true
		others := ""
		if n > 1 {
			others = fmt.Sprintf(" and %d more", n-1)
		}
		r.Progress.Note(fmt.Sprintf("waiting for %s%s, which %s is making", first[holder], others, holder))
	}
}

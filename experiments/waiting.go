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

// noteOthers notes which other processes in the folder are of another revision of the
// program, because their records need not be those of this one.
func (r *runner) noteOthers() {
	for _, h := range r.store.Processes() {
		if h.Revision != "" && r.Revision != "" && h.Revision != r.Revision {
			r.Progress.Note(fmt.Sprintf("%s makes runs in this folder with revision %s of the program, and this is revision %s; every record says which made it: use one revision on all machines", h, h.Revision, r.Revision))
		}
	}
}

// countLost counts work that is begun again because another process lost it, and says so.
func (r *runner) countLost(j job, id string) error {
	from, err := r.store.AppendLost(id)
	if from != nil && err == nil {
		r.Progress.Note(fmt.Sprintf("%s is made again: %s had begun it, and was killed or has not renewed its lease", j, from))
	}
	return err
}

package experiments

import (
	"fmt"
	"slices"
	"strings"
)

// A Part is some of the runs of an experiment, such as those that a task of a cluster
// makes.
type Part struct {
	Runs []string // ids

	// Datasets are the names of the data sets that the runs are on. No other is read.
	Datasets []string
}

// A ChangedError says that runs of a part are not runs of the experiment.
type ChangedError struct {
	Runs []string // their ids
	Of   int      // runs of the part

	// Superseded says that the folder belongs to another experiment by now, whose plan
	// does not have the runs. Otherwise the spec, the data or the program is another.
	Superseded bool
}

func (e *ChangedError) Error() string {
	which := fmt.Sprintf("%d of the %d runs", len(e.Runs), e.Of)
	if len(e.Runs) == e.Of {
		which = fmt.Sprintf("the %d runs", e.Of)
	}
	var ids []string
	for _, id := range e.Runs[:min(3, len(e.Runs))] {
		ids = append(ids, fmt.Sprintf("%.12s", id))
	}
	if len(e.Runs) > 3 {
		ids = append(ids, "…")
	}
	which += " (" + strings.Join(ids, ", ") + ")"
	if e.Superseded {
		return which + " are not in the plan of the folder any more, because another experiment was begun there: nothing is made for them; begin the former one again, in a folder of its own"
	}
	return which + " do not follow from the spec and the data as they are here: the files of the data set changed, or are others on this machine, or the program is another; begin the experiment again where they are right"
}

// leavesOut reports whether no run of the part is on a data set.
func (p *Part) leavesOut(dataset string) bool {
	return p != nil && !slices.Contains(p.Datasets, dataset)
}

// ofPart keeps the jobs of the part. It refuses a part with other runs, because what
// their records hold would be found by nobody.
func (r *runner) ofPart(jobs [][]job) ([][]job, error) {
	if r.Part == nil {
		return jobs, nil
	}
	plan, err := r.store.Plan()
	if err != nil {
		return nil, err
	}

	wanted, planned := map[string]bool{}, map[string]bool{}
	for _, id := range r.Part.Runs {
		wanted[id] = true
	}
	for _, id := range plan.Runs {
		planned[id] = true
	}
	changed := &ChangedError{Of: len(r.Part.Runs)}
	for _, id := range r.Part.Runs {
		if !planned[id] {
			changed.Runs = append(changed.Runs, id)
		}
	}
	if len(changed.Runs) > 0 {
		changed.Superseded = true
		return nil, changed
	}

	kept := make([][]job, len(jobs))
	for k, js := range jobs {
		for _, j := range js {
			if wanted[j.record.ID] {
				kept[k] = append(kept[k], j)
				delete(wanted, j.record.ID)
			}
		}
	}
	for _, id := range r.Part.Runs {
		if wanted[id] {
			changed.Runs = append(changed.Runs, id)
		}
	}
	if len(changed.Runs) > 0 {
		return nil, changed
	}
	return kept, nil
}

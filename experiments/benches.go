package experiments

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"gpwbench/results"
)

// output is what the experiment writes into its folder beside the files of its runs.
func (r *runner) output(p results.Plan, benches []*datasetRuns, jobs [][]job) results.Output {
	o := results.Output{Plan: p, Spec: r.source, SpecFile: r.SpecFile, SpecName: specName}
	if r.Figures != nil {
		o.Figures = r.Figures.Names
	}
	for k, w := range benches {
		for _, j := range jobs[k] {
			if len(j.Keep) > 0 {
				o.Kept = append(o.Kept, w.record(j.PlannedRun, j.id, j.settings))
			}
		}
	}
	return o
}

// specName reads the name of an experiment from a spec that has the layout that YAML's
// encoder gives it, and "" from any other.
func specName(spec []byte) string {
	var doc yaml.Node
	if yaml.Unmarshal(spec, &doc) != nil || len(doc.Content) == 0 {
		return ""
	}
	root := doc.Content[0]
	again, err := yaml.Marshal(root)
	if err != nil || string(again) != string(spec) || root.Kind != yaml.MappingNode {
		return ""
	}
	for k := 0; k+1 < len(root.Content); k += 2 {
		if root.Content[k].Value == "name" {
			return root.Content[k+1].Value
		}
	}
	return ""
}

// pollInterval is the time after which runs that other processes have in hand are looked at again.
const pollInterval = time.Second

// runDatasets runs the jobs of every data set. Those that another process has in hand wait
// until the other data sets are through; the data stay in memory for them, as that
// process may be killed.
func (r *runner) runDatasets(ctx context.Context, benches []*datasetRuns, jobs [][]job, out *Outcome) error {
	told := map[string]bool{}
	for round := 0; ; round++ {
		waiting := 0
		for k, w := range benches {
			if w == nil {
				continue
			}
			w.store, w.remark = r.store, r.Progress.Note
			var err error
			if jobs[k], err = r.runAll(ctx, w, jobs[k], out); err != nil {
				return err
			}
			if len(jobs[k]) == 0 {
				benches[k] = nil // the features of a data set whose runs are done are memory for the next
			}
			waiting += len(jobs[k])
		}
		if waiting == 0 {
			return nil
		}
		if round > 1 { // what is done in a second or two needs no word
			r.noteWaiting(jobs, told)
		}
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// noteWaiting says once of each process which runs it has in hand.
func (r *runner) noteWaiting(jobs [][]job, told map[string]bool) {
	first, runs := map[string]job{}, map[string]int{}
	for _, js := range jobs {
		for _, j := range js {
			holder := r.store.Holder(j.id)
			if runs[holder]++; runs[holder] == 1 {
				first[holder] = j
			}
		}
	}
	for _, holder := range slices.Sorted(maps.Keys(runs)) {
		n := runs[holder]
		if told[holder] {
			continue
		}
		told[holder] = true
		others := ""
		if n > 1 {
			others = fmt.Sprintf(" and %d more", n-1)
		}
		r.Progress.Note(fmt.Sprintf("waiting for %s%s, which %s has in hand", first[holder], others, holder))
	}
}

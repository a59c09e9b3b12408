package experiments

import (
	"fmt"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// jobsOn are the runs on a data set, of all variants.
func (l *loadedSpec) jobsOn(dataset string) []PlannedRun {
	var runs []PlannedRun
	for _, js := range l.jobs {
		for _, j := range js {
			if j.Dataset.Name == dataset {
				runs = append(runs, j.PlannedRun)
			}
		}
	}
	return runs
}

// describeSweep lists what a spec with a sweep would run: the values of its keys with the
// rows that they change, and the data sets and rows as they are without it.
func (l *loadedSpec) describeSweep(s *spec.Spec) string {
	var b strings.Builder
	variants, runs := len(l.views), 0
	for _, js := range l.jobs {
		runs += len(js)
	}
	if l.jobs == nil { // something is wrong
		fmt.Fprintf(&b, "%s: %s\n", s.Name, counted(variants, "variant", "variants"))
	} else {
		fmt.Fprintf(&b, "%s: %s of %s\n", s.Name, counted(runs, "run", "runs"), counted(variants, "variant", "variants"))
	}

	for k, key := range s.Sweep {
		var values []string
		for _, text := range results.SweptTexts(key.Values) {
			if strings.Contains(text, ",") {
				text = "[" + text + "]"
			}
			values = append(values, text)
		}
		fmt.Fprintf(&b, "  sweep     %s: %s%s\n", key.Path, strings.Join(values, ", "), l.sweep.rowsOf(k))
	}
	b.WriteString("  The settings below are those without the sweep.\n")

	for k := range s.Datasets {
		d := &s.Datasets[k]
		var read *loadedDataset
		for _, views := range l.views {
			if w := views[k]; w != nil && read == nil {
				read = w.loadedDataset
			}
		}
		describeDataset(&b, d, read, s.Seeds)
		describeParts(&b, s, read, l.jobsOn(d.Name))
		for k := range s.Baselines {
			describeBaseline(&b, d, &s.Baselines[k])
		}
		describeRows(&b, s, d)
		for _, note := range l.notesOn(k) {
			fmt.Fprintf(&b, "  note      %s\n", strings.TrimPrefix(note, d.Name+": "))
		}
	}
	return b.String()
}

package experiments

import (
	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// output is what the experiment writes into its folder beside the files of its runs.
func (r *runner) output(p results.Plan, jobs [][]job) results.Output {
	o := results.Output{Plan: p, Spec: r.source, SpecFile: r.SpecFile, SpecName: spec.EncodedName}
	if r.Figures != nil {
		o.Figures = r.Figures.Names
	}
	for _, js := range jobs {
		for _, j := range js {
			if len(j.Keep) > 0 {
				o.Kept = append(o.Kept, p.Place(j.record))
			}
		}
	}
	return o
}

package experiments

import (
	"os"
	"path/filepath"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// output is what the experiment writes into its folder beside the files of its runs.
func (r *runner) output(p results.Plan, jobs [][]job) results.Output {
	o := results.Output{Plan: p, Spec: r.source, SpecFile: r.SpecFile, SpecName: spec.EncodedName, Report: r.Report != nil}
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

// keptIn takes the spec as it is where its file is the one of the folder of results. That
// one is the user's, and its relative paths begin in the folder already.
func (r *runner) keptIn(dir string) (err error) {
	read, err1 := os.Stat(r.SpecFile)
	kept, err2 := os.Stat(filepath.Join(dir, results.SpecFile))
	if err1 == nil && err2 == nil && os.SameFile(read, kept) {
		r.source, err = r.spec.Source()
	}
	return err
}

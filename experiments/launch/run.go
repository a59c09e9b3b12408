package launch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gpwbench/experiments"
	"gpwbench/experiments/launch/slurm"
	"gpwbench/experiments/spec"
)

// Options say how an experiment is launched. Those of package experiments are as there,
// but that Workers, Fresh and Part say nothing here.
type Options struct {
	experiments.Options
	How
}

// An Outcome is what [Run] did and found.
type Outcome struct {
	*experiments.Outcome
	Placed
}

// Run begins an experiment in the results folder dir, submits what is missing and what no
// task of an earlier launch has, and returns what is done by then, with its table. The
// same call later collects. Why a task waits for ever, or ended before its runs, is
// noted. Nothing is written where the scheduler is not installed, or while tasks of
// another experiment are in the folder.
//
// The error is a [slurm.RefusedError] where the scheduler refuses the tasks, and those of
// [experiments.Run].
func Run(ctx context.Context, s *spec.Spec, dir string, o Options) (out *Outcome, err error) {
	ctx = cmp.Or(ctx, context.Background())
	most, err := o.ready(ctx, s.Name, dir)
	if err != nil {
		return nil, err
	}
	begun, err := experiments.Begin(ctx, s, dir, o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, begun.Close()) }()

	r := newLauncher(o.How, dir, most, &runs{begun, s, o.Options}, o.Progress)
	out = &Outcome{Outcome: begun.Outcome}
	err = r.launch(ctx)
	out.Placed = r.out
	if err != nil || begun.Outcome.Done == 0 {
		return out, err
	}
	return out, begun.Derive(ctx)
}

// runs are those of an experiment, as work.
type runs struct {
	begun   *experiments.Begun
	spec    *spec.Spec
	options experiments.Options
}

func (w *runs) launch() (Launch, []byte) {
	return Launch{
		Experiment: w.spec.Name, Revision: w.options.Revision, SpecFile: w.begun.SourceFile, Claims: Claims{w.options.Claims.Kind, w.options.Claims.Lease},
	}, w.begun.Source
}

func (w *runs) resources() spec.Launch { return w.spec.Launch }

func (w *runs) missing() (ids []string) {
	for _, m := range w.begun.Missing {
		ids = append(ids, m.ID)
	}
	return ids
}

func (w *runs) tasks(ids []string) []Task {
	var these []experiments.MissingRun
	for _, m := range w.begun.Missing {
		if slices.Contains(ids, m.ID) {
			these = append(these, m)
		}
	}
	return tasksOf(w.spec, these)
}

func (w *runs) update() error { return w.begun.Update() }

func (w *runs) count() (all, done int) { return w.begun.Outcome.Runs, w.begun.Outcome.Done }

// tasksOf cuts runs by what the spec asks for.
func tasksOf(s *spec.Spec, runs []experiments.MissingRun) []Task {
	return cut(runs, s.Launch.RunsPerTask, s.Launch.CPUs, slurm.Script{Ask: s.Launch}.Usable())
}

// Script describes what [Run] would submit, and the script of the first array. It writes
// nothing, and where the scheduler is not installed the arrays are those of its default.
func Script(ctx context.Context, s *spec.Spec, dir string, o Options) (string, error) {
	ctx = cmp.Or(ctx, context.Background())
	runs, err := experiments.FindMissing(ctx, s, dir, o.Options)
	if err != nil {
		return "", err
	}
	if len(runs) == 0 {
		return "all runs are done; nothing would be submitted\n", nil
	}

	tasks := tasksOf(s, runs)
	return o.dry(ctx, dir, s.Name, s.Launch, tasks, func(arrays int) string { return describe(runs, tasks, arrays) })
}

// describe says how runs are cut.
func describe(runs []experiments.MissingRun, tasks []Task, arrays int) string {
	longest := slices.MaxFunc(tasks, func(a, b Task) int { return cmp.Compare(a.Seconds, b.Seconds) })
	return fmt.Sprintf("%d runs are missing: %d tasks of up to %d runs, the longest of about %s of one core, in %d arrays; runs that tasks of an earlier launch have are not submitted again\n",
		len(runs), len(tasks), mostRuns(tasks), time.Duration(longest.Seconds*float64(time.Second)).Round(time.Second), arrays)
}

func mostRuns(tasks []Task) int {
	most := 0
	for _, t := range tasks {
		most = max(most, len(t.Runs))
	}
	return most
}

package launch

import (
	"cmp"
	"context"
	"fmt"

	"gpwbench/experiments"
	"gpwbench/experiments/spec"
)

// Parts are work that is divided into commands of the program, each of which leaves a
// part of the result in a file.
type Parts struct {
	Name     string // of the work, by which tasks of other work in the folder are told apart
	Revision string // of the program
	Launch   spec.Launch
	Commands [][]string

	// Look returns the numbers of the commands whose parts are not whole, and how much of
	// the work is done.
	Look func() (open []int, all, done int, err error)

	Progress experiments.Progress // notes; nil for none
}

// A PartsOutcome is what [RunParts] did and found. The result can be put together once
// Done is All.
type PartsOutcome struct {
	All, Done int
	Placed
}

// RunParts submits a task for each part that is not whole and that no task has. The
// launch is in the folder dir. The error is as that of [Run], and that of Look.
func RunParts(ctx context.Context, dir string, p Parts, how How) (*PartsOutcome, error) {
	ctx = cmp.Or(ctx, context.Background())
	most, err := how.ready(ctx, p.Name, dir)
	if err != nil {
		return nil, err
	}
	w := p.work()
	if err := w.update(); err != nil {
		return nil, err
	}
	r := newLauncher(how, dir, most, w, p.Progress)
	err = r.launch(ctx)
	return &PartsOutcome{w.sum, w.done, r.out}, err
}

func (p *Parts) work() *shares {
	w := &shares{asks: p.Launch, look: p.Look, made: Launch{Experiment: p.Name, Revision: p.Revision}}
	for k, args := range p.Commands {
		w.all = append(w.all, Task{Runs: []string{shareID("part", k+1, p.Name, args)}, Args: args})
	}
	return w
}

// PartsScript describes what [RunParts] would submit, as [Script] does for [Run].
func PartsScript(ctx context.Context, dir string, p Parts, how How) (string, error) {
	ctx = cmp.Or(ctx, context.Background())
	w := p.work()
	if err := w.update(); err != nil {
		return "", err
	}
	tasks := w.tasks(w.missing())
	if len(tasks) == 0 {
		return "all parts are done; nothing would be submitted\n", nil
	}
	return how.dry(ctx, dir, p.Name, p.Launch, tasks, func(arrays int) string {
		return fmt.Sprintf("%d of %d parts are missing: a task each, in %d arrays; parts that tasks of an earlier launch have are not submitted again\n", len(tasks), len(w.all), arrays)
	})
}

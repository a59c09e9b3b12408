package experiments

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gpwbench/results"
	"gpwbench/train"
)

// A Runner runs a spec: what has a record in the store is done, and what has none is run.
type Runner struct {
	Spec     *Spec
	Open     func(results.Output) (*results.Store, error) // called once the data are read, so that a refused spec leaves no folder
	Workers  int                                          // runs at the same time; at least 1
	Fresh    bool                                         // run what is done, too
	Revision string                                       // of the program's source, for the records
	Progress Progress                                     // nil for none

	store *results.Store
}

// Progress hears how a Runner gets on, from several goroutines at once.
type Progress interface {
	Loading(dataset string)
	Remark(text string) // what was decided in the user's stead
	Begin(runs, done int)
	Step(c Cell, step, steps int)
	End(c Cell, err error)
}

// silent is the Progress of a Runner that has none.
type silent struct{}

func (silent) Loading(string)      {}
func (silent) Remark(string)       {}
func (silent) Begin(int, int)      {}
func (silent) Step(Cell, int, int) {}
func (silent) End(Cell, error)     {}

// An Outcome is what a Runner did.
type Outcome struct {
	Runs, Done, Ran int      // all runs of the spec; those that have a record now; those that were run for it
	Failed          []string // one line a failed run
	Plan            results.Plan
}

// Run runs what is missing. It stops at the next step when ctx ends, and returns ctx's error with an Outcome that says what is done.
// A run that fails is in the Outcome, and the others go on.
func (r *Runner) Run(ctx context.Context) (*Outcome, error) {
	benches, jobs, err := r.load(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range benches {
		for _, note := range w.notes() {
			r.Progress.Remark(w.spec.Name + ": " + note)
		}
	}
	out := &Outcome{Plan: r.plan(jobs)}
	if r.store, err = r.Open(r.output(out.Plan, benches, jobs)); err != nil {
		return nil, err
	}
	for k, js := range jobs {
		out.Runs += len(js)
		if jobs[k], err = r.missing(js); err != nil {
			return nil, err
		}
		out.Done += len(js) - len(jobs[k])
	}
	if out.Done < out.Runs {
		r.remarkRevisions()
	}
	r.Progress.Begin(out.Runs, out.Done)
	return out, r.runBenches(ctx, benches, jobs, out)
}

// remarkRevisions says why runs that were done before are made again: another revision of
// the trainer measures otherwise.
func (r *Runner) remarkRevisions() {
	records, err := r.store.All()
	if err != nil {
		return // what is wrong with a record is told where it is used
	}
	others := 0
	for _, rec := range records {
		if rec.Experiment == r.Spec.Name && rec.Revisions.Trainer != train.Revision {
			others++
		}
	}
	if others > 0 {
		r.Progress.Remark(fmt.Sprintf("%d records of %s in this folder were measured by another revision of the trainer than %d; they stay, and runs are made anew beside them",
			others, r.Spec.Name, train.Revision))
	}
}

// missing returns the jobs that need a run.
func (r *Runner) missing(jobs []job) ([]job, error) {
	var missing []job
	for _, j := range jobs {
		done, err := r.done(j)
		if err != nil {
			return nil, err
		}
		if !done {
			missing = append(missing, j)
		}
	}
	return missing, nil
}

// load reads every data set and names every run. All that is wrong is told at once, with
// the data sets that are right.
func (r *Runner) load(ctx context.Context) ([]*workbench, [][]job, error) {
	if r.Progress == nil {
		r.Progress = silent{}
	}
	missing := new(MissingError)
	var benches []*workbench
	var wrong []error
	for k := range r.Spec.Datasets {
		d := &r.Spec.Datasets[k]
		r.Progress.Loading(d.Name)
		s, err := loadOrStop(ctx, d)
		if ctx.Err() != nil {
			return nil, nil, fmt.Errorf("stopped while %s was read; nothing is run", d.Name)
		}
		if err == nil {
			err = r.Spec.fit(s)
		}
		switch m := new(MissingError); {
		case errors.As(err, &m):
			missing.Lines = append(missing.Lines, m.Lines...)
		case err != nil:
			wrong = append(wrong, err)
		default:
			benches = append(benches, newWorkbench(s))
		}
	}
	if len(missing.Lines) > 0 {
		wrong = append(wrong, missing)
	}
	if len(wrong) > 0 {
		return benches, nil, errors.Join(wrong...)
	}
	jobs := make([][]job, len(benches))
	for _, c := range r.Spec.Cells() {
		for k, w := range benches {
			if w.spec != c.Dataset || leftOut(w.source, c.Baseline) {
				continue
			}
			set, err := w.settings(c)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", c, err)
			}
			jobs[k] = append(jobs[k], job{c, results.ID(set), w.label(c), set})
		}
	}
	return benches, jobs, nil
}

// plan is what the experiment asks for, so that its table can be made again from the folder. Rows are in the order of the spec, also where
// a row has another label on another data set.
func (r *Runner) plan(jobs [][]job) results.Plan {
	p := results.Plan{Schema: results.Schema, Experiment: r.Spec.Name, Reference: r.Spec.Reference}
	seen := map[string]bool{}
	order := func(name string) {
		if !seen[name] {
			seen[name] = true
			p.Order = append(p.Order, name)
		}
	}
	most := 0
	for _, js := range jobs {
		for _, j := range js {
			order(j.Dataset.Name)
			p.Runs = append(p.Runs, j.id)
		}
		most = max(most, len(js))
	}
	for i := range most {
		for _, js := range jobs {
			if i < len(js) {
				order(js[i].label)
			}
		}
	}
	return p
}

// runAll runs the jobs of one data set, none of which was done, on the workers. It
// returns those that other processes have in hand.
func (r *Runner) runAll(ctx context.Context, w *workbench, jobs []job, out *Outcome) (elsewhere []job, err error) {
	queue := make(chan job, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	close(queue)

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range max(1, r.Workers) {
		workers.Go(func() {
			for j := range queue {
				if ctx.Err() != nil {
					return
				}
				ran, err := r.claim(ctx, w, j)
				mu.Lock()
				switch {
				case errors.Is(err, errElsewhere):
					elsewhere = append(elsewhere, j)
				case err == nil:
					out.Done++
					if ran {
						out.Ran++
					}
				case ctx.Err() != nil: // cut short
				case isCommon(err):
					cancel(err)
				default:
					out.Failed = append(out.Failed, fmt.Sprintf("%s: %v", j, err))
				}
				mu.Unlock()
				if err == nil || ctx.Err() == nil && !errors.Is(err, errElsewhere) {
					r.Progress.End(j.Cell, err)
				}
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return elsewhere, nil
}

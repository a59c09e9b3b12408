package experiments

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/train"
)

// A runner runs a spec: what has a record in the store is done, and what has none is run.
type runner struct {
	Options
	spec     *spec.Spec
	variants []spec.Variant // of its sweep; without one, the spec alone
	source   []byte         // of the spec
	// Called once the data are read, so that a refused spec leaves no folder.
	open  func(results.Output) error
	store *results.Store // nil until then

	reading func(*spec.Dataset) (*loadedDataset, error) // load, or loadDivided of a dry run
}

// A Progress receives what happens in a run of an experiment, from several goroutines at
// once.
type Progress interface {
	// Loading is called before the files of a data set are read.
	Loading(dataset string)

	// Note reports a default that was chosen for the user, a damaged file, or a wait.
	Note(text string)

	// Begin is called once, before the first run: there are so many runs, of which so
	// many were done before. For Tune a run is a trial.
	Begin(runs, done int)

	// Step is called after each step of a run: step of steps, from 1. The trainings on
	// folds count too. Where the last training is shorter than the folds', the last call
	// skips to steps. Runs that train nothing have none.
	Step(c PlannedRun, step, steps int)

	// End is called after each run that was not done before Begin, with the error of one
	// that failed. A run that is interrupted has no End.
	End(c PlannedRun, err error)
}

// noProgress is the Progress of a run that has none.
type noProgress struct{}

func (noProgress) Loading(string)            {}
func (noProgress) Note(string)               {}
func (noProgress) Begin(int, int)            {}
func (noProgress) Step(PlannedRun, int, int) {}
func (noProgress) End(PlannedRun, error)     {}

// run runs what is missing. It stops at the next step when ctx ends, and returns ctx's
// error with an Outcome that says what is done.
func (r *runner) run(ctx context.Context) (*Outcome, error) {
	out, data, jobs, err := r.begin(ctx)
	if err != nil {
		return nil, err
	}
	r.Progress.Begin(out.Runs, out.Done)
	return out, r.runDatasets(ctx, data, jobs, out)
}

// begin reads the data, opens the folder, and finds which jobs need a run.
func (r *runner) begin(ctx context.Context) (out *Outcome, data []*datasetRuns, jobs [][]job, err error) {
	l, err := r.load(ctx)
	if err != nil {
		return nil, nil, nil, err
	}

	for _, note := range l.notes() {
		r.Progress.Note(note)
	}

	data, jobs = l.units, l.jobs
	out = &Outcome{Plan: l.plan(r.spec)}
	if err := r.open(r.output(out.Plan, jobs)); err != nil {
		return nil, nil, nil, err
	}
	if jobs, err = r.ofPart(jobs); err != nil {
		return nil, nil, nil, err
	}

	for k, js := range jobs {
		out.Runs += len(js)
		if jobs[k], err = r.missing(js); err != nil {
			return nil, nil, nil, err
		}
		out.Done += len(js) - len(jobs[k])
	}

	if out.Done < out.Runs {
		r.noteRevisions()
		r.noteOthers()
	}
	return out, data, jobs, nil
}

// noteRevisions says why runs that were done before are made again: another revision of
// the trainer measures otherwise.
func (r *runner) noteRevisions() {
	records, err := r.store.All()
	if err != nil {
		return // a record that is wrong is reported where it is used
	}

	others := 0
	for _, rec := range records {
		if rec.Experiment == r.spec.Name && rec.Revisions.Trainer != train.Revision {
			others++
		}
	}

	if others > 0 {
		r.Progress.Note(fmt.Sprintf("%d records of %s in this folder were measured by another revision of the trainer than %d; they stay, and runs are made anew beside them",
			others, r.spec.Name, train.Revision))
	}
}

// missing returns the jobs that need a run.
func (r *runner) missing(jobs []job) ([]job, error) {
	if r.store == nil { // nothing is written, and the folder is not there
		return jobs, nil
	}
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

// runAll runs jobs, none of which was done, on the workers. It returns those that other
// processes hold.
func (r *runner) runAll(ctx context.Context, jobs []job, out *Outcome) (elsewhere []job, err error) {
	queue := make(chan job, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	close(queue)

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range r.Workers {
		workers.Go(func() {
			for j := range queue {
				if ctx.Err() != nil {
					return
				}

				ran, err := r.claim(ctx, j.on, j)
				mu.Lock()
				switch {
				case errors.Is(err, errClaimedElsewhere):
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
				if err == nil || ctx.Err() == nil && !errors.Is(err, errClaimedElsewhere) {
					r.Progress.End(j.PlannedRun, err)
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

// A stoppedError says what was going on when ctx ended. It is the error of ctx.
type stoppedError struct {
	text string
	err  error
}

func (e *stoppedError) Error() string { return e.text }

func (e *stoppedError) Unwrap() error { return e.err }

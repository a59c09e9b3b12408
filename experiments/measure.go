package experiments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"gpwbench/results"
)

// A commonError is one that the other runs on the data set would meet too: the disk is
// full, the settings do not fit the data.
type commonError struct{ error }

func (e *commonError) Unwrap() error { return e.error }

// common marks an error that ends all runs at once.
func common(err error) error {
	if err == nil {
		return nil
	}
	return &commonError{err}
}

func isCommon(err error) bool {
	var c *commonError
	return errors.As(err, &c)
}

var errElsewhere = errors.New("experiments: another process has this run in hand")

// claim runs a job unless another process holds it, and reports whether it ran it.
func (r *runner) claim(ctx context.Context, w *datasetRuns, j job) (ran bool, err error) {
	release, ok, err := r.store.TryClaim(j.record.ID)
	if err != nil {
		return false, common(err)
	}
	if !ok {
		return false, errElsewhere
	}

	defer release()
	// Another process may have done it while this job waited.
	switch err := r.reconcile(j); {
	case err == nil:
		return false, nil
	case !errors.Is(err, errNotDone):
		return false, common(err)
	}

	return true, r.measure(ctx, w, j)
}

// measure runs a job and keeps what it measured.
func (r *runner) measure(ctx context.Context, w *datasetRuns, j job) (err error) {
	start := time.Now()
	defer func() { // of a loss that is not ours: the others go on
		if p := recover(); p != nil {
			err = fmt.Errorf("the run panicked: %v", p)
		}
	}()
	if j.Baseline != nil {
		rec, err := w.baseline(ctx, j)
		if err != nil {
			return err
		}
		return r.keep(rec, nil, start)
	}

	t, err := w.train(ctx, j, func(step, steps int) { r.Progress.Step(j.PlannedRun, step, steps) })
	if err != nil {
		return err
	}

	files, err := j.files(t.snapshots, t.moments.moments)
	if err != nil {
		return err
	}
	return r.keep(t.record, files, start)
}

// keep keeps a run and how long it took.
func (r *runner) keep(rec results.Record, files map[string][]byte, start time.Time) error {
	if err := r.store.Keep(rec, files); err != nil {
		return common(err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return common(r.store.AppendTiming(results.Timing{ID: rec.ID, Seconds: time.Since(start).Seconds(), Host: host, Workers: r.Workers}))
}

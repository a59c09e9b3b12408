package experiments

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"gpwbench/analysis"
	"gpwbench/results"
)

// A job is a cell with its id and the label of its row.
type job struct {
	Cell
	id, label string
	settings  []byte
}

// done reports whether a job needs no run: it has a record and, where weights are kept, its snapshots and its moments.
func (r *Runner) done(j job) bool {
	if r.Fresh || !r.store.Has(j.id) {
		return false
	}
	if len(j.Keep) == 0 {
		return true
	}
	kept := func(name string) bool {
		_, err := os.Stat(r.store.Path(name))
		return err == nil
	}
	snapshots := slices.ContainsFunc(j.Keep, func(step int) bool { return j.Row.comparesBatch(j.Dataset, step) })
	return kept(analysis.MomentFile(j.id)) && (kept(analysis.SnapshotFile(j.id)) || !snapshots)
}

// A commonError is one that the other runs on the data set would meet too: the disk is full, the settings do not fit the data.
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

// claim runs a job unless another process has it in hand, and reports whether it ran it.
func (r *Runner) claim(ctx context.Context, w *workbench, j job) (ran bool, err error) {
	release, ok, err := r.store.TryClaim(j.id)
	if err != nil {
		return false, common(err)
	}
	if !ok {
		return false, errElsewhere
	}
	defer release()
	if r.done(j) { // by another process, while this job waited
		return false, nil
	}
	return true, r.run(ctx, w, j)
}

// run measures one cell and keeps it: first what belongs to the record, then the record, because a record is the sign of a run that is
// done.
func (r *Runner) run(ctx context.Context, w *workbench, j job) error {
	start := time.Now()
	rec := w.record(j.Cell, j.id, j.settings)
	rec.Experiment, rec.SourceRevision = r.Spec.Name, r.Revision
	if j.Baseline != nil {
		rec, err := w.baseline(ctx, j.Cell, rec)
		if err != nil {
			return err
		}
		return r.keep(rec, start)
	}
	t, err := w.train(ctx, j.Cell, rec, func(step, steps int) { r.Progress.Step(j.Cell, step, steps) })
	if err != nil {
		return err
	}
	if len(t.snapshots) > 0 {
		err := r.blob(analysis.SnapshotFile(j.id), func(b *bytes.Buffer) error { return analysis.WriteSnapshots(b, t.snapshots) })
		if err != nil {
			return err
		}
	}
	if len(j.Keep) > 0 {
		err := r.blob(analysis.MomentFile(j.id), func(b *bytes.Buffer) error { return analysis.WriteMoments(b, t.moments) })
		if err != nil {
			return err
		}
	}
	return r.keep(t.record, start)
}

// blob keeps what belongs to a run beside its record.
func (r *Runner) blob(name string, write func(*bytes.Buffer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return common(r.store.PutBlob(name, b.Bytes()))
}

func (r *Runner) keep(rec results.Record, start time.Time) error {
	if err := r.store.Put(rec); err != nil {
		return common(err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return common(r.store.AppendTiming(results.Timing{ID: rec.ID, Seconds: time.Since(start).Seconds(), Host: host, Workers: r.Workers}))
}

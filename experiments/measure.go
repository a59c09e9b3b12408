package experiments

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/results"
	"gpwbench/train/headfile"
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

var errClaimedElsewhere = errors.New("experiments: another process is making this run")

// claim runs a job unless another process holds it, and reports whether it ran it.
func (r *runner) claim(ctx context.Context, w *datasetRuns, j job) (ran bool, err error) {
	release, ok, err := r.store.TryClaim(j.record.ID)
	if err != nil {
		return false, common(err)
	}
	if !ok {
		return false, errClaimedElsewhere
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
func (r *runner) measure(ctx context.Context, w *datasetRuns, j job) error {
	_, err := recovered(func() (struct{}, error) { return struct{}{}, r.measureJob(ctx, w, j) })
	return err
}

// recovered calls f. A panic of f, as of a loss that is not ours, is an error, so that
// the others go on.
func recovered[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the run panicked: %v", p)
		}
	}()
	return f()
}

func (r *runner) measureJob(ctx context.Context, w *datasetRuns, j job) error {
	start := time.Now()
	m, err := w.measure(ctx, j, func(step, steps int) { r.Progress.Step(j.PlannedRun, step, steps) })
	if err != nil {
		return err
	}
	files, err := w.filesOf(ctx, j, m)
	if err != nil {
		return err
	}
	return r.keep(m.record, files, start)
}

// A measured is what a run gave.
type measured struct {
	record    results.Record
	scores    *answer
	head      *headfile.Head // nil of a row that was trained elsewhere
	snapshots []gpw.Snapshot
	moments   []analysis.WeightStats
}

// measure makes a run, whose weights are in the head where a part of the run is kept. It
// keeps nothing.
func (w *datasetRuns) measure(ctx context.Context, j job, progress func(step, steps int)) (m measured, err error) {
	switch {
	case j.Elsewhere != nil:
		m.record, m.scores, err = w.elsewhere(ctx, j)
		return m, err
	case j.Row == nil:
		m.record, m.scores, m.head, err = w.baseline(ctx, j)
		return m, err
	}

	t, err := w.train(ctx, j, progress)
	if err != nil {
		return m, err
	}
	return measured{t.record, t.best.scores, t.head(), t.snapshots, t.stats.stats}, nil
}

// queries are the bytes of the per-query results of an evaluation of the test rows.
func (s *loadedDataset) queries(scores *answer) []byte {
	var b bytes.Buffer
	q := results.QueriesOf(scores.Scores, s.queryLabels)
	for _, v := range scores.also {
		if v.OfQueries() && v.Why == "" {
			q.Add(v.Key(), v.PerQuery)
		}
	}
	// Writing into memory does not fail.
	_ = q.Write(&b)
	return b.Bytes()
}

// keep keeps a run and how long it took.
func (r *runner) keep(rec results.Record, files map[string]results.Content, start time.Time) error {
	if err := r.store.KeepContents(rec, files); err != nil {
		return common(err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return common(r.store.AppendTiming(results.Timing{ID: rec.ID, Seconds: time.Since(start).Seconds(), Host: host, Workers: r.Workers}))
}

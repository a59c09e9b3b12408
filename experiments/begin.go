package experiments

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A Begun is an experiment that was begun in a folder, whose runs other processes make.
// The caller closes it.
type Begun struct {
	Outcome *Outcome // what is done; without a table before Derive
	Missing []MissingRun

	// Source is the spec as it was read, with the overrides applied. [spec.Parse] of it
	// as the file SourceFile gives the same runs in the same working directory.
	Source     []byte
	SourceFile string

	runner *runner
}

// A MissingRun is a run without a record.
type MissingRun struct {
	PlannedRun
	ID string

	// Unit numbers what the run shares with others: the rows of a data set and their
	// preprocessing.
	Unit int

	// Seconds is what it takes one core, about: as similar runs took in the folder, or by
	// a count of operations.
	Seconds float64
}

// Begin begins an experiment in the results folder dir as [Run] does, and refuses what
// Run refuses, but makes no run. Processes with a [Part] of the missing ones make them.
func Begin(ctx context.Context, s *spec.Spec, dir string, o Options) (*Begun, error) {
	ctx = cmp.Or(ctx, context.Background())
	r, err := newRunnerIn(dir, s, o)
	if err != nil {
		return nil, err
	}
	b := &Begun{runner: r, SourceFile: filepath.Join(r.spec.Dir(), r.spec.Name+".yaml")}
	if b.Source, err = r.spec.Source(); err != nil {
		return nil, err
	}

	r.open = func(output results.Output) error { return r.openFolder(ctx, dir, output) }
	var jobs [][]job
	if b.Outcome, _, jobs, err = r.begin(ctx); err != nil {
		b.Close()
		return nil, err
	}
	if b.Missing, err = r.priced(jobs); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// FindMissing says what is missing of an experiment, as [Begin] does, and writes nothing.
// In a folder that does not exist all runs are.
func FindMissing(ctx context.Context, s *spec.Spec, dir string, o Options) ([]MissingRun, error) {
	ctx = cmp.Or(ctx, context.Background())
	r, err := newRunnerIn(dir, s, o)
	if err != nil {
		return nil, err
	}
	r.open = func(output results.Output) error {
		if err := results.Check(dir, output); err != nil {
			return err
		}
		if store, err := results.OpenRead(dir); err == nil {
			r.store = store
		}
		return nil
	}
	_, _, jobs, err := r.begin(ctx)
	if err != nil {
		return nil, err
	}
	return r.priced(jobs)
}

// Store is the folder, which is open for writing.
func (b *Begun) Store() *results.Store { return b.runner.store }

// Update looks again at which runs are done.
func (b *Begun) Update() error {
	var left []MissingRun
	for _, m := range b.Missing {
		if _, err := os.Stat(b.runner.store.Path(results.RecordName(m.ID))); errors.Is(err, fs.ErrNotExist) {
			left = append(left, m)
			continue
		}
		switch done, err := b.runner.done(job{PlannedRun: m.PlannedRun, record: results.Record{ID: m.ID}}); {
		case err != nil:
			return err
		case !done:
			left = append(left, m)
		}
	}
	b.Outcome.Done += len(b.Missing) - len(left)
	b.Missing = left
	return nil
}

// Derive writes the table of what is done and the figures, as Run does at its end.
func (b *Begun) Derive(ctx context.Context) error { return b.runner.derive(ctx, b.Outcome) }

// Close closes the folder.
func (b *Begun) Close() error { return b.runner.store.Close() }

package experiments

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"runtime"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/results/claims"
	"gpwbench/results/table"
)

// Options say how an experiment is run, beside its spec. None changes a number.
type Options struct {
	Workers  int    // runs at the same time; below 1: as many as there are processors
	Fresh    bool   // also run what has a record
	Revision string // of the program's source, for the records

	// SpecFile is the file that the spec was read from, "" for none. It is not replaced.
	SpecFile string

	// Claims say how processes that share the folder are kept apart. Revision and Note of
	// it are filled in.
	Claims claims.Options

	Progress Progress // nil for none
	Figures  Figures  // nil: none are drawn
	Report   Report   // nil: none is written

	// Part restricts Run to some of the runs of an experiment that another process began
	// in the folder. Plan, tables and figures are that one's. Nil for all of them.
	Part *Part
}

// Figures draws what the runs kept. Folder of package plots/figures implements it.
type Figures interface {
	// Names are the files that figures of records may have, whatever their runs kept.
	Names(records []results.Record) []string

	// Draw draws the figures of records into a folder, and returns how many there are.
	Draw(ctx context.Context, store *results.Store, to *results.Derived, records []results.Record) (int, error)
}

// Report writes the page of an experiment. Writer of package plots/report implements it.
type Report interface {
	// Write writes results.ReportFile into a folder, of which the table was made, unless
	// one of the same data is there, and reports whether it did.
	Write(ctx context.Context, store *results.Store, to *results.Derived, plan results.Plan, t *table.Table) (written bool, err error)
}

// An Outcome is what [Run] did.
type Outcome struct {
	Runs   int      // of the spec
	Done   int      // runs that have a record now
	Ran    int      // runs that were made for it
	Failed []string // one line for each run that failed
	Plan   results.Plan

	Table *table.Table // of what is done; nil if there was an error before it was made

	// Superseded tells that another experiment was begun in the folder meanwhile. Tables
	// and figures in the folder are then those of the other one.
	Superseded bool
	Figures    int  // in the folder
	Reported   bool // the report was written; it is not where its data did not change
}

// Run runs an experiment in the results folder dir, and makes the folder if it is
// missing. A run that has a record is done; the others are run. Then it writes the table
// in every format, and the figures. The spec may be parsed or built, and is not changed.
// A built one runs as its YAML does, see [spec.Spec.Checked].
//
// Everything that the spec, the data or the folder make impossible is refused before the
// first run and before anything is written. The error is a [spec.SpecError] for what is
// wrong with the spec, and a [MissingError] for files that are missing. A run that fails
// is in the Outcome, and the others go on.
//
// When ctx ends, Run stops at the next step. It returns the error of ctx with an Outcome
// that says what is done, and the same call later does the rest. A nil ctx never ends.
// An error after the first run, as of a full disk, comes with such an Outcome too. Before
// the first run there is none.
func Run(ctx context.Context, s *spec.Spec, dir string, o Options) (out *Outcome, err error) {
	ctx = cmp.Or(ctx, context.Background())
	r, err := newRunnerIn(dir, s, o)
	if err != nil {
		return nil, err
	}

	defer func() {
		if r.store != nil {
			err = errors.Join(err, r.store.Close())
		}
	}()

	r.open = func(output results.Output) error { return r.openFolder(ctx, dir, output) }
	if out, err = r.run(ctx); err != nil || o.Part != nil {
		return out, err
	}
	return out, r.derive(ctx, out)
}

// openFolder opens the folder and begins the experiment there. For a part of one that
// another process began, it only opens it.
func (r *runner) openFolder(ctx context.Context, dir string, output results.Output) (err error) {
	if r.Part != nil {
		r.store, err = r.openStore(dir)
		return err
	}
	if err := results.Check(dir, output); err != nil { // before anything is made
		return err
	}
	if r.store, err = r.openStore(dir); err != nil {
		return err
	}
	return r.store.Begin(ctx, output)
}

// openStore opens the folder for a runner's claims.
func (r *runner) openStore(dir string) (*results.Store, error) {
	o := r.Claims
	o.Revision, o.Note = r.Revision, r.Progress.Note
	return results.OpenWith(dir, o)
}

// DryRun reads the spec and the data as [Run] does, and says what would run. Its error is
// that of a Run that is refused before the first run; the text then still says what the
// spec holds. It makes nothing.
func DryRun(ctx context.Context, s *spec.Spec, dir string, o Options) (string, error) {
	r, err := newRunner(s, o)
	if err != nil {
		return "", err
	}
	if err := r.keptIn(dir); err != nil {
		return "", err
	}
	r.open = func(output results.Output) error { return results.Check(dir, output) }
	r.reading = loadDivided
	return r.dryRun(cmp.Or(ctx, context.Background()))
}

// newRunnerIn is newRunner for runs in the results folder dir, whose own copy of the spec
// may be the one that was read.
func newRunnerIn(dir string, s *spec.Spec, o Options) (*runner, error) {
	r, err := newRunner(s, o)
	if err != nil {
		return nil, err
	}
	return r, r.keptIn(dir)
}

// newRunner checks a spec, and takes a copy of it.
func newRunner(s *spec.Spec, o Options) (*runner, error) {
	if s == nil {
		return nil, errors.New("experiments: no spec; spec.New, spec.Parse or Open makes one")
	}
	checked, err := s.Checked() // whose runs are those of the YAML that is written
	if err != nil {
		return nil, err
	}
	source, err := checked.Resolved() // a copy in another folder runs again
	if err != nil {
		return nil, err
	}
	if o.Workers < 1 {
		o.Workers = runtime.NumCPU()
	}
	if o.Progress == nil {
		o.Progress = noProgress{}
	}
	variants, err := checked.Variants()
	if err != nil {
		return nil, err
	}
	return &runner{spec: checked, variants: variants, source: source, Options: o, reading: load}, nil
}

// derive makes the table of what is done, and keeps it with the figures, unless another
// experiment was begun in the folder.
func (r *runner) derive(ctx context.Context, out *Outcome) (err error) {
	t, err := table.Of(r.store, out.Plan)
	if err != nil {
		return err
	}

	tables := map[string][]byte{}
	for _, f := range results.Formats {
		var b bytes.Buffer
		if err := t.Write(&b, f); err != nil {
			return err
		}
		tables[f] = b.Bytes()
	}

	out.Table = t
	own, err := r.store.Derive(ctx, func(to *results.Derived) error {
		if err := to.Announce(results.TableFiles()...); err != nil {
			return err
		}

		for _, f := range results.Formats {
			if err := to.Write(results.TableFile(f), tables[f]); err != nil {
				return err
			}
		}

		records, err := r.store.CompletedRecords(out.Plan)
		if err != nil {
			return err
		}
		// The page is of a second, and figures are of minutes.
		if r.Report != nil && len(records) > 0 {
			if out.Reported, err = r.Report.Write(ctx, r.store, to, out.Plan, t); err != nil {
				return err
			}
		}
		if r.Figures != nil {
			out.Figures, err = r.Figures.Draw(ctx, r.store, to, records)
		}
		return err
	})

	out.Superseded = !own && err == nil
	return err
}

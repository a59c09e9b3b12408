package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/internal/escape"
	"gpwbench/losses"
	"gpwbench/plots/figures"
	"gpwbench/results"
	"gpwbench/results/table"
)

func runCommand() *cobra.Command {
	var out, format string
	var workers int
	var dryRun, fresh bool
	cmd := &cobra.Command{
		Use:   "run SPEC [key=value …]",
		Short: "Run an experiment, resuming what is done; print its table",
		Long: fmt.Sprintf(`Run trains and evaluates every cell of an experiment that has no record yet, prints the table, and leaves records, tables and
figures in results/runs/NAME. Interrupted, the same command goes on.

SPEC is the path of a YAML file or the name of a shipped spec: %s.
key=value changes a setting by its dotted path.`, list(experiments.Shipped())),
		Example: `  gpw run quickstart
  gpw run quickstart losses=contrastive,triplet optimizer.lr=3e-5 -o results/runs/two
  GPW_DATA=/data gpw run features --dry-run`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, results.Formats); err != nil {
				return err
			}
			if workers < 1 {
				return usagef("--workers must be at least 1, not %d", workers)
			}
			spec, err := experiments.Open(args[0], args[1:], losses.Catalogue)
			if err != nil {
				return err
			}
			for _, hint := range spec.Hints {
				say(cmd, "%s", hint)
			}
			if out == "" {
				out = filepath.Join("results", "runs", spec.Name)
			}
			if dryRun {
				return describeRun(cmd, spec, args[0], out)
			}
			return run(cmd, spec, args[0], out, format, workers, fresh)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "folder of the results (default results/runs/NAME)")
	f.StringVar(&format, "format", "text", "of the printed table: "+list(results.Formats))
	f.IntVar(&workers, "workers", runtime.NumCPU(), "runs at the same time; the results do not depend on it")
	f.BoolVar(&dryRun, "dry-run", false, "read the spec and the data, say what would run or be refused, and run nothing")
	f.BoolVar(&fresh, "fresh", false, "run what is done already, too")
	return cmd
}

// describeRun is the dry run: it reads the data and looks into the folder, and refuses
// what a run would refuse.
func describeRun(cmd *cobra.Command, spec *experiments.Spec, file, dir string) error {
	progress := newProgress(cmd.ErrOrStderr())
	check := func(o results.Output) (*results.Store, error) {
		o.SpecFile, o.Figures = file, figures.Names
		return nil, results.Check(dir, o)
	}
	runner := &experiments.Runner{Spec: spec, Open: check, Progress: progress}
	text, refused := runner.DryRun(cmd.Context())
	progress.wait()
	_, err := fmt.Fprint(cmd.OutOrStdout(), escape.Lines(text))
	return errors.Join(refused, err)
}

func run(cmd *cobra.Command, spec *experiments.Spec, file, dir, format string, workers int, fresh bool) (err error) {
	started := time.Now()
	var store *results.Store
	open := func(o results.Output) (*results.Store, error) {
		o.SpecFile, o.Figures = file, figures.Names
		if err := results.Check(dir, o); err != nil { // before anything is made
			return nil, err
		}
		var err error
		if store, err = results.Open(dir); err != nil {
			return nil, err
		}
		return store, store.Begin(cmd.Context(), o)
	}
	defer func() {
		if store != nil {
			err = errors.Join(err, store.Close())
		}
	}()
	progress := newProgress(cmd.ErrOrStderr())
	runner := &experiments.Runner{Spec: spec, Open: open, Workers: workers, Fresh: fresh, Revision: sourceRevision(), Progress: progress}
	outcome, err := runner.Run(cmd.Context())
	progress.wait()
	if errors.Is(err, context.Canceled) && outcome != nil {
		writeCost(cmd, started)
		return fmt.Errorf("stopped: %d of %d runs are done and kept in %s; the same command goes on with the others", outcome.Done, outcome.Runs, dir)
	}
	if err != nil {
		return err
	}
	written, err := writeDerived(cmd.Context(), store, outcome.Plan, format)
	if written == nil {
		return err
	}
	_, failed := cmd.OutOrStdout().Write(written.printed) // last: a reader that goes away takes no file with it
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("stopped: all runs are done and kept in %s, some figures are not drawn; the same command draws them", dir)
	}
	if err != nil {
		return err
	}
	err = errors.Join(failed, writeDone(cmd, store, outcome, written))
	writeCost(cmd, started)
	if len(outcome.Failed) == 0 {
		return err
	}
	text := fmt.Sprintf("%d runs failed", len(outcome.Failed))
	for _, line := range outcome.Failed {
		text += "\n" + line
	}
	return errors.Join(err, errors.New(text))
}

// writeDone says what is in the folder, after a look whether it is.
func writeDone(cmd *cobra.Command, store *results.Store, outcome *experiments.Outcome, w *derived) error {
	records, err := store.Done(outcome.Plan)
	if err != nil {
		return err
	}
	if gone := outcome.Done - len(records); gone > 0 {
		return fmt.Errorf("%d of %d runs were done and their records are no longer in %s: something removed them; the same command makes them again", gone, outcome.Runs, store.Dir())
	}
	kept := fmt.Sprintf("records, tables and %d figures are in %s", w.figures, store.Dir())
	if !w.own {
		kept = fmt.Sprintf("records are in %s, where another experiment was begun meanwhile: plan, spec, tables and figures there are its, and the same command makes those of this one", store.Dir())
	}
	say(cmd, "%d of %d runs are done (%d of them now); %s", outcome.Done, outcome.Runs, outcome.Ran, kept)
	return nil
}

// A derived is what was made of the records of a run.
type derived struct {
	own     bool   // tables and figures are in the folder
	figures int    // how many
	printed []byte // the table, as it is printed
}

// writeDerived keeps the table of a plan in every format, and its figures, unless another
// experiment was begun in the folder.
func writeDerived(ctx context.Context, store *results.Store, plan results.Plan, format string) (*derived, error) {
	table, err := table.Of(store, plan)
	if err != nil {
		return nil, err
	}
	tables := map[string][]byte{}
	for _, f := range results.Formats {
		var b bytes.Buffer
		if err := table.Write(&b, f); err != nil {
			return nil, err
		}
		tables[f] = b.Bytes()
	}
	d := &derived{printed: tables[format]}
	d.own, err = store.Derive(ctx, func(to *results.Derived) error {
		if err := to.Announce(results.TableFiles()...); err != nil {
			return err
		}
		for _, f := range results.Formats {
			if err := to.Write(results.TableFile(f), tables[f]); err != nil {
				return err
			}
		}
		records, err := store.Done(plan)
		if err != nil {
			return err
		}
		d.figures, err = figures.Figures(ctx, store, to, records)
		return err
	})
	return d, err
}

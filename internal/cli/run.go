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
	"gpwbench/internal/report"
	"gpwbench/losses"
	"gpwbench/results"
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
			if dryRun {
				_, err := fmt.Fprint(cmd.OutOrStdout(), escape.Lines(spec.Describe()))
				return err
			}
			if out == "" {
				out = filepath.Join("results", "runs", spec.Name)
			}
			return run(cmd, spec, out, format, workers, fresh)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "folder of the results (default results/runs/NAME)")
	f.StringVar(&format, "format", "text", "of the printed table: "+list(results.Formats))
	f.IntVar(&workers, "workers", runtime.NumCPU(), "runs at the same time; the results do not depend on it")
	f.BoolVar(&dryRun, "dry-run", false, "check the spec, say what would run, and run nothing")
	f.BoolVar(&fresh, "fresh", false, "run what is done already, too")
	return cmd
}

func run(cmd *cobra.Command, spec *experiments.Spec, dir, format string, workers int, fresh bool) (err error) {
	started := time.Now()
	var store *results.Store
	open := func() (*results.Store, error) {
		var err error
		store, err = results.Open(dir)
		return store, err
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
	if err := writeTables(cmd, store, outcome.Plan, format); err != nil {
		return err
	}
	records, err := store.Done(outcome.Plan)
	if err != nil {
		return err
	}
	figures, err := report.Figures(cmd.Context(), store, records)
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("stopped: all runs are done and kept in %s, some figures are not drawn; the same command draws them", dir)
	}
	if err != nil {
		return err
	}
	say(cmd, "%d of %d runs are done (%d of them now); records, tables and %d figures are in %s", outcome.Done, outcome.Runs, outcome.Ran, figures, dir)
	writeCost(cmd, started)
	if len(outcome.Failed) == 0 {
		return nil
	}
	text := fmt.Sprintf("%d runs failed", len(outcome.Failed))
	for _, line := range outcome.Failed {
		text += "\n" + line
	}
	return errors.New(text)
}

// tableFiles are the files that a run leaves its table in.
var tableFiles = map[string]string{"text": "table.txt", "markdown": "table.md", "latex": "table.tex", "csv": "table.csv", "json": "table.json"}

// writeTables keeps the table of a plan in every format, and prints it in one.
func writeTables(cmd *cobra.Command, store *results.Store, plan results.Plan, format string) error {
	table, err := store.Table(plan)
	if err != nil {
		return err
	}
	for _, f := range results.Formats {
		var b bytes.Buffer
		if err := table.Write(&b, f); err != nil {
			return err
		}
		if err := store.WriteFile(tableFiles[f], b.Bytes()); err != nil {
			return err
		}
		if f != format {
			continue
		}
		if _, err := cmd.OutOrStdout().Write(b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

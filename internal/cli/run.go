package cli

import (
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
key=value changes a setting by its dotted path. A row of a spec may be test embeddings that another program made, one file a seed:
{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}.`, list(experiments.Shipped())),
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
			progress := newProgress(cmd.ErrOrStderr())
			o := experiments.Options{
				Workers: workers, Fresh: fresh, Revision: sourceRevision(), SpecFile: args[0], Progress: progress, Figures: figures.Folder{},
			}
			if dryRun {
				text, refused := experiments.DryRun(cmd.Context(), spec, out, o)
				progress.wait()
				_, err := fmt.Fprint(cmd.OutOrStdout(), escape.Lines(text))
				return errors.Join(refused, err)
			}
			started := time.Now()
			outcome, err := experiments.Run(cmd.Context(), spec, out, o)
			progress.wait()
			return printRun(cmd, outcome, err, out, format, started)
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

// printRun prints the table of what was run, then says what is in the folder and what is
// not. The files are there before anything is printed: a reader that goes away takes none
// with it.
func printRun(cmd *cobra.Command, outcome *experiments.Outcome, ran error, dir, format string, started time.Time) error {
	if outcome == nil {
		return ran
	}
	interrupted := errors.Is(ran, context.Canceled)
	if outcome.Table == nil {
		if interrupted {
			writeCost(cmd, started)
			return fmt.Errorf("stopped: %d of %d runs are done and kept in %s; the same command goes on with the others", outcome.Done, outcome.Runs, dir)
		}
		return ran
	}

	failed := outcome.Table.Write(cmd.OutOrStdout(), format)
	if interrupted {
		return fmt.Errorf("stopped: all runs are done and kept in %s, some figures are not drawn; the same command draws them", dir)
	}
	if ran != nil {
		return ran
	}
	err := errors.Join(failed, sayDone(cmd, dir, outcome))
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

// sayDone says what is in the folder, after a look whether it is.
func sayDone(cmd *cobra.Command, dir string, outcome *experiments.Outcome) error {
	var records []results.Record
	if store, err := results.OpenRead(dir); err == nil { // otherwise even the folder is gone
		if records, err = store.CompletedRecords(outcome.Plan); err != nil {
			return err
		}
	}
	if gone := outcome.Done - len(records); gone > 0 {
		return fmt.Errorf("%d of %d runs were done and their records are no longer in %s: something removed them; the same command makes them again", gone, outcome.Runs, dir)
	}
	kept := fmt.Sprintf("records, tables and %d figures are in %s", outcome.Figures, dir)
	if outcome.Superseded {
		kept = fmt.Sprintf("records are in %s, where another experiment was begun meanwhile: plan, spec, tables and figures there are its, and the same command makes those of this one", dir)
	}
	say(cmd, "%d of %d runs are done (%d of them now); %s", outcome.Done, outcome.Runs, outcome.Ran, kept)
	return nil
}

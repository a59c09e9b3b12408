package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/internal/escape"
	"gpwbench/internal/output"
	"gpwbench/losses"
	"gpwbench/results"
)

// runFlags is the command line of gpw run.
type runFlags struct {
	out, format   string
	workers       int
	dryRun, fresh bool
	noReport      bool
	figures       string
	claims        claimFlags
	launchFlags
}

// The words of --figures.
var runFigures = []string{"all", "none"}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run SPEC [key=value …]",
		Short: "Run an experiment, resuming what is done; print its table",
		Long: fmt.Sprintf(`Run trains and evaluates every cell of an experiment that has no record yet, prints the table, and leaves records, tables,
figures and a page to look at, report.html, in results/runs/NAME. Interrupted, the same command goes on. Several processes
may run into one folder, also on several machines (docs/folders.md); gpw status says how far they are.

SPEC is the path of a YAML file or the name of a shipped spec: %s.
key=value changes a setting by its dotted path; losses.NAME.key=value a row of losses, by its loss or its label. sweep.PATH=[a, b] runs the
spec with each value of a setting, and with every combination where several are swept. A row of a spec may be test embeddings that another
program made, one file a seed: {label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}.`, list(experiments.Shipped())),
		Example: `  gpw run quickstart
  gpw run quickstart losses=contrastive,triplet optimizer.lr=3e-5 -o results/runs/two
  gpw run quickstart losses=contrastive losses.contrastive.params.lambda=0.3
  gpw run quickstart losses=contrastive,triplet weights.at=[] 'sweep.optimizer.lr=[1e-5, 1e-4, 1e-3]' -o results/runs/sweep
  gpw run quickstart --figures none
  gpw run quickstart losses=contrastive --claims lease -o results/runs/shared
  GPW_DATA=/data gpw run features --dry-run
  gpw run quickstart --launch slurm launch.partition=main launch.time=30 launch.cpus=4 --dry-run`,
		Args: operands(1, anyNumber, "a spec: the name of a shipped one, or a file"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1:]) },
	}

	flags := cmd.Flags()
	flags.StringVarP(&f.out, "output", "o", "", "folder of the results (default results/runs/NAME)")
	flags.StringVar(&f.format, "format", "text", "of the printed table: "+list(results.Formats))
	flags.IntVar(&f.workers, "workers", runtime.NumCPU(), "runs at the same time; the results do not depend on it")
	flags.BoolVar(&f.dryRun, "dry-run", false, "read the spec and the data, say what would run or be refused, and run nothing")
	flags.StringVar(&f.figures, "figures", "all", "all, none (all of the folder whose data changed are drawn; with none, those of earlier runs are removed)")
	flags.BoolVar(&f.fresh, "fresh", false, "run what is done already, too")
	flags.BoolVar(&f.noReport, "no-report", false, "write no report.html, the page of gpw report")
	f.launchFlags.add(cmd, "make the runs", "the key launch of the spec has its resources")
	f.claims.add(cmd)
	return cmd
}

// check refuses values of flags that do not fit.
func (f *runFlags) check(cmd *cobra.Command) error {
	if err := checkFormat(f.format, results.Formats); err != nil {
		return err
	}
	if f.workers < 1 {
		return usagef("--workers must be at least 1, not %d", f.workers)
	}
	if !slices.Contains(runFigures, f.figures) {
		return usagef("--figures does not know %q; known: %s", f.figures, list(runFigures))
	}
	return f.launchFlags.check(cmd, "workers", "fresh")
}

func (f *runFlags) run(cmd *cobra.Command, file string, overrides []string) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	keptApart, err := f.claims.options()
	if err != nil {
		return err
	}
	spec, err := experiments.Open(file, overrides, losses.Catalogue)
	if err != nil {
		return err
	}
	for _, hint := range spec.Hints {
		say(cmd, "%s", hint)
	}

	dir := f.out
	if dir == "" {
		dir = filepath.Join("results", "runs", spec.Name)
	}
	progress := newProgress(cmd.ErrOrStderr())
	o := experiments.Options{
		Workers: f.workers, Fresh: f.fresh, Revision: sourceRevision(), SpecFile: file, Claims: keptApart, Progress: progress,
	}
	if f.figures == "all" {
		o.Figures = newDrawer(progress)
	}
	if !f.noReport {
		o.Report = pageWriter{progress: progress}
		progress.expectPage()
	}

	if f.dryRun {
		text, refused := experiments.DryRun(cmd.Context(), spec, dir, o)
		if refused == nil && f.launch != "" {
			var launched string
			launched, refused = f.dryLaunch(cmd.Context(), spec, dir, o, progress)
			text += "\n" + launched
		}
		progress.wait()
		_, err := fmt.Fprint(cmd.OutOrStdout(), escape.Lines(text))
		return errors.Join(refused, err)
	}

	if f.launch != "" {
		return f.runLaunched(cmd, spec, dir, o, progress)
	}
	started := time.Now()
	outcome, err := experiments.Run(cmd.Context(), spec, dir, o)
	progress.wait()
	return printRun(cmd, outcome, err, dir, f.format, started)
}

// printRun prints the table, then describes what is in the folder and what is missing.
// All files are written before anything is printed, so a reader of the output that ends
// early loses none.
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

	failed := outcome.Table.Write(window(cmd), format)
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

	text := output.Count(len(outcome.Failed), "run", "runs") + " failed"
	for _, line := range outcome.Failed {
		text += "\n" + line
	}
	return errors.Join(err, errors.New(text))
}

// sayDone describes what is in the folder, after checking that it is there.
func sayDone(cmd *cobra.Command, dir string, outcome *experiments.Outcome) error {
	var records []results.Record
	if store, err := results.OpenRead(dir); err == nil { // with an error, even the folder is gone
		if records, err = store.CompletedRecords(outcome.Plan); err != nil {
			return err
		}
	}

	if gone := outcome.Done - len(records); gone > 0 {
		return fmt.Errorf("%d of %d runs were done and their records are no longer in %s: something removed them; the same command makes them again", gone, outcome.Runs, dir)
	}

	kept := fmt.Sprintf("records, tables and %s are in %s", output.Count(outcome.Figures, "figure", "figures"), dir)
	if outcome.Reported {
		kept += "; open " + filepath.Join(dir, results.ReportFile) + " in a browser"
	}
	if outcome.Superseded {
		kept = fmt.Sprintf("records are in %s, where another experiment was begun meanwhile: plan, spec, tables and figures there are its, and the same command makes those of this one", dir)
	}

	say(cmd, "%d of %d runs are done (%d of them now); %s", outcome.Done, outcome.Runs, outcome.Ran, kept)
	return nil
}

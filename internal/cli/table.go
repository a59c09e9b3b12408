package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/results/table"
)

func tableCommand() *cobra.Command {
	var out, format, pivot, interval string
	var wide bool
	cmd := &cobra.Command{
		Use:   "table DIR",
		Short: "Print the table of an experiment again, from its records",
		Long: `Table reads the records in a results folder and prints their table. It covers the runs of the spec that the folder was last run
with; records of earlier settings stay in the folder and out of the table.

The best row of each column is marked, and the rows that a paired bootstrap over the test classes does not tell from it (* and =; in
Markdown and LaTeX bold and =). gpw compare has the differences themselves. Of an experiment
with a sweep, --pivot prints one metric with the values of one swept setting across.`,
		Example: `  gpw run quickstart
  gpw table results/runs/quickstart --format latex --wide
  gpw table results/runs/quickstart --interval bootstrap
  gpw table results/runs/sweep --pivot optimizer.lr,map_at_r`,
		Args: operands(1, 1, "a results folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format == benchfmt {
				return usagef("a table has no --format %s; gpw compare %s --format %s writes it", benchfmt, args[0], benchfmt)
			}
			if err := checkFormat(format, results.Formats); err != nil {
				return err
			}
			if known := table.IntervalNames(); !slices.Contains(known, interval) {
				return usagef("--interval does not know %q%s; known: %s", interval, spec.DidYouMean(interval, known), list(known))
			}
			if wide && format != "latex" {
				return usagef("--wide is of --format latex; %s has a table for each data set", format)
			}
			store, err := results.OpenRead(args[0])
			if err != nil {
				return err
			}
			t, err := plannedTable(store)
			if err != nil {
				return err
			}
			if pivot != "" {
				p, err := pivoted(t, pivot)
				if err != nil {
					return err
				}
				return printTo(cmd, out, func(w writer) error { return p.Write(w, format) })
			}
			if err := t.Use(table.Style{Interval: table.Interval(interval), Wide: wide}); err != nil {
				return err
			}
			return printTo(cmd, out, func(w writer) error { return t.Write(w, format) })
		},
	}

	outputFlags(cmd, &out, &format, results.Formats)
	cmd.Flags().StringVar(&pivot, "pivot", "", "one metric with the values of a swept setting across: PATH, or PATH,METRIC (default recall@1)")
	cmd.Flags().StringVar(&interval, "interval", string(table.SD),
		"beside a mean: sd, ± the standard deviation over seeds; t, Student's interval over seeds; bootstrap, over the test classes")
	cmd.Flags().BoolVar(&wide, "wide", false, "of LaTeX: one table, a group of columns for each data set, as many side by side as a page has room for")
	return cmd
}

// pivoted sets the values of a swept setting across. A path may hold commas, a metric
// none.
func pivoted(t *table.Table, pivot string) (*table.Pivot, error) {
	path, metric := pivot, ""
	if k := strings.LastIndex(pivot, ","); k >= 0 && !t.Sweeps(pivot) {
		path, metric = pivot[:k], strings.TrimSpace(pivot[k+1:])
	}
	p, err := t.Pivot(path, metric)
	if e := new(table.PivotError); errors.As(err, &e) && len(e.Known) > 0 {
		return nil, usagef("--pivot: %s%s; known: %s", e.Text, spec.DidYouMean(e.Name, e.Known), list(e.Known))
	}
	if err != nil {
		return nil, usagef("--pivot: %v", err)
	}
	return p, nil
}

// plannedTable makes the table of the planned runs of the folder that are done.
func plannedTable(store *results.Store) (*table.Table, error) {
	plan, _, err := store.LoadPlan()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no experiment; gpw run makes one", store.Dir())
	}
	if err != nil {
		return nil, err
	}
	if finished, is := store.HoldsTuning(plan); is {
		return nil, tuningError(store.Dir(), finished)
	}
	return table.Of(store, plan)
}

// tuningError says where what a search found is.
func tuningError(dir string, finished []string) error {
	report := filepath.Join(dir, results.TuningFiles[0])
	specs := slices.DeleteFunc(slices.Clone(finished), func(name string) bool { return slices.Contains(results.TuningFiles, name) })
	if !slices.Contains(finished, results.TuningFiles[0]) || len(specs) == 0 {
		return fmt.Errorf("%s holds a search that is not finished, and no runs; gpw tune goes on with it and writes %s", dir, report)
	}
	return fmt.Errorf("%s holds a search of gpw tune, and no runs: %s has what it found; gpw run %s evaluates it on the test classes",
		dir, report, filepath.Join(dir, specs[0]))
}

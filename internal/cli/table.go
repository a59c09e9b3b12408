package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/results/table"
)

func tableCommand() *cobra.Command {
	var out, format, interval string
	var wide bool
	cmd := &cobra.Command{
		Use:   "table DIR",
		Short: "Print the table of an experiment again, from its records",
		Long: `Table reads the records in a results folder and prints their table. It covers the runs of the spec that the folder was last run
with; records of earlier settings stay in the folder and out of the table.

The best row of each column is marked, and the rows that a paired bootstrap over the test classes does not tell from it (* and =; in
Markdown and LaTeX bold and =). gpw compare has the differences themselves.`,
		Example: `  gpw run quickstart
  gpw table results/runs/quickstart --format latex --wide
  gpw table results/runs/quickstart --interval bootstrap`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
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
			if err := t.Use(table.Style{Interval: table.Interval(interval), Wide: wide}); err != nil {
				return err
			}
			return printTo(cmd, out, func(w writer) error { return t.Write(w, format) })
		},
	}
	outputFlags(cmd, &out, &format, results.Formats)
	cmd.Flags().StringVar(&interval, "interval", string(table.SD),
		"beside a mean: sd, ± the standard deviation over seeds; t, Student's interval over seeds; bootstrap, over the test classes")
	cmd.Flags().BoolVar(&wide, "wide", false, "of LaTeX: one table, a group of columns for each data set")
	return cmd
}

// plannedTable makes the table of the runs that the folder's spec asked for and that are done.
func plannedTable(store *results.Store) (*table.Table, error) {
	plan, _, err := store.LoadPlan()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no experiment; gpw run makes one", store.Dir())
	}
	if err != nil {
		return nil, err
	}
	return table.Of(store, plan)
}

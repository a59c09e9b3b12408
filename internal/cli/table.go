package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"gpwbench/results"
	"gpwbench/results/table"
)

func tableCommand() *cobra.Command {
	var out, format string
	cmd := &cobra.Command{
		Use:   "table DIR",
		Short: "Print the table of an experiment again, from its records",
		Long: `Table reads the records in a results folder and prints their table. It covers the runs of the spec that the folder was last run
with; records of earlier settings stay in the folder and out of the table.`,
		Example: `  gpw run quickstart
  gpw table results/runs/quickstart --format latex`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, results.Formats); err != nil {
				return err
			}
			store, err := results.OpenRead(args[0])
			if err != nil {
				return err
			}
			table, err := plannedTable(store)
			if err != nil {
				return err
			}

			return printTo(cmd, out, func(w writer) error { return table.Write(w, format) })
		},
	}

	outputFlags(cmd, &out, &format, results.Formats)
	return cmd
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
	return table.Of(store, plan)
}

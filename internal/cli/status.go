package cli

import (
	"github.com/spf13/cobra"

	"gpwbench/results/status"
)

func statusCommand() *cobra.Command {
	var out, format string
	var every bool
	cmd := &cobra.Command{
		Use:   "status DIR",
		Short: "Say how far an experiment is: done, running, failed, lost, missing, and the time left",
		Long: `Status reads a results folder and says which runs of its experiment are done, which are running and by which process, which failed and
why, which were lost because their process was killed or does not renew its lease any more, and which are missing. The time left is that of as
many runs at the same time as there are now, each as long as the runs that are done took on average. Work that was begun again after a loss is
counted. Of runs that were launched on a cluster it shows the task, its log, what the scheduler says of it, and why one waits for ever.

It changes nothing, and may be asked from any machine that has the folder. Where a lease seems to have run out it waits some seconds to see
whether it is still renewed, because the clocks of machines differ. Text lists the runs that are at work, went wrong, or
wait in a task. More than 20 are summed up, a line for those of one row, state and reason. --all lists every run; JSON and CSV have it anyway.`,
		Example: `  gpw run quickstart
  gpw status results/runs/quickstart
  gpw status results/runs/quickstart --all
  gpw status results/runs/quickstart --format json`,
		Args: operands(1, 1, "a results folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, status.Formats); err != nil {
				return err
			}
			note := func(text string) { say(cmd, "%s", text) }
			tasks, err := launchedTasks(cmd.Context(), args[0], note)
			if err != nil {
				return err
			}
			s, err := status.Of(cmd.Context(), args[0], status.Options{Tasks: tasks, Note: note})
			if err != nil {
				return err
			}
			return printTo(cmd, out, func(w writer) error { return s.Write(w, format, every) })
		},
	}
	cmd.Flags().BoolVar(&every, "all", false, "list every run as text, also those that are done or wait")
	outputFlags(cmd, &out, &format, status.Formats)
	return cmd
}

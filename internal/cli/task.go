package cli

import (
	"context"
	"os"
	"os/signal"
	"strconv"

	"github.com/spf13/cobra"

	"gpwbench/experiments/launch"
)

// taskCommand is what a task of a cluster calls. People have no use for it, so that it is
// not listed.
func taskCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "task LAUNCH NUMBER",
		Short: "Do the work of one task of a launch, on a node of a cluster",
		Long: `Task does the work of one task of a launch. LAUNCH is a folder launch/NAME of a results folder, which --launch of a verb made, and NUMBER is
that of the task in its launch.json, from 0. The scripts beside it call this on the nodes. A task may be made by hand too: what has a record
is not made again.`,
		Example: `  gpw task results/runs/quickstart/launch/20261130T120000Z-1f0a9c3e 0`,
		Hidden:  true,
		Args:    operands(2, 2, "the folder of a launch and the number of a task"),
		RunE: func(cmd *cobra.Command, args []string) error {
			number, err := strconv.Atoi(args[1])
			if err != nil {
				return usagef("NUMBER is that of a task, from 0, not %q", args[1])
			}

			ctx, cancel := context.WithCancelCause(cmd.Context())
			defer cancel(nil)
			limit := make(chan os.Signal, 1)
			if len(timeLimitSignals) > 0 {
				signal.Notify(limit, timeLimitSignals...)
				defer signal.Stop(limit)
			}
			go func() {
				select {
				case <-limit:
					cancel(launch.ErrTimeLimit)
				case <-ctx.Done():
				}
			}()
			return launch.Make(ctx, args[0], number, launch.MakeOptions{
				Revision: sourceRevision(), Log: cmd.ErrOrStderr(),
				Command: func(ctx context.Context, args []string) error {
					root := newRoot(cmd.OutOrStdout(), cmd.ErrOrStderr())
					root.SetArgs(args)
					return root.ExecuteContext(ctx)
				},
			})
		},
	}
}

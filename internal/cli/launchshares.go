package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"gpwbench/experiments/launch"
	"gpwbench/internal/escape"
	"gpwbench/internal/output"
)

// shareFlags are the flags of a verb whose work tasks share.
type shareFlags struct {
	launchFlags
	dryRun bool
}

func (f *shareFlags) add(cmd *cobra.Command, what, resources string) {
	f.launchFlags.add(cmd, what, resources)
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "with --launch: print the script of the tasks, also where Slurm is not installed, and submit nothing")
}

// check refuses flags that do not go together. of is the flag that says how many tasks
// there are, and here are those that say nothing of tasks.
func (f *shareFlags) check(cmd *cobra.Command, of string, here ...string) error {
	if f.launch == "" {
		for _, name := range []string{"dry-run", of} {
			if cmd.Flags().Changed(name) {
				return usagef("--%s is of tasks on a cluster; give --launch %s too", name, launch.Slurm)
			}
		}
	}
	return f.launchFlags.check(cmd, here...)
}

// printScript prints what would be submitted.
func printScript(cmd *cobra.Command, text string, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), escape.Lines(text))
	return err
}

// sayShared says what was submitted of some work, such as trials, how much of that is
// done, and what the tasks are doing. Its error is err, or one where tasks are missing
// that nothing will do.
func (f *shareFlags) sayShared(cmd *cobra.Command, out launch.Placed, what string, all, done int, dir string, err error) error {
	if len(out.Submitted) > 0 {
		tasks := 0
		for _, s := range out.Submitted {
			tasks += s.Tasks
		}
		say(cmd, "submitted %s of job %s; logs are in %s", output.Count(tasks, "task", "tasks"), jobsOf(out), filepath.Join(out.Folder, "logs"))
	}
	if out.Waiting+out.Making > 0 && done < all {
		say(cmd, "%d of %d %s are done; %s, %d wait; gpw status %s says how far they are, and the same command prints the result once all are done",
			done, all, what, output.Count(out.Making, "task runs", "tasks run"), out.Waiting, dir)
	}

	switch {
	case errors.Is(err, context.Canceled):
		return detached(out)
	case err != nil:
		return err
	case out.Full != nil && out.Waiting+out.Making == 0:
		return fmt.Errorf("no task had a place in the queue: %w; the same command submits them later, and with --wait as soon as there is one", out.Full)
	case out.Full != nil:
		say(cmd, "%s had no place in the queue: %v; the same command submits them later", output.Count(out.Left, "task", "tasks"), out.Full)
	case f.wait && done < all && out.Waiting+out.Making == 0:
		return fmt.Errorf("%d of %d %s are done, and no task is left that makes the others: the logs say why; the same command submits tasks again", done, all, what)
	}
	return nil
}

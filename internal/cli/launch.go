package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/experiments/launch"
	"gpwbench/experiments/launch/slurm"
	"gpwbench/experiments/spec"
	"gpwbench/internal/escape"
	"gpwbench/internal/output"
	"gpwbench/results"
	"gpwbench/results/status"
)

// launchFlags are the flags of a verb that can be launched.
type launchFlags struct {
	launch string
	wait   bool
}

func (f *launchFlags) add(cmd *cobra.Command, what, resources string) {
	cmd.Flags().StringVar(&f.launch, "launch", "", what+" on a cluster: "+list(launch.Schedulers)+"; "+resources)
	cmd.Flags().BoolVar(&f.wait, "wait", false, "with --launch: follow the tasks until they end")
}

// check refuses flags that do not go together. other are those that say nothing of tasks.
func (f *launchFlags) check(cmd *cobra.Command, other ...string) error {
	if f.launch == "" {
		if f.wait {
			return usagef("--wait follows the tasks of --launch %s; without it gpw waits anyway", launch.Slurm)
		}
		return nil
	}
	if err := checkOneOf("--launch", f.launch, launch.Schedulers); err != nil {
		return err
	}
	for _, name := range other {
		if cmd.Flags().Changed(name) {
			return usagef("--%s is of runs that are made here; leave it out with --launch, and give tasks their processors by launch.cpus=N", name)
		}
	}
	return nil
}

// checkOneOf refuses a value of a flag that is none of the known.
func checkOneOf(flag, value string, known []string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	return usagef("unknown %s %q%s; known: %s", flag, value, spec.DidYouMean(value, known), list(known))
}

// how is how work is launched from here; follow shows how far it is.
func (f *launchFlags) how(follow func(launch.Standing)) (launch.How, error) {
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return launch.How{}, fmt.Errorf("finding the program that tasks run: %w", err)
	}
	return launch.How{Program: program, Wait: f.wait, Follow: follow}, nil
}

// dryLaunch says what would be submitted.
func (f *runFlags) dryLaunch(ctx context.Context, s *spec.Spec, dir string, o experiments.Options, p *progress) (string, error) {
	how, err := f.how(p.follow)
	if err != nil {
		return "", err
	}
	return launch.Script(ctx, s, dir, launch.Options{Options: o, How: how})
}

// runLaunched launches a spec, and prints what is done.
func (f *runFlags) runLaunched(cmd *cobra.Command, s *spec.Spec, dir string, o experiments.Options, p *progress) error {
	how, err := f.how(p.follow)
	if err != nil {
		return err
	}
	started := time.Now()
	out, err := launch.Run(cmd.Context(), s, dir, launch.Options{Options: o, How: how})
	p.wait()
	if out == nil {
		return err
	}
	sayLaunched(cmd, out, dir)
	if errors.Is(err, context.Canceled) {
		return detached(out.Placed)
	}
	if out.Table != nil {
		if printed := printRun(cmd, out.Outcome, err, dir, f.format, started); printed != nil {
			return printed
		}
	}
	if err != nil {
		return err
	}
	return leftOver(out, f.wait)
}

// detached is the error of a command that was stopped while it followed tasks.
func detached(out launch.Placed) error {
	if len(out.Submitted) > 0 {
		return fmt.Errorf("stopped: the tasks go on without this command, which follows them again when it is given again; scancel %s ends them", jobsOf(out))
	}
	return errors.New("stopped: tasks that were submitted before go on; the same command follows them again")
}

// jobsOf names the jobs that were submitted.
func jobsOf(out launch.Placed) string {
	var jobs []string
	for _, s := range out.Submitted {
		jobs = append(jobs, s.Job)
	}
	return strings.Join(jobs, " ")
}

// sayLaunched says what was submitted, and what the tasks are doing.
func sayLaunched(cmd *cobra.Command, out *launch.Outcome, dir string) {
	if len(out.Submitted) > 0 {
		tasks, runs := 0, 0
		for _, s := range out.Submitted {
			tasks, runs = tasks+s.Tasks, runs+s.Runs
		}
		say(cmd, "submitted %s as %s of job %s; logs are in %s", output.Count(runs, "run", "runs"), output.Count(tasks, "task", "tasks"), jobsOf(out.Placed), filepath.Join(out.Folder, "logs"))
	}
	if n := out.Waiting + out.Making; n > 0 {
		say(cmd, "%d of %d runs are done; %d are of tasks that run, %d of tasks that wait; gpw status %s says how far they are, and the same command makes the table of what is done", out.Done, out.Runs, out.Making, out.Waiting, dir)
	}
}

// leftOver is an error where runs are missing that no task has.
func leftOver(out *launch.Outcome, waited bool) error {
	switch missing := out.Runs - out.Done - out.Waiting - out.Making; {
	case out.Full != nil:
		return fmt.Errorf("%s had no place in the queue: %w; the same command submits them later, and with --wait as soon as there is one", output.Count(out.Left, "run", "runs"), out.Full)
	case waited && missing > 0:
		return fmt.Errorf("%s not made, and no task has them any more: the logs say why; the same command submits them again", output.Count(missing, "run was", "runs were"))
	}
	return nil
}

// launchedTasks are the tasks that runs of a folder were given to, as status takes them.
func launchedTasks(ctx context.Context, dir string, note func(text string)) ([]status.Task, error) {
	done := func(id string) bool {
		_, err := os.Stat(filepath.Join(dir, results.RecordName(id)))
		return err == nil
	}
	view, err := launch.Look(ctx, dir, slurm.Client{}, done)
	if err != nil {
		return nil, err
	}
	if view.Unknown != nil {
		note(fmt.Sprintf("what the scheduler knows of the tasks is left out: %v", view.Unknown))
	}
	var tasks []status.Task
	for _, t := range view.Tasks {
		task := status.Task{Runs: t.Runs, Job: t.Job, State: t.State(), Log: t.Log, Hint: t.Hint()}
		if t.Shared() {
			task.Runs = nil
		}
		tasks = append(tasks, task)
	}
	return tasks, nil
}

// follow shows how far the tasks are in one line: on a terminal always the present state,
// elsewhere now and then.
func (p *progress) follow(s launch.Standing) {
	p.followLine("runs", fmt.Sprintf("%d of tasks that run, %d of tasks that wait", s.Making, s.Waiting), s)
}

// followShares is follow for work of which each task has a share.
func (p *progress) followShares(what string) func(launch.Standing) {
	return func(s launch.Standing) {
		p.followLine(what, fmt.Sprintf("%s, %d wait", output.Count(s.Making, "task runs", "tasks run"), s.Waiting), s)
	}
}

func (p *progress) followLine(what, tasks string, s launch.Standing) {
	text := fmt.Sprintf("%d of %d %s are done, %s", s.Done, s.Runs, what, tasks)
	if s.Left > 0 {
		text += fmt.Sprintf("; about %s left", s.Left.Round(time.Second))
	}
	if p.bars != nil {
		fmt.Fprintf(p.out, "\r\x1b[K%s", escape.Line(text))
		p.following = true
		return
	}
	p.line("following", strings.ReplaceAll(what, " ", "_"), s.Runs, "done", s.Done, "running", s.Making, "waiting", s.Waiting, "seconds", int(s.Elapsed.Seconds()))
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/experiments/launch"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/plots/figures"
	"gpwbench/results"
	"gpwbench/results/table"
)

// tuneFlags are the flags of gpw tune.
type tuneFlags struct {
	out, format string
	trials      int
	seed        uint64
	workers     int
	ranges      []string
	claims      claimFlags
	tasks       int
	shareFlags
}

func tuneCommand() *cobra.Command {
	var f tuneFlags
	cmd := &cobra.Command{
		Use:   "tune SPEC [key=value …]",
		Short: "Search the settings of every loss with the same number of trials",
		Long: `Tune gives every loss of a spec the same number of trials of its parameters, those of its miner and its learning rate. A trial trains a
head for every fold of the training classes, as protocol holdout does; the test classes are not evaluated. The first trial has the settings of
the spec, the next are quasi-random, and the rest are proposed by a tree-structured Parzen estimator. The results do not depend on the number
of workers. Interrupted, the same command goes on.

The folder has every trial, tuning.txt, tuning.json, and for every data set tuned_NAME.yaml, which gpw run takes. Of a sweep every variant is
searched, a swept setting has its value and is not searched, and the specs are tuned_NAME-1.yaml, tuned_NAME-2.yaml, … in the order of the
variants. Ranges follow from the domains of the parameters and are printed; --range sets them.`,
		Example: `  gpw tune quickstart --trials 5 losses=contrastive,triplet steps=20
  gpw tune quickstart --trials 30 --range optimizer.lr=1e-5,1e-3 --range losses.triplet.params.margin=fixed -o results/runs/tuned
  gpw tune quickstart --launch slurm --tasks 4 launch.cpus=4 launch.time=30 --dry-run`,
		Args: operands(1, anyNumber, "a spec: the name of a shipped one, or a file"),
		RunE: f.run,
	}

	flags := cmd.Flags()
	flags.StringVarP(&f.out, "output", "o", "", "folder of the trials (default results/runs/NAME_tuning)")
	flags.StringVar(&f.format, "format", "text", "of the printed tuning: "+list(table.TuningFormats))
	flags.IntVar(&f.trials, "trials", 30, "trials of every loss on every data set")
	flags.Uint64Var(&f.seed, "seed", 0, "of the points, the folds and the batches")
	flags.IntVar(&f.workers, "workers", runtime.NumCPU(), "trials at the same time; the results do not depend on it")
	flags.StringArrayVar(&f.ranges, "range", nil, "PATH=LOW,HIGH or PATH=fixed; PATH is optimizer.lr, params.NAME, miner.NAME, or losses.KEY. and one of these")
	flags.IntVar(&f.tasks, "tasks", 0, "with --launch: tasks that share the trials (default as many as have trials at the same time, at most 8)")
	f.shareFlags.add(cmd, "make the trials", "the key launch of the spec has its resources")
	f.claims.add(cmd)
	return cmd
}

func (f *tuneFlags) run(cmd *cobra.Command, args []string) error {
	if err := checkFormat(f.format, table.TuningFormats); err != nil {
		return err
	}
	if f.workers < 1 || f.trials < 1 {
		return usagef("--workers and --trials must be at least 1")
	}
	if cmd.Flags().Changed("tasks") && f.tasks < 1 {
		return usagef("--tasks = %d: ask for 1 at least", f.tasks)
	}
	if err := f.shareFlags.check(cmd, "tasks", "workers"); err != nil {
		return err
	}
	o := experiments.TuneOptions{Trials: f.trials, Seed: f.seed, Workers: f.workers, Revision: sourceRevision(), SpecFile: args[0], Figures: figures.Folder{}}
	for _, text := range f.ranges {
		r, err := parseRange(text)
		if err != nil {
			return err
		}
		o.Ranges = append(o.Ranges, r)
	}

	var err error
	if o.Claims, err = f.claims.options(); err != nil {
		return err
	}
	spec, err := experiments.Open(args[0], args[1:], losses.Catalogue)
	if err != nil {
		return err
	}
	for _, hint := range spec.Hints {
		say(cmd, "%s", hint)
	}
	if f.out == "" {
		f.out = filepath.Join("results", "runs", spec.Name+"_tuning")
	}

	progress := newProgress(cmd.ErrOrStderr())
	o.Progress = progress
	if f.launch != "" {
		return f.launchTune(cmd, spec, o, progress)
	}
	started := time.Now()
	tuning, err := experiments.Tune(cmd.Context(), spec, f.out, o)
	progress.wait()
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("stopped: the trials that are done are kept in %s; the same command goes on with the others", f.out)
	}
	if err != nil {
		return err
	}
	return f.print(cmd, tuning, started)
}

// launchTune launches a search, and prints what was found once all trials are done.
func (f *tuneFlags) launchTune(cmd *cobra.Command, s *spec.Spec, o experiments.TuneOptions, p *progress) error {
	how, err := f.how(p.followShares("trials"))
	if err != nil {
		return err
	}
	lo := launch.TuneOptions{TuneOptions: o, How: how, Tasks: f.tasks}
	if f.dryRun {
		text, err := launch.TuneScript(cmd.Context(), s, f.out, lo)
		p.wait()
		return printScript(cmd, text, err)
	}

	started := time.Now()
	out, err := launch.Tune(cmd.Context(), s, f.out, lo)
	p.wait()
	if out == nil {
		return err
	}
	if err := f.sayShared(cmd, out.Placed, "trials", out.Trials, out.Done, f.out, err); err != nil || out.Tuning == nil {
		return err
	}
	return f.print(cmd, out.Tuning, started)
}

// print prints a tuning, and says what the folder has.
func (f *tuneFlags) print(cmd *cobra.Command, tuning *results.Tuning, started time.Time) error {
	if err := table.WriteTuning(window(cmd), tuning, f.format); err != nil {
		return err
	}
	var specs []string
	for _, d := range tuning.Datasets {
		for _, s := range d.Specs {
			specs = append(specs, s.File)
		}
	}
	say(cmd, "trials, tuning.txt, tuning.json and the tuned specs (%s) are in %s", strings.Join(specs, ", "), f.out)
	writeCost(cmd, started)
	return nil
}

// parseRange reads PATH=LOW,HIGH or PATH=fixed.
func parseRange(text string) (experiments.Range, error) {
	path, value, ok := strings.Cut(text, "=")
	r := experiments.Range{Path: path, Fixed: value == "fixed"}
	if ok && r.Fixed {
		return r, nil
	}

	low, high, two := strings.Cut(value, ",")
	var err1, err2 error
	r.Low, err1 = strconv.ParseFloat(strings.TrimSpace(low), 64)
	r.High, err2 = strconv.ParseFloat(strings.TrimSpace(high), 64)
	if !ok || !two || err1 != nil || err2 != nil {
		return r, usagef("--range %s: want PATH=LOW,HIGH or PATH=fixed, such as optimizer.lr=1e-5,1e-3", text)
	}
	return r, nil
}

// Package cli is the command line of gpw, with one file for each verb. Only this package
// handles standard output, progress bars, signals and exit codes.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/experiments/launch"
	"gpwbench/experiments/spec"
	"gpwbench/internal/arrays"
	"gpwbench/internal/escape"
	"gpwbench/losses"
	"gpwbench/results"
)

// Exit codes. Scripts rely on them.
const (
	exitDone  = 0
	exitError = 1 // bad data, a disk error, a failed run
	exitUsage = 2 // a wrong command line or spec
	exitFault = 3 // data inspect found errors
)

// revision is the revision of the source, set by the Makefile.
var revision = ""

// groupShare is the share of the memory of a control group that is for what the collector
// frees. The rest is for the program itself, its stacks, and pages of files.
const groupShare = 0.8

// keepWithinGroup has the collector keep within the memory of the control group, beyond
// which the system kills the process. A user's GOMEMLIMIT stays.
func keepWithinGroup() {
	limit := arrays.GroupLimit()
	if os.Getenv("GOMEMLIMIT") == "" && limit < math.MaxInt64 {
		debug.SetMemoryLimit(int64(groupShare * float64(limit)))
	}
}

// Main runs gpw with the arguments after its name and returns the exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once

	keepWithinGroup()
	root := newRoot(stdout, stderr)
	// Where the shell asks for completions, flags are read twice.
	if len(args) == 0 || !strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		giveOnce(root)
	}
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}

	for _, line := range strings.Split(withHints(err), "\n") {
		fmt.Fprintln(stderr, "gpw: "+escape.Lines(line))
	}

	var usage *usageError
	var spec *spec.SpecError
	var ranged *experiments.RangeError
	if exit := new(launch.ExitError); errors.As(err, &exit) {
		return exit.Code
	}
	if fault := new(faultError); errors.As(err, &fault) {
		return exitFault
	}
	if errors.As(err, &usage) || errors.As(err, &spec) || errors.As(err, &ranged) {
		return exitUsage
	}

	return exitError
}

// withHints is the text of an error with what the command line can do about it, which
// packages that know nothing of one leave out.
func withHints(err error) string {
	text := err.Error()
	if wrong := new(spec.SpecError); errors.As(err, &wrong) {
		for _, k := range wrong.UnknownLosses {
			text = strings.Replace(text, wrong.Problems[k], wrong.Problems[k]+"; gpw losses lists them", 1)
		}
	}
	if occupied := new(results.OccupiedError); errors.As(err, &occupied) {
		text = strings.Replace(text, occupied.Error(), occupied.Error()+"; -o names the folder", 1)
	}
	text = namedFile(err, text)
	if ranged := new(experiments.RangeError); errors.As(err, &ranged) {
		text = "--range: " + text
	}
	return text
}

// parseLoss reads a loss that the command line calls by that name, such as --loss.
func parseLoss(text, called string) (row spec.Row, hints []string, err error) {
	row, hints, err = spec.ParseLoss(text, losses.Catalogue)
	rename := func(lines []string) {
		for k, line := range lines {
			if place, ok := strings.CutPrefix(line, "loss:"); ok {
				lines[k] = called + ":" + place
			}
		}
	}

	rename(hints)
	if wrong := new(spec.SpecError); errors.As(err, &wrong) {
		rename(wrong.Problems)
	}
	return row, hints, err
}

// A usageError is a wrong command line.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "gpw",
		Short: "Benchmark pair-based metric-learning losses and see what they weigh",
		Long: `gpw trains embedding heads with pair-based metric-learning losses, measures Recall@K under one protocol, and shows the weight
w = |∂L/∂S| that each loss gives to each pair (General Pair Weighting, CVPR 2019).

Exit codes: 0 done; 2 a wrong command line or spec; 3 gpw data inspect found errors; 1 anything else.`,
		Example: `  gpw run quickstart
  gpw losses multi_similarity`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       sourceRevision(),
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownVerb(cmd, args[0])
		},
	}

	root.SetHelpCommand(helpCommand())
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		text := err.Error()
		if number := new(strconv.NumError); errors.As(err, &number) {
			text = strings.Replace(text, number.Error(), fmt.Sprintf("%q is not a number that fits", number.Num), 1)
		}
		return usagef("%s; %s --help lists the flags", text, cmd.CommandPath())
	})

	root.AddCommand(
		runCommand(),
		tuneCommand(),
		statusCommand(),
		tableCommand(),
		compareCommand(),
		lossesCommand(),
		weighCommand(),
		plotCommand(),
		reportCommand(),
		probeCommand(),
		playgroundCommand(),
		evalCommand(),
		dataCommand(),
		exportCommand(),
		checkCommand(),
		taskCommand(),
	)
	addCompletions(root)
	return root
}

// helpCommand is that of cobra, except that an unknown verb is an error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Help about a verb",
		RunE: func(cmd *cobra.Command, args []string) error {
			verb, rest, err := cmd.Root().Find(args)
			if err != nil {
				return &usageError{err}
			}
			if len(rest) > 0 {
				return unknownVerb(cmd.Root(), rest[0])
			}

			verb.InitDefaultHelpFlag() // so that it is listed
			return verb.Help()
		},
	}
}

// unknownVerb names the nearest verb: one at a small edit distance, or one that contains
// the word or begins it, as eval does evaluate.
func unknownVerb(root *cobra.Command, word string) error {
	var verbs []string
	hint := ""
	for _, c := range root.Commands() {
		if !c.IsAvailableCommand() && c.Name() != "help" {
			continue
		}
		verbs = append(verbs, c.Name())
		if len(word) > 1 && (strings.HasPrefix(c.Name(), word) || strings.HasPrefix(word, c.Name())) {
			hint = fmt.Sprintf(" (did you mean %s?)", c.Name())
		}
	}

	if near := spec.DidYouMean(word, verbs); near != "" {
		hint = near
	}
	return usagef("unknown verb %q%s; %s --help lists them", word, hint, root.CommandPath())
}

// anyNumber is that of operands that are not bounded.
const anyNumber = -1

// operands returns a check that there are from least to most of them. What says in words
// what they are.
func operands(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least {
			return usagef("%s needs %s, for example: %s", cmd.Name(), what, firstExample(cmd))
		}
		if most != anyNumber && len(args) > most {
			return usagef("%q is too much: %s takes %s; usage: %s", args[most], cmd.Name(), what, cmd.UseLine())
		}
		return nil
	}
}

// firstExample is the first example of a verb that is of that verb.
func firstExample(cmd *cobra.Command) string {
	for line := range strings.Lines(cmd.Example) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, cmd.CommandPath()+" ") {
			return line
		}
	}
	return cmd.UseLine()
}

// sourceRevision returns the revision of the source that the program was built from.
func sourceRevision() string {
	if revision != "" {
		return revision
	}

	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}

	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "-dirty"
		}
	}

	if commit == "" {
		return "unknown"
	}
	return commit + modified
}

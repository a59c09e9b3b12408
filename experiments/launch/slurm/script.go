package slurm

import (
	"fmt"
	"strings"

	"gpwbench/experiments/spec"
)

// A Script is a job array whose tasks each run one command.
type Script struct {
	JobName string
	First   int // the task that the array's index 0 stands for
	Tasks   int // so that the indices are 0 … Tasks−1
	Logs    string
	Ask     spec.Launch

	// Parallel is how many of its tasks run at the same time at most; 0 for any number.
	// It is the array's share of what Ask has for all of them.
	Parallel int

	WorkDir string // where a task begins

	// Every task first compares the file Marker with Token, so that a folder that the
	// node does not share, or has another of, is told.
	Marker, Token string

	// Program is called with Args and the number of the task.
	Program string
	Args    []string
}

// Exit codes of a task that never came to its runs. The scheduler keeps them where no
// log can be written.
const (
	ExitNotShared = 73 // the folder of the launch is not that of the node
	ExitNoProgram = 74
	ExitRevision  = 75 // the node's program is another revision
	ExitRequeues  = 76 // the time limit was reached too often
	ExitRequeue   = 77 // the task could not be requeued
)

// signalSeconds is how long before the time limit a task is told of it. The limit is
// checked coarsely, and gpw stops within a step.
const signalSeconds = 90

// String is the text of the script. A line is there only for what is asked for.
func (s Script) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	ask := func(option, value string) {
		if value != "" {
			line("#SBATCH --%s=%s", option, value)
		}
	}

	line("#!/bin/sh")
	ask("job-name", s.JobName)
	array := fmt.Sprintf("0-%d", s.Tasks-1)
	if s.Parallel > 0 {
		array += fmt.Sprintf("%%%d", s.Parallel)
	}
	ask("array", array)
	ask("output", directivePath(s.Logs)+`/%A_%a.log"`)
	line("#SBATCH --open-mode=append")
	line("#SBATCH --requeue")
	ask("signal", fmt.Sprintf("B:USR2@%d", s.lead()))
	ask("partition", s.Ask.Partition)
	ask("time", s.Ask.Time)
	if s.Ask.CPUs > 0 {
		ask("cpus-per-task", fmt.Sprint(s.Ask.CPUs))
	}
	ask("mem", s.Ask.Mem)
	ask("mem-per-cpu", s.Ask.MemPerCPU)
	ask("account", s.Ask.Account)
	ask("qos", s.Ask.QOS)
	ask("constraint", quotedDirective(s.Ask.Constraint))
	ask("gres", s.Ask.Gres)
	for _, d := range s.Ask.Directives {
		line("#SBATCH %s", d)
	}

	s.writeBody(line)
	return b.String()
}

// writeBody writes the commands. The program takes the place of the shell, so that the
// signal before the time limit reaches it; until then the signal is ignored.
func (s Script) writeBody(line func(format string, args ...any)) {
	line("")
	line("trap '' USR2")
	line("fail() { echo \"gpw: task $SLURM_ARRAY_TASK_ID on node ${SLURMD_NODENAME:-unknown}: $1\" >&2; exit \"$2\"; }")
	line("[ \"$(cat %s 2>/dev/null)\" = %s ] ||", quoted(s.Marker), quoted(s.Token))
	line("	fail %s %d", quoted("the folder of the launch is not here as it was written ("+s.Marker+"): use a folder that all nodes share"), ExitNotShared)
	line("cd %s || fail %s %d", quoted(s.WorkDir), quoted("the working folder of the launch is not here: launch from one that all nodes share"), ExitNotShared)
	for _, l := range s.Ask.Setup {
		line("%s", l)
	}
	line("[ -x %s ] ||", quoted(s.Program))
	line("	fail %s %d", quoted("no program "+s.Program+": install gpw there, or launch with one on a file system that all nodes share"), ExitNoProgram)

	words := []string{quoted(s.Program)}
	for _, a := range s.Args {
		words = append(words, quoted(a))
	}
	line("exec %s $((%d + SLURM_ARRAY_TASK_ID))", strings.Join(words, " "), s.First)
}

// lead is the time between signal and limit, in seconds: at most a quarter of a limit
// that is given.
func (s Script) lead() int {
	if limit := Seconds(s.Ask.Time); limit > 0 {
		return max(1, min(signalSeconds, limit/4))
	}
	return signalSeconds
}

// Usable is the time that a task has until the signal, in seconds; 0 where no limit is
// given.
func (s Script) Usable() int {
	limit := Seconds(s.Ask.Time)
	if limit <= 0 {
		return 0
	}
	return limit - s.lead()
}

// quoted is a word of the shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// directivePath begins a path in a directive; the caller closes the quotes. Slurm takes
// %x for a pattern.
func directivePath(path string) string {
	return `"` + strings.NewReplacer(`%`, `%%`, `\`, `\\`, `"`, `\"`).Replace(path)
}

// quotedDirective quotes what has a meaning to no shell, but to Slurm's own reader.
func quotedDirective(text string) string {
	if text == "" {
		return ""
	}
	return `"` + text + `"`
}

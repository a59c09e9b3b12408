package slurm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A Client runs Slurm's commands, those of PATH. The zero Client is one.
type Client struct {
	Deadline time.Duration // of each command; 0: 30 seconds
}

// A MissingError says that a command of Slurm is not installed.
type MissingError struct {
	Command string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is not installed here, or not in PATH: launch on a login node of the cluster, or load the module that has Slurm", e.Command)
}

// A CommandError is a command of Slurm that failed or did not answer.
type CommandError struct {
	Command string // "squeue"
	Words   string // what it printed to standard error, in one line
	Late    bool   // it was ended at its deadline
}

func (e *CommandError) Error() string {
	switch {
	case e.Late && e.Words == "":
		return e.Command + " did not answer in time: the controller of the cluster may be down; try again later"
	case e.Late:
		return fmt.Sprintf("%s did not answer in time: it says %q; try again later", e.Command, e.Words)
	case e.Words == "":
		return e.Command + " failed without a word: try it by hand"
	}
	return fmt.Sprintf("%s says %q", e.Command, e.Words)
}

// run runs a command and returns its standard output. stop, if not nil, looks at what it
// has printed to standard error so far, and ends it by returning true.
func (c Client) run(ctx context.Context, stop func(words string) bool, command string, args ...string) (string, error) {
	path, err := exec.LookPath(command)
	if err != nil {
		return "", &MissingError{command}
	}
	deadline := c.Deadline
	if deadline <= 0 {
		deadline = 30 * time.Second
	}
	timed, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()

	var out bytes.Buffer
	words := &watched{stop: stop, cancel: cancel}
	cmd := exec.CommandContext(timed, path, args...)
	cmd.Env = clientEnvironment(command, os.Environ())
	cmd.Stdout, cmd.Stderr = &out, words
	cmd.WaitDelay = time.Second // for a child that keeps the pipes
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err == nil:
		return out.String(), nil
	}

	late := errors.Is(timed.Err(), context.DeadlineExceeded)
	said := oneLine(words.words.String())
	if said == "" && !late && cmd.ProcessState == nil {
		said = err.Error()
	}
	return "", &CommandError{Command: command, Words: said, Late: late}
}

// A watched buffer ends its command when the words say so. It has no method of a
// bytes.Buffer, by which a copy would pass Write by.
type watched struct {
	words  strings.Builder
	stop   func(words string) bool
	cancel func()
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.words.Write(b)
	if w.stop != nil && w.stop(w.words.String()) {
		w.cancel()
	}
	return n, err
}

// oneLine joins lines, without the program's name that each begins with.
func oneLine(text string) string {
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line = strings.TrimSpace(line)
		for _, start := range []string{"sbatch: ", "squeue: ", "scontrol: ", "sacct: ", "sinfo: ", "error: ", "fatal: "} {
			line = strings.TrimPrefix(line, start)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

// clientEnvironment is the environment of a command. Variables that choose what squeue
// and its like print are left out. Where this process is a task of Slurm itself, so are
// those of its job, which sbatch would take for options: only where the configuration
// lies is kept.
func clientEnvironment(command string, from []string) []string {
	inJob := false
	for _, v := range from {
		inJob = inJob || strings.HasPrefix(v, "SLURM_JOB_ID=")
	}

	var kept []string
	for _, v := range from {
		name, _, _ := strings.Cut(v, "=")
		choosing := command != "sbatch" && (strings.HasPrefix(name, "SQUEUE_") || strings.HasPrefix(name, "SINFO_") || strings.HasPrefix(name, "SACCT_"))
		ofJob := inJob && (strings.HasPrefix(name, "SLURM_") || strings.HasPrefix(name, "SBATCH_") || name == "SLURMD_NODENAME")
		if choosing || ofJob && name != "SLURM_CONF" {
			continue
		}
		kept = append(kept, v)
	}
	return kept
}

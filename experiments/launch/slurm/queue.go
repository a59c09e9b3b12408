package slurm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A State is a job's state in Slurm's words: PENDING, RUNNING, FAILED.
type State string

// ended are the states that a job does not leave by itself.
var ended = []State{"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT"}

// Waits reports whether a job with the state waits for its nodes.
func (s State) Waits() bool {
	return slices.Contains([]State{"PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"}, s)
}

// Ended reports whether a job with the state is over. A state that is not known is not.
func (s State) Ended() bool { return slices.Contains(ended, s) }

// An Entry is one task of an array, as the scheduler has it.
type Entry struct {
	Job    string // of the array: "12"
	Index  int    // within it
	State  State
	Name   string // of the job
	Node   string
	Reason string // why it waits, or why it ended
	Exit   int    // exit code
	Signal int    // that ended it; 53 where its log could not be opened
}

// Task names the task for Slurm: "12_3".
func (e Entry) Task() string { return fmt.Sprintf("%s_%d", e.Job, e.Index) }

// NoLog reports whether the task could not begin because its log could not be written.
func (e Entry) NoLog() bool { return e.State.Ended() && e.Signal == 53 }

// Queue returns the tasks of the jobs with these names that the scheduler has, waiting,
// running, or ended a few minutes ago.
func (c Client) Queue(ctx context.Context, names ...string) ([]Entry, error) {
	if len(names) == 0 {
		return nil, nil
	}
	const fields = "JobArrayID: |,State: |,exit_code: |,Name: |,NodeList: |,Reason: "
	out, err := c.run(ctx, nil, "squeue", "--noheader", "--array", "--states=all", "--name="+strings.Join(names, ","), "--Format="+fields)
	if err != nil {
		return nil, err
	}

	var all []Entry
	for _, line := range strings.Split(out, "\n") {
		cells := strings.SplitN(line, "|", 6)
		if len(cells) != 6 {
			continue
		}
		for k := range cells {
			cells[k] = strings.TrimSpace(cells[k])
		}
		e, ok := entryOf(cells[0])
		if !ok || !slices.Contains(names, cells[3]) {
			continue
		}
		status, _ := strconv.Atoi(cells[2]) // as of wait
		e.State, e.Exit, e.Signal = State(cells[1]), status>>8, status&0x7f
		e.Name, e.Node, e.Reason = cells[3], cells[4], cells[5]
		all = append(all, e)
	}
	return all, nil
}

// History returns the tasks of jobs that the accounting has, also of those that the
// scheduler has forgotten. A cluster without accounting has none.
func (c Client) History(ctx context.Context, jobs ...string) ([]Entry, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	out, err := c.run(ctx, nil, "sacct", "--noheader", "--parsable2", "--allocations", "--jobs="+strings.Join(jobs, ","), "--format=JobID,State,ExitCode,JobName,NodeList")
	var missing *MissingError
	if said := new(CommandError); errors.As(err, &said) && strings.Contains(said.Words, "disabled") || errors.As(err, &missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}

	var all []Entry
	for _, line := range strings.Split(out, "\n") {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 {
			continue
		}
		e, ok := entryOf(cells[0])
		if !ok {
			continue // 12_[3-9], which wait: the queue has them one by one
		}
		word, _, _ := strings.Cut(cells[1], " ") // CANCELLED by 1000
		code, signal, _ := strings.Cut(cells[2], ":")
		e.State, e.Exit, e.Signal = State(word), number(code), number(signal)
		e.Name, e.Node = cells[3], cells[4]
		all = append(all, e)
	}
	return all, nil
}

// entryOf reads 12_3.
func entryOf(text string) (Entry, bool) {
	job, index, isArray := strings.Cut(text, "_")
	k, err := strconv.Atoi(index)
	if !isArray || err != nil || job == "" || strings.Trim(job, "0123456789") != "" {
		return Entry{}, false
	}
	return Entry{Job: job, Index: k}, true
}

package slurm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gpwbench/experiments/spec"
)

// A RefusedError is sbatch's refusal: its words, and what to change.
type RefusedError struct {
	Words  string
	Advice string
	Full   bool // the queue takes no more jobs for now
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf("sbatch says %q", e.Words)
	if e.Advice != "" {
		text += ": " + e.Advice
	}
	return text
}

// Submit submits the script of a file, and returns the number of its job.
func (c Client) Submit(ctx context.Context, file string) (job string, err error) {
	out, err := c.run(ctx, mentionsFull, "sbatch", "--parsable", file)
	if said := new(CommandError); errors.As(err, &said) {
		if advice, full := adviceOn(said.Words); full || advice != "" || !said.Late {
			refused := &RefusedError{said.Words, advice, full}
			c.explain(ctx, refused)
			return "", refused
		}
	}
	if err != nil {
		return "", err
	}

	job, _, _ = strings.Cut(strings.TrimSpace(out), ";") // with the cluster behind it
	if job == "" || strings.Trim(job, "0123456789") != "" {
		return "", &CommandError{Command: "sbatch", Words: fmt.Sprintf("%.80q in place of the number of a job", out)}
	}
	return job, nil
}

// refusals are words of sbatch with what to do. The first that fits is taken.
var refusals = []struct {
	words, advice string
	full          bool
}{
	{"temporarily unable to accept job", "the queue of the cluster is full (MaxJobCount)", true},
	{"job queue full", "the queue of the cluster is full", true},
	{"MaxSubmit", "the queue has as many jobs of yours as the limits of the account or the QOS allow", true},
	{"job submit limit", "the queue has as many jobs of yours as the limits of the account or the QOS allow", true},
	{"invalid partition", "give another partition", false},
	{"Invalid account", "give another account, or one that may use this partition", false},
	{"Invalid qos", "give another qos", false},
	{"Invalid job array", "the array is longer than the cluster takes (MaxArraySize)", false},
	{"generic resource", "give another gres, or none", false},
	{"Invalid feature", "give another constraint, or none", false},
	{"Memory specification", "give less mem", false},
	{"node configuration is not available", "no node has so much: give fewer cpus, less mem, another constraint or gres", false},
	{"time limit", "give less time, or another partition", false},
	{"Invalid --time", "give a time as 30, 1:30:00 or 2-12", false},
	{"unrecognized option", "take it out of directives", false},
	{"invalid option", "take it out of directives", false},
	{"Unable to contact", "the controller of the cluster does not answer; try again later", false},
	{"configuration source", "Slurm finds no configuration here: launch on a login node of the cluster", false},
}

func adviceOn(words string) (advice string, full bool) {
	for _, r := range refusals {
		if strings.Contains(strings.ToLower(words), strings.ToLower(r.words)) {
			return r.advice, r.full
		}
	}
	return "", false
}

// mentionsFull ends an sbatch that would wait for a place in the queue.
func mentionsFull(words string) bool { return strings.Contains(words, "sleeping and retrying") }

// explain adds to the advice what the cluster has.
func (c Client) explain(ctx context.Context, e *RefusedError) {
	switch words := strings.ToLower(e.Words); {
	case strings.Contains(words, "partition"):
		e.Advice += partitionNames(c.partitionsOr(ctx), partitionIn(e.Words))
	case strings.Contains(words, "memory specification"), strings.Contains(words, "node configuration"):
		e.Advice += largestNodes(c.partitionsOr(ctx))
	}
}

// partitionIn finds the name in "invalid partition specified: NAME; …".
func partitionIn(words string) string {
	_, after, _ := strings.Cut(words, "invalid partition specified: ")
	name, _, _ := strings.Cut(after, ";")
	return name
}

func partitionNames(all []Partition, asked string) string {
	if len(all) == 0 {
		return ""
	}
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return "; the cluster has " + strings.Join(names, ", ") + spec.DidYouMean(asked, names)
}

func largestNodes(all []Partition) string {
	var parts []string
	for _, p := range all {
		parts = append(parts, fmt.Sprintf("%s has nodes of up to %d CPUs and %d MiB", p.Name, p.CPUs, p.MiB))
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

// Requeue ends a running task and puts it back into the queue. The task is named by the
// array and its index, 12_3: one task of an array has the array's number as its own, and
// by that number all of them would be requeued.
func (c Client) Requeue(ctx context.Context, task string) error {
	_, err := c.run(ctx, nil, "scontrol", "requeue", task)
	return err
}

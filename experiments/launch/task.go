package launch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"gpwbench/experiments"
	"gpwbench/experiments/launch/slurm"
	"gpwbench/experiments/spec"
	"gpwbench/internal/input"
	"gpwbench/losses"
	"gpwbench/results/claims"
)

// ErrTimeLimit is the cause of a context that ends because the task's time limit is near.
// Make then requeues the task.
var ErrTimeLimit = errors.New("the time limit of the task is near")

// An ExitError ends a task with an exit code, by which the scheduler tells why.
type ExitError struct {
	Code int // slurm.ExitRevision or another
	err  error
}

func (e *ExitError) Error() string { return e.err.Error() }

func (e *ExitError) Unwrap() error { return e.err }

// MakeOptions say how a task runs.
type MakeOptions struct {
	Client   slurm.Client
	Revision string    // of this program
	Log      io.Writer // a line for each run; nil for none

	// Command runs a command of this program, for tasks that are one.
	Command func(ctx context.Context, args []string) error
}

// Make makes the runs of a task: of the launch in the folder dir, by its number from 0.
// It is called on a node. Runs that have a record are done already. What a task did is in
// its report. A run that fails is an error, after the others.
//
// When ctx ends with [ErrTimeLimit], the run that is being made stops at its next step,
// and the task goes back into the queue, unless it has been requeued as often as it may.
func Make(ctx context.Context, dir string, number int, o MakeOptions) error {
	ctx = cmp.Or(ctx, context.Background())
	l, err := read(dir)
	if err != nil {
		return err
	}
	if number < 0 || number >= len(l.Tasks) {
		return fmt.Errorf("launch: %s has tasks 0 to %d, and no task %d", dir, len(l.Tasks)-1, number)
	}
	place, _ := slurm.Here()
	report := &Report{Job: place.Task, Node: place.Node}
	if err := os.Remove(l.ended(number)); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("launch: %w", err)
	}

	err = l.make(ctx, number, place, o, report)
	if errors.Is(context.Cause(ctx), ErrTimeLimit) && err != nil {
		if err = l.requeue(number, place, o, report); err == nil {
			return nil
		}
	}
	if err != nil && ctx.Err() != nil && !errors.Is(context.Cause(ctx), ErrTimeLimit) {
		err = fmt.Errorf("the task was told to end, as scancel or the time limit does: %d runs were made, and the same command submits what is missing: %w", report.Made, err)
	}
	if err != nil {
		report.Error = err.Error()
	}
	report.Ended = time.Now().UTC().Truncate(time.Second)
	data, encoding := json.MarshalIndent(report, "", " ")
	return errors.Join(err, encoding, l.write("ended/"+strconv.Itoa(number)+".json", append(data, '\n')))
}

// ended is the file of a task's report.
func (l *Launch) ended(number int) string { return l.path("ended", strconv.Itoa(number)+".json") }

// make does what a task has to.
func (l *Launch) make(ctx context.Context, number int, place slurm.Place, o MakeOptions, report *Report) error {
	if o.Revision != l.Revision {
		return &ExitError{slurm.ExitRevision, fmt.Errorf("the program on node %s is revision %s, and the launch was made with %s: install the same one there, or launch again", place.Node, o.Revision, l.Revision)}
	}
	cores := place.CPUs
	if cores > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	}
	t := l.Tasks[number]
	progress := &taskLog{out: cmp.Or(o.Log, io.Writer(io.Discard)), begun: map[string]time.Time{}}
	if t.Args != nil && o.Command == nil {
		return errors.New("launch: the task is a command, and this program runs none: use the program that made the launch")
	}
	if t.Args != nil {
		progress.line("task %d of %s on node %s: gpw %s", number, l.Name(), cmp.Or(place.Node, "none"), strings.Join(t.Args, " "))
		return o.Command(ctx, t.Args)
	}

	source, err := input.ReadFile(l.path(specFile))
	if err != nil {
		return fmt.Errorf("launch: %w", err)
	}
	s, err := spec.Parse(l.SpecFile, source, nil, losses.Catalogue)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%d runs", len(t.Runs))
	if l.Search != nil {
		what = "trials"
	}
	progress.line("task %d of %s: %s, %d at a time, on node %s", number, l.Name(), what, max(1, cores), cmp.Or(place.Node, "none"))
	if l.Search != nil {
		return l.search(ctx, s, max(1, cores), o.Revision, progress, report)
	}
	return l.makeRuns(ctx, s, t, max(1, cores), o.Revision, progress, report)
}

// makeRuns makes the runs of a task, so many at a time.
func (l *Launch) makeRuns(ctx context.Context, s *spec.Spec, t Task, cores int, revision string, progress *taskLog, report *Report) error {
	out, err := experiments.Run(ctx, s, l.results(), experiments.Options{
		Workers: cores, Revision: revision, SpecFile: l.SpecFile, Claims: claims.Options{Kind: l.Claims.Kind, Lease: l.Claims.Lease}, Progress: progress,
		Part: &experiments.Part{Runs: t.Runs, Datasets: t.Datasets},
	})
	if out != nil {
		report.Made, report.Failed = out.Ran, out.Failed
	}
	if err != nil {
		return err
	}
	progress.line("ended: %d of %d runs are done, %d of them by this task", out.Done, out.Runs, out.Ran)
	if n := len(out.Failed); n > 0 {
		return fmt.Errorf("%d of the task's runs failed: %s", n, out.Failed[0])
	}
	return nil
}

// requeue puts the task back into the queue. Each time is a line of a file, so that the
// restarts after failures of nodes do not count.
func (l *Launch) requeue(number int, place slurm.Place, o MakeOptions, report *Report) error {
	file := l.path("requeued", strconv.Itoa(number))
	before, _ := input.ReadFile(file)
	times := 0
	for _, c := range before {
		if c == '\n' {
			times++
		}
	}

	log := taskLog{out: cmp.Or(o.Log, io.Writer(io.Discard))}
	if times >= l.Requeues {
		return &ExitError{slurm.ExitRequeues, fmt.Errorf("the time limit was near, and the task was requeued %d times before, as often as it may be; it made %d runs this time: give a task more time or fewer runs; the same command submits what is missing", times, report.Made)}
	}
	if place.Task == "" {
		return errors.New("the time limit is near, and this is no task of an array that could be requeued")
	}
	line := fmt.Sprintf("%s %s on node %s, %d runs made\n", time.Now().UTC().Format(time.RFC3339), place.Task, place.Node, report.Made)
	if err := l.write("requeued/"+strconv.Itoa(number), append(before, line...)); err != nil {
		return err
	}
	log.line("the time limit is near: the task stopped cleanly after %d runs, and is requeued (%d of %d times)", report.Made, times+1, l.Requeues)

	requeue, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := o.Client.Requeue(requeue, place.Task); err != nil {
		return &ExitError{slurm.ExitRequeue, fmt.Errorf("the time limit is near, and the task could not be requeued: %w; the same command submits what is missing", err)}
	}
	return nil
}

// A taskLog is the progress of a task as lines.
type taskLog struct {
	out io.Writer

	own  bool // only what this task began is told
	made int  // of these, done

	mu    sync.Mutex
	begun map[string]time.Time // by run
}

func (p *taskLog) line(format string, args ...any) {
	fmt.Fprintf(p.out, "%s %s\n", time.Now().UTC().Format(time.RFC3339), fmt.Sprintf(format, args...))
}

// Loading implements [experiments.Progress].
func (p *taskLog) Loading(dataset string) { p.line("reading %s", dataset) }

// Note implements [experiments.Progress].
func (p *taskLog) Note(text string) { p.line("%s", text) }

// Begin implements [experiments.Progress].
func (p *taskLog) Begin(runs, done int) { p.line("%d runs, %d of them done before", runs, done) }

// Step implements [experiments.Progress].
func (p *taskLog) Step(c experiments.PlannedRun, step, steps int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, met := p.begun[c.String()]; !met {
		p.begun[c.String()] = time.Now()
		p.line("begun: %s", c)
	}
}

// End implements [experiments.Progress].
func (p *taskLog) End(c experiments.PlannedRun, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.line("failed: %s: %v", c, err)
		return
	}
	if _, begun := p.begun[c.String()]; begun {
		p.made++
	} else if p.own {
		return
	}
	p.line("done: %s", c)
}

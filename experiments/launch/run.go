package launch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gpwbench/experiments"
	"gpwbench/experiments/launch/slurm"
	"gpwbench/experiments/spec"
)

// Options say how an experiment is launched. Those of package experiments are as there,
// but that Workers, Fresh and Part say nothing here.
type Options struct {
	experiments.Options

	Client  slurm.Client
	Program string // path of the program that tasks run, on all nodes

	// Wait follows the tasks until no run is left to them.
	Wait   bool
	Follow func(Standing) // called while Run waits; nil for nobody
	Poll   time.Duration  // between two questions to the scheduler; 0: 15 seconds
}

// A Standing is how far an experiment is that others make.
type Standing struct {
	Runs, Done      int
	Waiting, Making int // runs of tasks that wait, and that run
	Elapsed, Left   time.Duration
}

// An Outcome is what [Run] did and found.
type Outcome struct {
	*experiments.Outcome

	Submitted       []Submission
	Waiting, Making int    // runs without a record, of tasks that wait and that run
	Folder          string // of the launch that was made; "" for none

	// Left are runs that no task has, because the scheduler takes no more for now. Full
	// then has its words.
	Left int
	Full *slurm.RefusedError
}

// A Submission is an array that was submitted.
type Submission struct {
	Job         string
	Tasks, Runs int
}

// Run begins an experiment in the results folder dir, submits what is missing and what no
// task of an earlier launch has, and returns what is done by then, with its table. The
// same call later collects. Why a task waits for ever, or ended before its runs, is
// noted. Nothing is written where the scheduler is not installed, or while tasks of
// another experiment are in the folder.
//
// The error is a [slurm.RefusedError] where the scheduler refuses the tasks, and those of
// [experiments.Run].
func Run(ctx context.Context, s *spec.Spec, dir string, o Options) (out *Outcome, err error) {
	ctx = cmp.Or(ctx, context.Background())
	most, err := o.Client.MaxArraySize(ctx)
	if err != nil {
		return nil, err
	}
	if most < 1 {
		return nil, errors.New("launch: the cluster takes no arrays of jobs (MaxArraySize 0), by which runs are launched: ask its administrators")
	}
	if err := o.foreign(ctx, s, dir); err != nil {
		return nil, err
	}

	begun, err := experiments.Begin(ctx, s, dir, o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, begun.Close()) }()

	r := &launcher{Options: o, spec: s, dir: dir, begun: begun, most: most, out: &Outcome{Outcome: begun.Outcome}, submitted: map[string]bool{}, noted: map[string]bool{}}
	if err := r.submitMissing(ctx); err != nil {
		return r.out, err
	}
	if o.Wait {
		if err := r.wait(ctx); err != nil {
			return r.out, err
		}
	}
	if begun.Outcome.Done == 0 {
		return r.out, nil
	}
	return r.out, begun.Derive(ctx)
}

// foreign refuses a folder in which tasks of another experiment wait or run: they would
// find its plan gone.
func (o *Options) foreign(ctx context.Context, s *spec.Spec, dir string) error {
	view, err := Look(ctx, dir, o.Client, nil)
	if err != nil {
		return err
	}
	if view.Unknown != nil {
		return view.Unknown
	}
	for _, t := range view.Tasks {
		if t.Live() && t.Launch.Experiment != s.Name {
			return fmt.Errorf("launch: %s has tasks of the experiment %s in the queue (job %s): choose another folder for %s, or cancel them with scancel %s",
				dir, t.Launch.Experiment, t.Entry.Job, s.Name, t.Entry.Job)
		}
	}
	return nil
}

// A launcher submits the runs of one experiment.
type launcher struct {
	Options
	spec  *spec.Spec
	dir   string
	begun *experiments.Begun
	most  int // tasks of an array
	out   *Outcome

	submitted map[string]bool // runs that this call gave to a task
	noted     map[string]bool // hints
}

// look asks what the tasks are doing, and counts their runs that are missing.
func (r *launcher) look(ctx context.Context) (*View, error) {
	missing := map[string]bool{}
	for _, m := range r.begun.Missing {
		missing[m.ID] = true
	}
	done := func(id string) bool { return !missing[id] }
	view, err := Look(ctx, r.dir, r.Client, done)
	if err != nil {
		return nil, err
	}
	if view.Unknown != nil {
		return nil, view.Unknown
	}

	live := view.live()
	r.out.Waiting, r.out.Making = 0, 0
	for id := range missing {
		switch t := live[id]; {
		case t == nil:
		case t.Entry.State.Waits():
			r.out.Waiting++
		default:
			r.out.Making++
		}
	}
	for _, hint := range view.Hints(done) {
		r.note(hint)
	}
	return view, nil
}

// note notes a sentence once.
func (r *launcher) note(text string) {
	if r.Progress != nil && !r.noted[text] {
		r.Progress.Note(text)
	}
	r.noted[text] = true
}

// submitMissing submits the missing runs that no task has, and that this call has not
// submitted before.
func (r *launcher) submitMissing(ctx context.Context) error {
	r.out.Left, r.out.Full = 0, nil
	if len(r.begun.Missing) == 0 {
		return nil
	}
	view, err := r.look(ctx)
	if err != nil {
		return err
	}
	live := view.live()
	var runs []experiments.MissingRun
	for _, m := range r.begun.Missing {
		if live[m.ID] == nil && !r.submitted[m.ID] {
			runs = append(runs, m)
		}
	}
	if len(runs) == 0 {
		return nil
	}
	return r.submit(ctx, runs)
}

// submit makes a launch of runs and submits its arrays, as many as the scheduler takes.
func (r *launcher) submit(ctx context.Context, runs []experiments.MissingRun) error {
	host, _ := os.Hostname()
	l, err := create(r.dir, Launch{
		Schema: schema, Scheduler: Slurm, Experiment: r.spec.Name, Revision: r.Revision, SpecFile: r.begun.SourceFile,
		Requeues: r.spec.Launch.Requeues, Claims: Claims{r.Claims.Kind, r.Claims.Lease}, Host: host, Tasks: tasksOf(r.spec, runs),
	}, r.begun.Source)
	if err != nil {
		return err
	}
	scripts, err := scriptsOf(l, r.spec.Launch, r.Program, r.most)
	if err != nil {
		return err
	}

	for len(scripts) > 0 {
		s := scripts[0]
		job, err := r.submitArray(ctx, l, s)
		if full := new(slurm.RefusedError); errors.As(err, &full) && full.Full {
			r.out.Full = full
			if s.Tasks == 1 {
				break
			}
			scripts = halves(l, s) // some of them may have a place
			continue
		}
		if err != nil {
			return r.abandon(l, err)
		}

		sub := Submission{Job: job, Tasks: s.Tasks}
		for _, t := range l.Tasks[s.First : s.First+s.Tasks] {
			sub.Runs += len(t.Runs)
			for _, id := range t.Runs {
				r.submitted[id] = true
			}
		}
		r.out.Submitted, r.out.Waiting, r.out.Folder = append(r.out.Submitted, sub), r.out.Waiting+sub.Runs, l.dir
		scripts = scripts[1:]
	}

	for _, m := range runs {
		if !r.submitted[m.ID] {
			r.out.Left++
		}
	}
	if len(r.out.Submitted) == 0 || r.out.Folder != l.dir {
		return os.RemoveAll(l.dir) // nothing of it was submitted
	}
	return nil
}

// halves divides an array.
func halves(l *Launch, s slurm.Script) []slurm.Script {
	a, b := s, s
	a.Tasks = s.Tasks / 2
	b.First, b.Tasks = s.First+a.Tasks, s.Tasks-a.Tasks
	b.JobName = l.arrayName(b.First)
	return []slurm.Script{a, b}
}

// submitArray writes the script of an array, submits it, and keeps the number of its job.
func (r *launcher) submitArray(ctx context.Context, l *Launch, s slurm.Script) (job string, err error) {
	file := fmt.Sprintf("%d.sh", s.First)
	if err := l.write(file, []byte(s.String())); err != nil {
		return "", err
	}
	job, err = r.Client.Submit(ctx, l.path(file))
	if refused := new(slurm.RefusedError); errors.As(err, &refused) {
		return "", errors.Join(err, os.Remove(l.path(file)))
	}
	if err != nil {
		return "", err
	}
	return job, l.write(fmt.Sprintf("%d.job", s.First), []byte(job+"\n"))
}

// abandon removes a launch of which nothing was submitted. Where sbatch did not answer,
// it may have been.
func (r *launcher) abandon(l *Launch, err error) error {
	refused, missing := new(slurm.RefusedError), new(slurm.MissingError)
	if len(r.out.Submitted) == 0 && (errors.As(err, &refused) || errors.As(err, &missing)) {
		return errors.Join(err, os.RemoveAll(l.dir))
	}
	return err
}

// tasksOf cuts runs by what the spec asks for.
func tasksOf(s *spec.Spec, runs []experiments.MissingRun) []Task {
	return cut(runs, s.Launch.RunsPerTask, s.Launch.CPUs, slurm.Script{Ask: s.Launch}.Usable())
}

// scriptsOf divides the tasks into arrays of at most most.
func scriptsOf(l *Launch, ask spec.Launch, program string, most int) ([]slurm.Script, error) {
	work, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	var all []slurm.Script
	for first := 0; first < len(l.Tasks); first += most {
		all = append(all, slurm.Script{
			JobName: l.arrayName(first), First: first, Tasks: min(most, len(l.Tasks)-first), Logs: l.path(logFolder), Ask: ask,
			WorkDir: work, Marker: l.path(markerFile), Token: l.Token, Program: program, Args: []string{"task", l.dir},
		})
	}
	return all, nil
}

// Script describes what [Run] would submit, and the script of the first array. It writes
// nothing, and where the scheduler is not installed the arrays are those of its default.
func Script(ctx context.Context, s *spec.Spec, dir string, o Options) (string, error) {
	ctx = cmp.Or(ctx, context.Background())
	runs, err := experiments.FindMissing(ctx, s, dir, o.Options)
	if err != nil {
		return "", err
	}
	if len(runs) == 0 {
		return "all runs are done; nothing would be submitted\n", nil
	}

	note := ""
	most, err := o.Client.MaxArraySize(ctx)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		most = slurm.DefaultMaxArraySize
		note = fmt.Sprintf("arrays are cut at Slurm's default of %d tasks, because the cluster's own is not known here: %v\n", most, err)
	case most < 1:
		return "", errors.New("launch: the cluster takes no arrays of jobs (MaxArraySize 0), by which runs are launched: ask its administrators")
	}

	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("launch: %w", err)
	}
	l := &Launch{JobName: fmt.Sprintf("gpw_%s_NAME", s.Name), Token: "TOKEN", Tasks: tasksOf(s, runs), dir: filepath.Join(dir, Folder, "NAME")}
	scripts, err := scriptsOf(l, s.Launch, o.Program, most)
	if err != nil {
		return "", err
	}
	return note + describe(runs, l.Tasks, len(scripts)) + "\n" + scripts[0].String(), nil
}

// describe says how runs are cut.
func describe(runs []experiments.MissingRun, tasks []Task, arrays int) string {
	longest := slices.MaxFunc(tasks, func(a, b Task) int { return cmp.Compare(a.Seconds, b.Seconds) })
	return fmt.Sprintf("%d runs are missing: %d tasks of up to %d runs, the longest of about %s of one core, in %d arrays; runs that tasks of an earlier launch have are not submitted again\n",
		len(runs), len(tasks), mostRuns(tasks), time.Duration(longest.Seconds*float64(time.Second)).Round(time.Second), arrays)
}

func mostRuns(tasks []Task) int {
	most := 0
	for _, t := range tasks {
		most = max(most, len(t.Runs))
	}
	return most
}

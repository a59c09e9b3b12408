package launch

import (
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

// How says how work is launched, whatever it is.
type How struct {
	Client  slurm.Client
	Program string // path of the program that tasks run, on all nodes

	// Wait follows the tasks until nothing is left to them.
	Wait   bool
	Follow func(Standing) // called while the tasks are followed; nil for nobody
	Poll   time.Duration  // between two questions to the scheduler; 0: 15 seconds
}

// A Standing is how far work is that others do: of runs, trials or blocks of queries.
type Standing struct {
	Runs, Done      int
	Waiting, Making int // units of tasks that wait, and that run
	Elapsed, Left   time.Duration
}

// Placed says which tasks were submitted, and what those in the queue have. What it
// counts are units: runs, or the shares of a search or an evaluation, of which a task has
// one.
type Placed struct {
	Submitted       []Submission
	Waiting, Making int    // units that are not done, of tasks that wait and that run
	Folder          string // of the launch that was made; "" for none

	// Left are units that no task has, because the scheduler takes no more for now. Full
	// then has its words.
	Left int
	Full *slurm.RefusedError
}

// A Submission is an array that was submitted.
type Submission struct {
	Job         string
	Tasks, Runs int
}

// A work is what a launcher gives to tasks, in units that have ids.
type work interface {
	launch() (l Launch, source []byte) // what the launch says of it, and the spec that its tasks read
	resources() spec.Launch
	missing() []string
	tasks(units []string) []Task
	update() error          // looks again at what is done
	count() (all, done int) // for people, who are told of it while they wait
}

// ready returns the number of tasks that an array may have. It refuses a cluster that
// takes none, and a folder in which tasks of other work wait or run: they would find its
// plan gone.
func (h *How) ready(ctx context.Context, name, dir string) (most int, err error) {
	if most, err = h.Client.MaxArraySize(ctx); err != nil {
		return 0, err
	}
	if most < 1 {
		return 0, errNoArrays
	}
	view, err := Look(ctx, dir, h.Client, nil)
	if err != nil {
		return 0, err
	}
	if view.Unknown != nil {
		return 0, view.Unknown
	}
	for _, t := range view.Tasks {
		if t.Live() && t.Launch.Experiment != name {
			return 0, fmt.Errorf("launch: %s has tasks of the experiment %s in the queue (job %s): choose another folder for %s, or cancel them with scancel %s",
				dir, t.Launch.Experiment, t.Entry.Job, name, t.Entry.Job)
		}
	}
	return most, nil
}

var errNoArrays = errors.New("launch: the cluster takes no arrays of jobs (MaxArraySize 0), by which runs are launched: ask its administrators")

// A launcher submits one work.
type launcher struct {
	How
	work
	dir      string
	most     int // tasks of an array
	out      Placed
	progress experiments.Progress // nil for none

	submitted map[string]bool // units that this call gave to a task
	noted     map[string]bool // hints
}

func newLauncher(how How, dir string, most int, w work, progress experiments.Progress) *launcher {
	return &launcher{How: how, work: w, dir: dir, most: most, progress: progress, submitted: map[string]bool{}, noted: map[string]bool{}}
}

// launch submits what is missing, and follows the tasks where that is asked for.
func (r *launcher) launch(ctx context.Context) error {
	if err := r.submitMissing(ctx); err != nil || !r.Wait {
		return err
	}
	return r.wait(ctx)
}

// look asks what the tasks are doing, and counts their units that are missing.
func (r *launcher) look(ctx context.Context) (*View, error) {
	missing := map[string]bool{}
	for _, id := range r.missing() {
		missing[id] = true
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
	if r.progress != nil && !r.noted[text] {
		r.progress.Note(text)
	}
	r.noted[text] = true
}

// submitMissing submits the missing units that no task has, and that this call has not
// submitted before.
func (r *launcher) submitMissing(ctx context.Context) error {
	r.out.Left, r.out.Full = 0, nil
	missing := r.missing()
	if len(missing) == 0 {
		return nil
	}
	view, err := r.look(ctx)
	if err != nil {
		return err
	}
	live := view.live()
	units := slices.DeleteFunc(missing, func(id string) bool { return live[id] != nil || r.submitted[id] })
	if len(units) == 0 {
		return nil
	}
	return r.submit(ctx, units)
}

// submit makes a launch of units and submits its arrays, as many as the scheduler takes.
func (r *launcher) submit(ctx context.Context, units []string) error {
	made, source := r.work.launch()
	made.Schema, made.Scheduler, made.Requeues, made.Tasks = schema, Slurm, r.resources().Requeues, r.tasks(units)
	made.Host, _ = os.Hostname()
	l, err := create(r.dir, made, source)
	if err != nil {
		return err
	}
	scripts, err := scriptsOf(l, r.resources(), r.Program, r.most)
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

	for _, id := range units {
		if !r.submitted[id] {
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
	if s.Parallel > 0 {
		a.Parallel, b.Parallel = max(1, s.Parallel/2), max(1, s.Parallel-s.Parallel/2)
	}
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
	if ask.Parallel > 0 { // the arrays share it; one without a place would wait for ever
		for k := range all {
			all[k].Parallel = max(1, ask.Parallel*(k+1)/len(all)-ask.Parallel*k/len(all))
		}
	}
	return all, nil
}

// dry describes the tasks that would be submitted, and the script of the first array. It
// writes nothing, and where the scheduler is not installed the arrays are those of its
// default.
func (h *How) dry(ctx context.Context, dir, name string, ask spec.Launch, tasks []Task, describe func(arrays int) string) (string, error) {
	note := ""
	most, err := h.Client.MaxArraySize(ctx)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		most = slurm.DefaultMaxArraySize
		note = fmt.Sprintf("arrays are cut at Slurm's default of %d tasks, because the cluster's own is not known here: %v\n", most, err)
	case most < 1:
		return "", errNoArrays
	}

	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("launch: %w", err)
	}
	l := &Launch{JobName: fmt.Sprintf("gpw_%s_NAME", name), Token: "TOKEN", Tasks: tasks, dir: filepath.Join(dir, Folder, "NAME")}
	scripts, err := scriptsOf(l, ask, h.Program, most)
	if err != nil {
		return "", err
	}
	return note + describe(len(scripts)) + "\n" + scripts[0].String(), nil
}

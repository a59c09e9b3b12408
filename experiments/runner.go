package experiments

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"gpwbench/analysis"
	"gpwbench/losses"
	"gpwbench/results"
)

// A Runner runs a spec: what has a record in the store is done, and what has none is run.
type Runner struct {
	Spec     *Spec
	Open     func() (*results.Store, error) // called once the data are read, so that a refused spec leaves no folder
	Workers  int                            // runs at the same time; at least 1
	Fresh    bool                           // run what is done, too
	Revision string                         // of the program's source, for the records
	Progress Progress

	store *results.Store
}

// Progress hears how a Runner gets on, from several goroutines at once.
type Progress interface {
	Loading(dataset string)
	Remark(text string) // what was decided in the user's stead
	Begin(runs, done int)
	Step(c Cell, step, steps int)
	End(c Cell, err error)
}

// An Outcome is what a Runner did.
type Outcome struct {
	Runs, Done, Ran int      // all runs of the spec; those that have a record now; those that were run for it
	Failed          []string // one line a failed run
	Plan            results.Plan
}

// A job is a cell with its id and the label of its row.
type job struct {
	Cell
	id, label string
	settings  []byte
}

// Run runs what is missing. It stops at the next step when ctx ends, and returns ctx's error with an Outcome that says what is done.
// A run that fails is in the Outcome, and the others go on.
func (r *Runner) Run(ctx context.Context) (*Outcome, error) {
	benches, jobs, err := r.load()
	if err != nil {
		return nil, err
	}
	if r.store, err = r.Open(); err != nil {
		return nil, err
	}
	out := &Outcome{Plan: r.plan(jobs)}
	if err := r.store.PutPlan(out.Plan); err != nil {
		return nil, err
	}
	if err := r.store.WriteFile("spec.yaml", r.Spec.Source()); err != nil {
		return nil, err
	}
	for k, js := range jobs {
		out.Runs += len(js)
		jobs[k] = slices.DeleteFunc(js, r.done)
		out.Done += len(js) - len(jobs[k])
	}
	r.Progress.Begin(out.Runs, out.Done)
	for k, w := range benches {
		w.store = r.store
		if err := r.runAll(ctx, w, jobs[k], out); err != nil {
			return out, err
		}
		benches[k] = nil // the features of a data set whose runs are done are memory for the next
	}
	return out, nil
}

// load reads every data set and names every run. All missing files are told at once.
func (r *Runner) load() ([]*workbench, [][]job, error) {
	missing := new(MissingError)
	var benches []*workbench
	for k := range r.Spec.Datasets {
		d := &r.Spec.Datasets[k]
		r.Progress.Loading(d.Name)
		s, err := load(d)
		if m := new(MissingError); errors.As(err, &m) {
			missing.Lines = append(missing.Lines, m.Lines...)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if s.data.Synthetic && d.Features != "" {
			r.Progress.Remark(fmt.Sprintf("%s: %s is not there; a stand-in runs in its place, and every table says so", d.Name, d.Features))
		}
		if s.fitSampler(); s.remark != "" && len(r.Spec.Losses) > 0 {
			r.Progress.Remark(d.Name + ": " + s.remark)
		}
		if err := r.Spec.checkFit(s); err != nil {
			return nil, nil, err
		}
		benches = append(benches, newWorkbench(s))
	}
	if len(missing.Lines) > 0 {
		return nil, nil, missing
	}
	jobs := make([][]job, len(benches))
	for _, c := range r.Spec.Cells() {
		for k, w := range benches {
			if w.spec != c.Dataset {
				continue
			}
			set, err := w.settings(c)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", c, err)
			}
			jobs[k] = append(jobs[k], job{c, results.ID(set), w.label(c), set})
		}
	}
	return benches, jobs, nil
}

// plan is what the experiment asks for, so that its table can be made again from the folder. Rows are in the order of the spec, also where
// a row has another label on another data set.
func (r *Runner) plan(jobs [][]job) results.Plan {
	p := results.Plan{Schema: results.Schema, Experiment: r.Spec.Name, Reference: r.Spec.Reference}
	seen := map[string]bool{}
	order := func(name string) {
		if !seen[name] {
			seen[name] = true
			p.Order = append(p.Order, name)
		}
	}
	most := 0
	for _, js := range jobs {
		for _, j := range js {
			order(j.Dataset.Name)
			p.Runs = append(p.Runs, j.id)
		}
		most = max(most, len(js))
	}
	for i := range most {
		for _, js := range jobs {
			if i < len(js) {
				order(js[i].label)
			}
		}
	}
	return p
}

// done reports whether a job needs no run: it has a record and, where weights are kept, its snapshots and its moments.
func (r *Runner) done(j job) bool {
	if r.Fresh || !r.store.Has(j.id) {
		return false
	}
	if len(j.Keep) == 0 {
		return true
	}
	kept := func(name string) bool {
		_, err := os.Stat(r.store.Path(name))
		return err == nil
	}
	snapshots := slices.ContainsFunc(j.Keep, func(step int) bool { return j.Row.comparesBatch(j.Dataset, step) })
	return kept(analysis.MomentFile(j.id)) && (kept(analysis.SnapshotFile(j.id)) || !snapshots)
}

// runAll runs the jobs of one data set, none of which was done, on the workers.
func (r *Runner) runAll(ctx context.Context, w *workbench, jobs []job, out *Outcome) error {
	queue := make(chan job, 2*len(jobs))
	var pending sync.WaitGroup // jobs in the queue or in hand
	for _, j := range jobs {
		pending.Add(1)
		queue <- j
	}
	go func() { pending.Wait(); close(queue) }()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range max(1, r.Workers) {
		workers.Go(func() {
			for j := range queue {
				if ctx.Err() != nil {
					pending.Done()
					continue
				}
				ran, err := r.claim(ctx, w, j)
				if errors.Is(err, errElsewhere) {
					queue <- j // another process has it; look again later
					continue
				}
				mu.Lock()
				switch {
				case err == nil:
					out.Done++
					if ran {
						out.Ran++
					}
				case ctx.Err() != nil: // cut short
				case isCommon(err):
					cancel(err)
				default:
					out.Failed = append(out.Failed, fmt.Sprintf("%s: %v", j, err))
				}
				mu.Unlock()
				if err == nil || ctx.Err() == nil {
					r.Progress.End(j.Cell, err)
				}
				pending.Done()
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// A commonError is one that the other runs on the data set would meet too: the disk is full, the settings do not fit the data.
type commonError struct{ error }

func (e *commonError) Unwrap() error { return e.error }

// common marks an error that ends all runs at once.
func common(err error) error {
	if err == nil {
		return nil
	}
	return &commonError{err}
}

func isCommon(err error) bool {
	var c *commonError
	return errors.As(err, &c)
}

var errElsewhere = errors.New("experiments: another process has this run in hand")

// claim runs a job unless another process has it in hand, and reports whether it ran it.
func (r *Runner) claim(ctx context.Context, w *workbench, j job) (ran bool, err error) {
	release, ok, err := r.store.TryClaim(j.id)
	if err != nil {
		return false, common(err)
	}
	if !ok {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
		return false, errElsewhere
	}
	defer release()
	if r.done(j) { // by another process, while this job waited
		return false, nil
	}
	return true, r.run(ctx, w, j)
}

// run measures one cell and keeps it: first what belongs to the record, then the record, because a record is the sign of a run that is
// done.
func (r *Runner) run(ctx context.Context, w *workbench, j job) error {
	start := time.Now()
	rec := w.record(j.Cell, j.id, j.settings)
	rec.Experiment, rec.SourceRevision = r.Spec.Name, r.Revision
	if j.Baseline != nil {
		rec, err := w.baseline(ctx, j.Cell, rec)
		if err != nil {
			return err
		}
		return r.keep(rec, start)
	}
	t, err := w.train(ctx, j.Cell, rec, func(step, steps int) { r.Progress.Step(j.Cell, step, steps) })
	if err != nil {
		return err
	}
	if len(t.snapshots) > 0 {
		err := r.blob(analysis.SnapshotFile(j.id), func(b *bytes.Buffer) error { return analysis.WriteSnapshots(b, t.snapshots) })
		if err != nil {
			return err
		}
	}
	if len(j.Keep) > 0 {
		err := r.blob(analysis.MomentFile(j.id), func(b *bytes.Buffer) error { return analysis.WriteMoments(b, t.moments) })
		if err != nil {
			return err
		}
	}
	return r.keep(t.record, start)
}

// blob keeps what belongs to a run beside its record.
func (r *Runner) blob(name string, write func(*bytes.Buffer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return common(r.store.PutBlob(name, b.Bytes()))
}

func (r *Runner) keep(rec results.Record, start time.Time) error {
	if err := r.store.Put(rec); err != nil {
		return common(err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return common(r.store.AppendTiming(results.Timing{ID: rec.ID, Seconds: time.Since(start).Seconds(), Host: host, Workers: r.Workers}))
}

// Describe lists what a spec would run, and which files are not there, without reading any data: the dry run.
func (s *Spec) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d runs\n", s.Name, len(s.Cells()))
	for k := range s.Datasets {
		d := &s.Datasets[k]
		from := d.Features
		switch {
		case from == "":
			from = fmt.Sprintf("synthetic stand-in of %s, scale %s", d.Synthetic, losses.Number(d.Scale))
		case d.Synthetic != "":
			from += ", or the synthetic stand-in of " + d.Synthetic
		}
		fmt.Fprintf(&b, "\n%s: %s, split %s\n", d.Name, from, d.Split)
		if lines, _ := absent(d); len(lines) > 0 {
			fmt.Fprintf(&b, "  not there: %s\n", strings.Join(lines, "\n  not there: "))
		}
		fmt.Fprintf(&b, "  head %s, %s lr %s, sampler %d×%d, %d steps, seeds 0–%d, preprocess %s\n", headText(d.Head), d.Optimizer.Name,
			losses.Number(d.Optimizer.LR), d.Sampler.Classes, d.Sampler.PerClass, d.Steps, s.Seeds-1, strings.Join(d.Preprocess, ", "))
		for _, base := range s.Baselines {
			fmt.Fprintf(&b, "  baseline  %s\n", base.label())
		}
		for _, row := range s.Losses {
			p := d.Protocol
			if row.Protocol != nil {
				p = *row.Protocol
			}
			fmt.Fprintf(&b, "  %-9s %s: %s (%s)\n", p.Name, row.Label, row.Choice.Name(), row.Choice.Caption())
		}
	}
	return b.String()
}

func headText(h Head) string {
	if h.Name == "none" {
		return "none"
	}
	if h.Dim == 0 {
		return "linear, square, from " + h.Init
	}
	return fmt.Sprintf("linear to %d dimensions, from %s", h.Dim, h.Init)
}

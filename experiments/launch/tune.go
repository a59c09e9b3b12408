package launch

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"gpwbench/experiments"
	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/results/claims"
)

// mostSearching is how many tasks search where nobody says: what a generation of a few
// losses keeps at work.
const mostSearching = 8

// TuneOptions say how a search is launched. Those of package experiments are as there,
// but that Workers says nothing of the tasks.
type TuneOptions struct {
	experiments.TuneOptions
	How

	// Tasks is how many tasks share the search. 0: as many as have a trial each in a
	// generation of all rows, with a trial on each processor, and mostSearching at most.
	Tasks int
}

// A TuneOutcome is what [Tune] did and found.
type TuneOutcome struct {
	experiments.TuningStanding
	Placed

	Tuning *results.Tuning // nil while trials are missing
}

// A Search is what the tasks of a search are told beside the spec.
type Search struct {
	Trials int           `json:"trials"`
	Seed   uint64        `json:"seed"`
	Ranges []SearchRange `json:"ranges,omitempty"`
}

// A SearchRange is an [experiments.Range].
type SearchRange struct {
	Path  string  `json:"path"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Fixed bool    `json:"fixed,omitempty"`
}

func searchOf(o experiments.TuneOptions) *Search {
	s := &Search{Trials: o.Trials, Seed: o.Seed}
	for _, r := range o.Ranges {
		s.Ranges = append(s.Ranges, SearchRange(r))
	}
	return s
}

// Tune begins a search in the results folder dir, and submits tasks that share its trials
// by their claims, as many as there are not yet. Once all trials are there the same call
// writes what was found, as [experiments.Tune] does, and returns it.
//
// The error is as that of [Run], and those of experiments.Tune.
func Tune(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (out *TuneOutcome, err error) {
	ctx = cmp.Or(ctx, context.Background())
	most, err := o.ready(ctx, s.Name, dir)
	if err != nil {
		return nil, err
	}
	begun, err := experiments.BeginTuning(ctx, s, dir, o.TuneOptions)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, begun.Close()) }()
	w, err := o.work(s, begun)
	if err != nil {
		return nil, err
	}

	r := newLauncher(o.How, dir, most, w, o.Progress)
	err = r.launch(ctx)
	out = &TuneOutcome{TuningStanding: begun.Standing, Placed: r.out}
	if err != nil || out.Done < out.Trials {
		return out, err
	}
	out.Tuning, err = begun.Finish(ctx)
	return out, err
}

// work is a search in equal shares: each task goes on until no trial is missing. A trial
// is made by one task, so that no more tasks are of use than trials are missing.
func (o *TuneOptions) work(s *spec.Spec, begun *experiments.BegunTuning) (*shares, error) {
	file, source, err := begun.Source()
	if err != nil {
		return nil, err
	}
	w := &shares{source: source, asks: s.Launch}
	w.made = Launch{Experiment: s.Name, Revision: o.Revision, SpecFile: file, Claims: Claims{o.Claims.Kind, o.Claims.Lease}, Search: searchOf(o.TuneOptions)}
	w.look = func() (open []int, all, done int, err error) {
		err = begun.Update()
		st := begun.Standing
		for k := range min(len(w.all), st.Trials-st.Done) {
			open = append(open, k)
		}
		return open, st.Trials, st.Done, err
	}
	if err := begun.Update(); err != nil {
		return nil, err
	}
	w.all = o.shares(s, begun.Standing, w.made.Search, string(source))
	return w, w.update()
}

// shares are the tasks of a search, without a regard to what is done.
func (o *TuneOptions) shares(s *spec.Spec, st experiments.TuningStanding, says ...any) (all []Task) {
	n := o.Tasks
	if cores := max(1, s.Launch.CPUs); n == 0 {
		n = min(mostSearching, (st.Together+cores-1)/cores)
	}
	var names []string
	for _, d := range s.Datasets {
		names = append(names, d.Name)
	}
	for k := range n {
		all = append(all, Task{Runs: []string{shareID("search", k+1, says...)}, Datasets: names})
	}
	return all
}

// TuneScript describes what [Tune] would submit, as [Script] does for [Run].
func TuneScript(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (string, error) {
	ctx = cmp.Or(ctx, context.Background())
	st, err := experiments.FindTrials(ctx, s, dir, o.TuneOptions)
	if err != nil {
		return "", err
	}
	missing := st.Trials - st.Done
	if missing == 0 {
		return "all trials are done; nothing would be submitted\n", nil
	}
	tasks := o.shares(s, st)
	tasks = tasks[:min(len(tasks), missing)]
	return o.dry(ctx, dir, s.Name, s.Launch, tasks, func(arrays int) string {
		return fmt.Sprintf("%d of %d trials are missing, of which up to %d at a time do not wait for others: %d equal tasks that share them, in %d arrays; tasks of an earlier launch that are in the queue count as some of these\n",
			missing, st.Trials, st.Together, len(tasks), arrays)
	})
}

// search makes trials of a search until none is missing.
func (l *Launch) search(ctx context.Context, s *spec.Spec, cores int, revision string, log *taskLog, report *Report) error {
	o := experiments.TuneOptions{
		Trials: l.Search.Trials, Seed: l.Search.Seed, Workers: cores, Revision: revision, SpecFile: l.SpecFile,
		Claims: claims.Options{Kind: l.Claims.Kind, Lease: l.Claims.Lease}, Progress: log,
	}
	for _, r := range l.Search.Ranges {
		o.Ranges = append(o.Ranges, experiments.Range(r))
	}
	log.own = true
	err := experiments.MakeTrials(ctx, s, l.results(), o)
	report.Made = log.made
	if err == nil {
		log.line("ended: all trials are done, %d of them by this task", log.made)
	}
	return err
}

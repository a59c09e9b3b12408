package experiments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/search"
	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A BegunTuning is a search that was begun in a folder, whose trials other processes may
// make: each of them calls [Tune] there. The caller closes it.
type BegunTuning struct {
	Standing TuningStanding // as Update saw it last

	tuner *tuner
	rows  []*rowStanding
}

// A TuningStanding says how many trials a search has.
type TuningStanding struct {
	Trials int // of all rows on all data sets
	Done   int // that are there

	// Together is the number of trials that never wait for each other: those of a
	// generation of every row, on the data set that has most rows.
	Together int
}

// BeginTuning begins a search in the results folder dir as [Tune] does, and refuses what
// Tune refuses, but makes no trial.
func BeginTuning(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (*BegunTuning, error) {
	ctx = cmp.Or(ctx, context.Background())
	t, err := newTuner(ctx, s, dir, o)
	if err != nil {
		return nil, err
	}
	if err := t.begin(ctx, dir); err != nil {
		return nil, err
	}
	return &BegunTuning{tuner: t}, nil
}

// Source is the spec as it was read, with the overrides applied. [spec.Parse] of it as
// that file gives the same trials in the same working directory.
func (b *BegunTuning) Source() (file string, source []byte, err error) {
	source, err = b.tuner.spec.Source()
	return filepath.Join(b.tuner.spec.Dir(), b.tuner.spec.Name+".yaml"), source, err
}

// FindTrials says how far a search is, and writes nothing. In a folder that does not
// exist no trial is done. It refuses what [Tune] refuses.
func FindTrials(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (TuningStanding, error) {
	ctx = cmp.Or(ctx, context.Background())
	t, err := newTuner(ctx, s, dir, o)
	if err != nil {
		return TuningStanding{}, err
	}
	if err := results.Check(dir, t.output()); err != nil {
		return TuningStanding{}, err
	}
	if store, err := results.OpenRead(dir); err == nil {
		t.store = store
	}
	b := &BegunTuning{tuner: t}
	err = b.Update()
	return b.Standing, err
}

// Update looks at which trials are done.
func (b *BegunTuning) Update() error {
	t := b.tuner
	if b.rows == nil {
		for _, u := range t.units {
			for _, s := range u.spaces {
				b.rows = append(b.rows, &rowStanding{space: s})
			}
			b.Standing.Together = max(b.Standing.Together, len(u.spaces)*generationAt(0, t.options.Trials))
		}
	}

	b.Standing.Trials, b.Standing.Done = t.total(), 0
	for _, r := range b.rows {
		done, err := t.look(r)
		if err != nil {
			return err
		}
		b.Standing.Done += done
	}
	return nil
}

// Finish makes the trials that are missing, as [Tune] does, and writes what was found.
func (b *BegunTuning) Finish(ctx context.Context) (*results.Tuning, error) {
	ctx = cmp.Or(ctx, context.Background())
	tuning, err := b.tuner.search(ctx)
	if err != nil {
		return nil, err
	}
	return tuning, b.tuner.derive(ctx, tuning)
}

// MakeTrials makes the trials of a search that was begun in the folder dir, together with
// the other processes that do. It returns once all are there, and leaves it to
// [BegunTuning.Finish] to write what was found.
func MakeTrials(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (err error) {
	ctx = cmp.Or(ctx, context.Background())
	t, err := newTuner(ctx, s, dir, o)
	if err != nil {
		return err
	}
	if t.store, err = t.openStore(dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.store.Close()) }()
	plan, _, err := t.store.LoadPlan()
	if err != nil {
		return err
	}
	if plan.Experiment != t.spec.Name || len(plan.Runs) > 0 {
		return fmt.Errorf("experiments: the folder %s is not that of this search any more, because %s was begun there: nothing is made for it; launch again into another folder", dir, plan.Experiment)
	}
	_, err = t.search(ctx)
	return err
}

// Close closes the folder.
func (b *BegunTuning) Close() error { return b.tuner.store.Close() }

// total is the number of trials of all rows.
func (t *tuner) total() (n int) {
	for _, u := range t.units {
		n += t.options.Trials * len(u.spaces)
	}
	return n
}

// A rowStanding is how far the search of a row is: its generations that are there.
type rowStanding struct {
	space *rowSpace
	done  []search.Trial
}

// look returns how many trials of a row are there. A generation is proposed once those
// before it are whole.
func (t *tuner) look(r *rowStanding) (done int, err error) {
	w, n := r.space.on, t.options.Trials
	better := results.Better(w.spec.Protocol.(protocol.Validated).Key())
	for len(r.done) < n {
		var generation []search.Trial
		size := generationAt(len(r.done), n)
		for k := range size {
			values := r.space.space.Propose(r.done, len(r.done)+k, n, t.options.Seed)
			trial, is, err := t.find(w, r.space, values)
			if err != nil {
				return 0, err
			}
			if is {
				generation = append(generation, judged(trial, better))
			}
		}
		if len(generation) < size {
			return len(r.done) + len(generation), nil
		}
		r.done = append(r.done, generation...)
	}
	return len(r.done), nil
}

// find returns a trial if it is there. A damaged one is not.
func (t *tuner) find(w *datasetRuns, s *rowSpace, values []float64) (results.TunedTrial, bool, error) {
	trial, _, kept, err := t.plannedTrial(w, s, values)
	if err != nil || trial.Failed != "" || t.store == nil {
		return trial, trial.Failed != "", err
	}
	kept, err = t.store.GetTrial(kept.ID)
	if damaged := new(results.DamagedError); errors.Is(err, fs.ErrNotExist) || errors.As(err, &damaged) {
		return trial, false, nil
	}
	return worth(trial, kept), err == nil, err
}

package experiments

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"sync"
	"time"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/search"
	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/results/claims"
	"gpwbench/results/table"
)

// TuneOptions say how [Tune] searches. Workers, Revision, SpecFile, Claims and Progress
// are as in [Options]; they change no number.
type TuneOptions struct {
	Trials int    // of every loss on every data set; at least 1
	Seed   uint64 // of the points, the folds and the batches
	Ranges []Range

	Workers  int
	Revision string
	SpecFile string
	Claims   claims.Options
	Progress Progress

	Figures TuningFigures // nil: none are drawn
}

// TuningFigures draws what a search found; package plots/figures has them.
type TuningFigures interface {
	// DrawTuning returns figures by their names in a results folder, "figures/x.svg".
	DrawTuning(t *results.Tuning) (map[string][]byte, error)
}

// Tune searches the settings of every loss of a spec with the same number of trials:
// its parameters, those of its miner, and its learning rate, as [Range] describes. A
// trial trains a head for every fold of the training classes, as protocol holdout does,
// and is worth the best mean of its metric over the steps; the test classes are never
// evaluated. The first trial has the settings of the spec, and package search proposes
// the others. Of a spec with a sweep every variant of a loss is a row of its own, so
// that one trial of each compares recipes on held-out classes alone.
//
// The results folder dir has every trial, the tuning as text and JSON, and for every data
// set a spec with the settings that were found, which [Run] takes. Of a sweep there is
// one for each variant. A setting that is swept has its value, and is not searched. A
// trial that is there is done, so the same call goes on where one was interrupted. The
// result is the same for any number of workers. Several processes may work in one folder.
//
// The error is a [spec.SpecError] for what is wrong with the spec, and a [RangeError] for
// a range that cannot be searched.
func Tune(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (*results.Tuning, error) {
	b, err := BeginTuning(ctx, s, dir, o)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return b.Finish(ctx)
}

// newTuner reads the data of a spec, and finds what is searched.
func newTuner(ctx context.Context, s *spec.Spec, dir string, o TuneOptions) (*tuner, error) {
	if o.Trials < 1 {
		return nil, fmt.Errorf("experiments: %d trials: take 1 or more", o.Trials)
	}
	r, err := newRunner(s, Options{Workers: o.Workers, Revision: o.Revision, SpecFile: o.SpecFile, Claims: o.Claims, Progress: o.Progress})
	if err != nil {
		return nil, err
	}
	if len(r.spec.Losses) == 0 {
		return nil, wrongSpec(r.spec, "losses", "the spec has no losses to tune: give it some, such as losses: [contrastive, multi_similarity]; rows of embeddings were trained elsewhere and have nothing to tune")
	}
	if err := r.keptIn(dir); err != nil {
		return nil, err
	}
	r.chooseOnFolds()

	t := &tuner{runner: r, options: o, slots: make(chan struct{}, r.Workers)}
	return t, t.prepare(ctx)
}

// wrongSpec is what is wrong with a setting of a spec, with its place.
func wrongSpec(s *spec.Spec, path, format string, args ...any) error {
	return &spec.SpecError{Problems: []string{s.Where(path) + ": " + fmt.Sprintf(format, args...)}}
}

// chooseOnFolds gives data sets whose protocol does not hold classes out the default
// protocol that does, and says so.
func (r *runner) chooseOnFolds() {
	held, _ := protocol.Default(protocol.Holdout{}.Name())
	noted := map[string]bool{} // by an earlier variant
	for _, v := range r.variants {
		for k := range v.Datasets {
			d := &v.Datasets[k]
			if _, ok := d.Protocol.(protocol.Validated); ok {
				continue
			}
			note := fmt.Sprintf("%s: protocol %s holds no classes out, so trials are judged by protocol %s", d.Name, d.Protocol.Name(), settingsText(held))
			if !noted[note] {
				r.Progress.Note(note)
			}
			noted[note] = true
			d.Protocol = held
		}
		for k := range v.Losses {
			v.Losses[k].Protocol = nil
		}
	}
}

// A tuner searches the settings of all rows.
type tuner struct {
	*runner
	options TuneOptions
	slots   chan struct{} // one for each trial at work
	units   []tunedUnit
}

// A tunedUnit is a data set with the search of each row.
type tunedUnit struct {
	info   results.DatasetInfo
	spaces []*rowSpace
	met    map[string]int // rows with the swept values that change them, by number

	variants [][]int // of the spaces, those of each variant in the order of its losses
}

// add adds the rows of a variant on data set k with the swept values that change each. A
// row that an earlier variant has with the same values is that one.
func (u *tunedUnit) add(k int, rows []*rowSpace, sweep *sweepPlan, swept []spec.Swept) {
	var variant []int
	for r, s := range rows {
		at := rowPlace{k, -1, r, -1}
		if values := sweep.valuesOf(at, swept); len(values) > 0 {
			s.variant = sweep.label(at) + " (" + spec.SweptText(values) + ")"
		}

		key := fmt.Sprintf("%d %s", r, s.variant)
		if u.met == nil {
			u.met = map[string]int{}
		}
		if _, is := u.met[key]; !is {
			u.met[key], u.spaces = len(u.spaces), append(u.spaces, s)
		}
		variant = append(variant, u.met[key])
	}
	u.variants = append(u.variants, variant)
}

// prepare reads the data, and finds what is searched of each row.
func (t *tuner) prepare(ctx context.Context) error {
	loaded, err := t.load(ctx)
	if err != nil {
		return err
	}

	if err := t.oneMetric(); err != nil {
		return err
	}

	met := map[string]bool{}
	var all []*rowSpace
	for k := range t.spec.Datasets {
		u := tunedUnit{info: loaded.views[0][k].info}
		for v, variant := range t.variants {
			if !variant.Datasets[k].Head.Trains() {
				return wrongSpec(variant.Spec, fmt.Sprintf("datasets.%d.head", k), "%s: head none has nothing to tune; give it a head that is trained, such as head: linear", variant.Datasets[k].Name)
			}
			spaces, err := t.spaces(variant, loaded.views[v][k], met, func(row int) []spec.Swept {
				return loaded.sweep.valuesOf(rowPlace{k, -1, row, -1}, variant.Swept)
			})
			if err != nil {
				return err
			}
			u.add(k, spaces, &loaded.sweep, variant.Swept)
		}
		t.units, all = append(t.units, u), append(all, u.spaces...)
	}
	return checkRanges(t.options.Ranges, met, all)
}

// oneMetric refuses data sets and variants that are judged by unlike folds or metrics:
// their scores do not compare.
func (t *tuner) oneMetric() error {
	judged := func(variant spec.Variant, k int) string {
		v := variant.Datasets[k].Protocol.(protocol.Validated)
		return fmt.Sprintf("by %s on %d folds", v.Key(), v.FoldCount())
	}

	first := judged(t.variants[0], 0)
	for _, variant := range t.variants {
		for k := range variant.Datasets {
			if by := judged(variant, k); by != first {
				return wrongSpec(variant.Spec, fmt.Sprintf("datasets.%d.protocol", k), "%s is judged %s, and %s %s, which do not compare; give all one protocol, or tune them one by one",
					called(variant, k), by, called(t.variants[0], 0), first)
			}
		}
	}
	return nil
}

// called names a data set of a variant.
func called(variant spec.Variant, k int) string {
	name := variant.Datasets[k].Name
	if len(variant.Swept) == 0 {
		return name
	}
	return name + " with " + spec.SweptText(variant.Swept)
}

// spaces are what is searched of the rows of a variant on a data set. What a sweep gives
// a row, by its number, is not searched.
func (t *tuner) spaces(variant spec.Variant, w *datasetRuns, met map[string]bool, swept func(row int) []spec.Swept) ([]*rowSpace, error) {
	var spaces []*rowSpace
	for k := range variant.Losses {
		s, err := newRowSpace(w.spec, &variant.Losses[k], t.options.Ranges, swept(k), met)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", variant.Losses[k].Label, err)
		}
		s.on = w
		spaces = append(spaces, s)
	}
	return spaces, nil
}

// output is what the folder has of the search: a plan that has no runs, because trials
// are not rows of a table.
func (t *tuner) output() results.Output {
	return results.Output{
		Plan: results.Plan{Schema: results.Schema, Experiment: t.spec.Name}, Spec: t.source, SpecFile: t.SpecFile, SpecName: spec.EncodedName,
	}
}

// begin opens the folder.
func (t *tuner) begin(ctx context.Context, dir string) (err error) {
	output := t.output()
	if err := results.Check(dir, output); err != nil {
		return err
	}
	if t.store, err = t.openStore(dir); err != nil {
		return err
	}
	if err := t.store.Begin(ctx, output); err != nil {
		return errors.Join(err, t.store.Close())
	}
	return nil
}

// search runs all trials, one data set after the other.
func (t *tuner) search(ctx context.Context) (*results.Tuning, error) {
	v := t.variants[0].Datasets[0].Protocol.(protocol.Validated)
	tuning := &results.Tuning{Experiment: t.spec.Name, Trials: t.options.Trials, Seed: t.options.Seed, Metric: v.Key(), Folds: v.FoldCount()}
	t.Progress.Begin(t.total(), 0)

	for _, u := range t.units {
		d := results.TunedDataset{Dataset: u.info, Rows: make([]results.TunedRow, len(u.spaces))}
		failures := make([]error, len(u.spaces))
		var rows sync.WaitGroup
		ctx, cancel := context.WithCancelCause(ctx)
		for k, space := range u.spaces {
			space.on.store, space.on.note = t.store, t.Progress.Note
			rows.Go(func() {
				d.Rows[k], failures[k] = t.searchRow(ctx, space.on, space)
				if failures[k] != nil {
					cancel(failures[k])
				}
			})
		}
		rows.Wait()
		cause := context.Cause(ctx)
		cancel(nil)
		if cause != nil {
			return nil, cause
		}
		d.Conclude(tuning.Metric)
		for k, space := range u.spaces {
			d.Rows[k].NearEnd = space.nearEnds(d.Rows[k])
		}
		tuning.Datasets = append(tuning.Datasets, d)
	}
	return tuning, nil
}

// searchRow runs the trials of a row, one generation after the other.
func (t *tuner) searchRow(ctx context.Context, w *datasetRuns, s *rowSpace) (results.TunedRow, error) {
	c := s.row.Choice
	row := results.TunedRow{Label: s.label(), Loss: c.Spec.Name, Preset: c.Preset, Searched: s.ranges(), Fixed: s.fixed}
	n, better := t.options.Trials, results.Better(w.spec.Protocol.(protocol.Validated).Key())
	var done []search.Trial // whose scores are better where they are larger
	for len(done) < n {
		generation := make([]results.TunedTrial, generationAt(len(done), n))
		failures := make([]error, len(generation))
		var trials sync.WaitGroup
		for k := range generation {
			values := s.space.Propose(done, len(done)+k, n, t.options.Seed)
			trials.Go(func() {
				t.slots <- struct{}{}
				defer func() { <-t.slots }()
				generation[k], failures[k] = t.trial(ctx, w, s, values)
			})
		}
		trials.Wait()
		if err := errors.Join(failures...); err != nil {
			return row, err
		}
		for _, trial := range generation {
			done = append(done, judged(trial, better))
		}
		row.Trials = append(row.Trials, generation...)
	}
	return row, nil
}

// generationAt is the number of trials that are proposed together after so many of n.
func generationAt(done, n int) int { return min(search.Generation, n-done) }

// judged is a trial as package search takes it: its score is better where it is larger.
func judged(trial results.TunedTrial, better float64) search.Trial {
	score := math.Inf(-1)
	if trial.Score != nil {
		score = better * *trial.Score
	}
	return search.Trial{Values: trial.Values, Score: score}
}

// trial returns what a trial is worth: from its file, or by training. The error is one
// that ends the search.
func (t *tuner) trial(ctx context.Context, w *datasetRuns, s *rowSpace, values []float64) (results.TunedTrial, error) {
	trial, j, kept, err := t.plannedTrial(w, s, values)
	if err != nil || trial.Failed != "" {
		return trial, err
	}
	if kept, err = t.keptTrial(ctx, w, j, kept); err != nil {
		return trial, err
	}
	t.Progress.End(j.PlannedRun, nil)
	return worth(trial, kept), nil
}

// plannedTrial is a trial that has values, with its job and its file before it is made.
// It has failed where its values are no settings.
func (t *tuner) plannedTrial(w *datasetRuns, s *rowSpace, values []float64) (trial results.TunedTrial, j job, kept results.Trial, err error) {
	trial.Values = values
	row, err := s.with(values)
	if err != nil { // beyond the domain, by rounding of the bounds
		trial.Failed = err.Error()
		return trial, j, kept, nil
	}
	j, err = w.prepareJob(PlannedRun{Dataset: w.spec, Row: row, Protocol: w.spec.Protocol, Seed: t.options.Seed, Swept: s.swept(values)})
	if err != nil {
		return trial, j, kept, err
	}

	settings, err := results.Canonical(map[string]json.RawMessage{"trial": j.record.Settings})
	if err != nil {
		return trial, j, kept, err
	}
	return trial, j, results.Trial{ID: results.ID(settings), Schema: results.Schema, Settings: settings}, nil
}

// worth adds to a trial what its file has.
func worth(trial results.TunedTrial, kept results.Trial) results.TunedTrial {
	trial.ID, trial.Failed = kept.ID, kept.Failed
	if v := kept.Validation; v != nil {
		best := v.Choose()
		trial.Start, trial.Score, trial.Steps = &v.Points[0].Mean, &best.Mean, int(best.Value)
	}
	return trial
}

// keptTrial returns a trial from its file, and makes it where there is none. It waits for
// another process that is making it.
func (t *tuner) keptTrial(ctx context.Context, w *datasetRuns, j job, trial results.Trial) (results.Trial, error) {
	for {
		if err := ctx.Err(); err != nil {
			return trial, context.Cause(ctx)
		}
		release, ok, err := t.store.TryClaim(trial.ID, j.String())
		if err != nil {
			return trial, err
		}
		if !ok {
			select {
			case <-time.After(pollInterval):
			case <-ctx.Done():
			}
			continue
		}
		defer release()

		kept, err := t.store.GetTrial(trial.ID)
		damaged := new(results.DamagedError)
		switch {
		case err == nil:
			return kept, nil
		case errors.As(err, &damaged):
			if _, err := t.store.SetAside(results.TrialFile(trial.ID)); err != nil {
				return trial, err
			}
			t.Progress.Note(fmt.Sprintf("%s: %v; it was set aside, and the trial is made again", j, damaged))
		case !errors.Is(err, fs.ErrNotExist):
			return trial, err
		}
		if err := t.countLost(j, trial.ID); err != nil {
			return trial, err
		}
		return t.makeTrial(ctx, w, j, trial)
	}
}

// makeTrial trains on the folds, and keeps what came of it.
func (t *tuner) makeTrial(ctx context.Context, w *datasetRuns, j job, trial results.Trial) (results.Trial, error) {
	v := j.Protocol.(protocol.Validated)
	step, steps := 0, v.FoldCount()*w.spec.Steps
	validation, err := recovered(func() (*results.Validation, error) {
		return w.chooseSteps(ctx, j, v, func() {
			step++
			t.Progress.Step(j.PlannedRun, step, steps)
		})
	})
	switch {
	case ctx.Err() != nil:
		return trial, context.Cause(ctx)
	case err != nil && isCommon(err):
		return trial, err
	case err != nil:
		trial.Failed = err.Error()
	default:
		trial.Validation = validation
	}
	return trial, t.store.PutTrial(trial)
}

// derive writes the tuning, and for every data set the spec with the settings found.
func (t *tuner) derive(ctx context.Context, tuning *results.Tuning) error {
	files, err := t.tunedSpecs(tuning)
	if err != nil {
		return err
	}
	if t.options.Figures != nil {
		drawn, err := t.options.Figures.DrawTuning(tuning)
		if err != nil {
			return err
		}
		maps.Copy(files, drawn)
	}
	for k, format := range []string{"text", "json"} {
		var b bytes.Buffer
		if err := table.WriteTuning(&b, tuning, format); err != nil {
			return err
		}
		files[results.TuningFiles[k]] = b.Bytes()
	}
	_, err = t.store.Derive(ctx, func(to *results.Derived) error {
		for name, data := range files {
			if err := to.Write(name, data); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// tunedSpecs are the specs with the settings that were found, by their names: for every
// data set one, or one for each variant of a sweep. The tuning is told of them.
func (t *tuner) tunedSpecs(tuning *results.Tuning) (map[string][]byte, error) {
	files := map[string][]byte{}
	for k := range tuning.Datasets {
		d := &tuning.Datasets[k]
		for v, variant := range t.variants {
			file, name := results.TunedSpec(d.Dataset.Name), t.spec.Name+"_tuned_"+d.Dataset.Name
			if len(t.variants) > 1 {
				file, name = results.TunedVariantSpec(d.Dataset.Name, v+1), fmt.Sprintf("%s_%d", name, v+1)
			}
			source, err := t.tunedSpec(k, v, d, name)
			if err != nil {
				return nil, err
			}
			files[file] = source
			d.Specs = append(d.Specs, results.TunedSpecFile{File: file, Swept: sweptRecord(variant.Swept)})
		}
	}
	return files, nil
}

// tunedSpec is a variant of the spec on one data set with the best trials of its rows, by
// the protocol that they were judged by.
func (t *tuner) tunedSpec(k, v int, d *results.TunedDataset, name string) ([]byte, error) {
	s := t.variants[v].Clone()
	s.Name = name
	s.Datasets = s.Datasets[k : k+1]
	for r, at := range t.units[k].variants[v] {
		row := d.Rows[at]
		if row.Best < 0 {
			continue
		}
		tuned, err := t.units[k].spaces[at].with(row.Trials[row.Best].Values)
		if err != nil {
			return nil, err
		}
		s.Losses[r] = *tuned
	}
	return s.Resolved()
}

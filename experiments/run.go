package experiments

import (
	"context"
	"fmt"
	"slices"

	"gpwbench/analysis"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
	"gpwbench/train/config"
)

// settings returns the canonical settings of a cell on a data set in memory, the pre-image of the run's id.
func (s *loadedDataset) settings(c PlannedRun) ([]byte, error) {
	set := results.Settings{
		Schema: results.Schema, Trainer: train.Revision, Kind: c.kind(), Label: s.label(c), Seed: c.Seed,
		Dataset: results.DatasetSettings{Name: s.spec.Name, Checksum: s.data.Checksum, Split: s.spec.Split.String()},
		Metrics: s.metricSettings(),
	}
	if c.Baseline != nil {
		set.Baseline = s.baselineSettings(c.Baseline)
		return results.Canonical(set)
	}
	set.Loss = c.lossSettings()
	set.Training = &results.TrainingSettings{
		Preprocess: s.spec.Preprocess, Head: s.spec.Head, Sampler: s.spec.Sampler, Optimizer: s.spec.Optimizer,
		Steps: s.spec.Steps, Protocol: c.Protocol.Settings(),
	}
	if m := c.Row.MemoryOn(s.spec); m.Remembers() {
		set.Training.Memory = &m
	}
	if p := s.proxies(c); p.PerClass > 0 {
		set.Training.Proxies = &p
	}
	return results.Canonical(set)
}

// proxies are those of the row, their rate filled in.
func (s *loadedDataset) proxies(c PlannedRun) config.Proxies {
	p := c.Row.Proxies
	if p.PerClass > 0 && p.LR == 0 {
		p.LR = 100 * s.spec.Optimizer.LR
	}
	return p
}

// record is a record of the cell with everything but what is measured.
func (w *datasetRuns) record(c PlannedRun, id string, settings []byte) results.Record {
	r := results.Record{
		ID: id, Schema: results.Schema, Settings: settings, Dataset: w.info,
		Label: w.label(c), Kind: c.kind(), Seed: c.Seed, Protocol: c.Protocol.Name(),
		Revisions: results.Revisions{Trainer: train.Revision},
	}
	if c.Row != nil {
		choice := c.Row.Choice
		r.Loss, r.Preset, r.Params = choice.Spec.Name, choice.Preset, choice.Caption()
		r.AsPreset = c.Row.AsPreset(w.spec)
		r.Revisions.Loss = choice.Spec.Revision
	}
	return r
}

// score writes what an evaluation measured into a record.
func (s *loadedDataset) score(r *results.Record, scores *retrieval.Scores) {
	r.Metrics = s.metrics(scores)
	r.Queries, r.WithoutPositives, r.Ties = scores.Queries, scores.WithoutPositives, scores.Ties
	r.Warnings = append(r.Warnings, scores.Remarks()...)
}

// A trainResult run is its record, the snapshots it was asked for, and its moments.
type trainResult struct {
	record    results.Record
	snapshots []gpw.Snapshot
	moments   []analysis.WeightStats
}

// train trains a head with the cell's loss and evaluates it by the cell's protocol. progress hears of every step.
func (w *datasetRuns) train(ctx context.Context, c PlannedRun, r results.Record, progress func(step, steps int)) (*trainResult, error) {
	s, err := w.prepare()
	if err != nil {
		return nil, common(err)
	}
	loss, err := c.Row.Choice.Loss()
	if err != nil {
		return nil, err
	}
	setup := s.trainConfig(c)
	if setup.Start, err = w.start(ctx, s); err != nil {
		return nil, common(err)
	}
	t, err := train.New(setup, s.trainX, s.trainLabels, loss)
	if err != nil {
		return nil, common(fmt.Errorf("%s: %w", w.spec.Name, err))
	}
	steps := w.spec.Steps
	if !w.spec.Head.Trains() {
		steps = len(c.Keep) // a batch to look at, and nothing to train
	}

	out := &trainResult{record: r}
	watch, drawn := momentRecorder{steps: steps}, newDrawnCounter(s.trainLabels)
	var best, last *evaluation
	for i := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step, err := t.Step()
		if err != nil {
			return nil, err
		}
		drawn.count(step)
		if watch.isDue(i) {
			watch.record(t.Whole())
		}
		if slices.Contains(c.Keep, i) && c.Row.ComparesBatch(w.spec, i) {
			out.snapshots = append(out.snapshots, snapshot(t.Whole()))
		}
		done := i + 1
		if c.Protocol.Looks(done, steps) {
			if last, err = w.evaluateHead(ctx, t, s, done); err != nil {
				return nil, err
			}
			out.record.TestEvaluations++
			out.record.Trajectory = append(out.record.Trajectory, results.Point{Step: done, Loss: step.Loss, Metrics: last.metrics})
			if best == nil || c.Protocol.Score(last.scores) > c.Protocol.Score(best.scores) {
				best = last
			}
		} else if done%max(1, steps/20) == 0 && w.spec.Head.Trains() {
			out.record.Trajectory = append(out.record.Trajectory, results.Point{Step: done, Loss: step.Loss})
		}
		progress(done, steps)
	}
	if last == nil {
		if last, err = w.evaluateHead(ctx, t, s, steps); err != nil {
			return nil, err
		}
		out.record.TestEvaluations++
		best = last
	}
	out.moments = watch.moments
	w.conclude(&out.record, c, steps, best, last)
	if w.spec.Head.Trains() {
		out.record.Drawn = &drawn.Drawn
		w.diagnose(&out.record, c, steps, watch.moments, best)
	}
	return out, nil
}

// conclude writes into the record of a training what was measured, and how.
func (w *datasetRuns) conclude(rec *results.Record, c PlannedRun, steps int, best, last *evaluation) {
	w.score(rec, best.scores)
	rec.Steps, rec.Learned = best.step, best.learned
	rec.Head, rec.Preprocess = headCaption(w.spec.Head, w.trainX.Cols), preprocessCaption(w.spec.Preprocess)
	if m := c.Row.MemoryOn(w.spec); m.Remembers() {
		rec.Head += ", " + spec.MemoryCaption(m)
	}
	if p := w.proxies(c); p.PerClass > 0 {
		rec.Params += fmt.Sprintf(", %d proxies a class, lr %g", p.PerClass, p.LR)
	}
	rec.Warnings = append(rec.Warnings, w.remarks...)
	rec.ProtocolNote = c.Protocol.Note(steps, rec.TestEvaluations)
	if !w.spec.Head.Trains() {
		rec.Steps, rec.ProtocolNote = 0, "head none: nothing trained, nothing chosen"
	}
	c.Protocol.Report(rec.Metrics, best.scores, last.scores)
}

// diagnose says what is wrong with a training, unless there are no positives but copies:
// a remark then says that.
func (w *datasetRuns) diagnose(rec *results.Record, c PlannedRun, steps int, moments []analysis.WeightStats, best *evaluation) {
	if w.onlyCopies() {
		return
	}
	rec.Diagnoses = analysis.Diagnose(analysis.Training{
		Stats: moments, Steps: steps, Miner: c.Row.Choice.MinerCaption(), Mines: spec.Mines(c.Row.Choice), TestMean: best.similarity,
	})
}

// An evaluation is one look at the test classes.
type evaluation struct {
	step       int
	scores     *retrieval.Scores
	metrics    map[string]float64
	learned    map[string]float64 // the loss's own parameters
	similarity float64            // mean, of two test embeddings
}

func (w *datasetRuns) evaluateHead(ctx context.Context, t *train.Trainer, s *loadedDataset, step int) (*evaluation, error) {
	var all meanDirection
	scores, err := s.evaluate(ctx, func(x matrix.Matrix) (matrix.Matrix, error) {
		e, err := t.Embed(x)
		all.add(e)
		return e, err
	})
	if err != nil {
		return nil, err
	}
	return &evaluation{step: step, scores: scores, metrics: s.metrics(scores), learned: t.Learned(), similarity: all.meanSimilarity()}, nil
}

// trainConfig is the configuration of a cell's trainer, but for the map that its head may
// start from.
func (s *loadedDataset) trainConfig(c PlannedRun) train.Config {
	d := s.spec
	setup := train.Config{
		Head:      d.Head,
		Sampler:   d.Sampler,
		Optimizer: d.Optimizer,
		Memory:    c.Row.MemoryOn(d),
		Proxies:   s.proxies(c),
		Relation:  c.Row.Choice.Spec.Relation,
		Traits:    c.Row.Choice.Traits(),
		DataKey:   s.data.Checksum,
		Seed:      c.Seed,
	}
	_, setup.ProxyAnchors = c.Row.Choice.Value.(losses.ProxyAnchor)
	return setup
}

// start returns the map that a head starts from, fitted on the training rows of s, or nil
// if it starts from none.
func (w *datasetRuns) start(ctx context.Context, s *loadedDataset) (*train.Linear, error) {
	h := w.spec.Head
	kind := map[string]string{"pca": "pca", "whitened": "whitening"}[h.Init]
	if kind == "" {
		return nil, nil
	}
	dim := h.Dim
	if dim == 0 || kind == "whitening" {
		dim = s.trainX.Cols
	}
	return w.linear(ctx, kind, dim, s, w.spec.Preprocess)
}

// headCaption names a head in a table: "linear 1280→64, pca".
func headCaption(h config.Head, features int) string {
	if !h.Trains() {
		return "none"
	}
	dim := h.Dim
	if dim == 0 {
		dim = features
	}
	caption := fmt.Sprintf("linear %d→%d, %s", features, dim, h.Init)
	if h.DecayToInit > 0 {
		caption += fmt.Sprintf(", decay to init %g", h.DecayToInit)
	}
	return caption
}

// snapshot copies what a step saw.
func snapshot(s train.Step) gpw.Snapshot {
	return gpw.Snapshot{Step: s.Index, Loss: s.Loss, Labels: slices.Clone(s.Labels), S: slices.Clone(s.S), G: slices.Clone(s.G)}
}

package experiments

import (
	"context"
	"fmt"
	"slices"

	"gpwbench/analysis"
	"gpwbench/experiments/spec"
	"gpwbench/gpw"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
	"gpwbench/train/config"
	"gpwbench/train/headfile"
)

// A training is the run of a loss on the way to its record.
type training struct {
	job
	data    *datasetRuns
	rows    *loadedDataset // preprocessed
	trainer *train.Trainer
	steps   int

	// Steps of the embeddings that are measured, where a protocol knows that beforehand;
	// steps after them are made for their weights only. Otherwise all.
	measured int
	// Reports whether the test classes are evaluated after so many steps.
	looks func(done int) bool

	snapshots []gpw.Snapshot // of the steps that are kept
	stats     statsRecorder
	drawn     *drawnCounter

	best, last *evaluation   // nil until the test classes are evaluated
	weights    train.Weights // of the best, where a part of the run is kept
}

// train trains a head with the job's loss, and evaluates it by the job's protocol. It
// calls progress after every step.
func (w *datasetRuns) train(ctx context.Context, j job, progress func(step, steps int)) (*training, error) {
	if v := j.validated(); v != nil {
		return w.trainValidated(ctx, j, v, progress)
	}
	rows, err := w.prepare()
	if err != nil {
		return nil, common(err)
	}
	t, err := w.newTraining(ctx, j, rows)
	if err != nil {
		return nil, err
	}

	for i := range t.steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := t.step(ctx, i); err != nil {
			return nil, err
		}
		progress(i+1, t.steps)
	}

	if t.last == nil {
		if err := t.evaluate(ctx, t.steps); err != nil {
			return nil, err
		}
	}

	t.conclude()
	return t, nil
}

// newTraining prepares the trainer on preprocessed rows.
func (w *datasetRuns) newTraining(ctx context.Context, j job, rows *loadedDataset) (*training, error) {
	loss, err := j.Row.Choice.Loss()
	if err != nil {
		return nil, err
	}

	setup := j.setup
	if setup.Start, err = w.start(ctx, rows); err != nil {
		return nil, common(err)
	}

	trainer, err := train.New(setup, rows.trainX, rows.trainLabels, loss)
	if err != nil {
		return nil, common(fmt.Errorf("%s: %w", w.spec.Name, err))
	}

	steps := w.spec.Steps
	if !w.spec.Head.Trains() {
		steps = len(j.Keep) // batches to record, and nothing to train
	}
	return &training{
		job: j, data: w, rows: rows, trainer: trainer, steps: steps,
		measured: steps, looks: func(done int) bool { return j.Protocol.Looks(done, steps) },
		stats: statsRecorder{steps: steps}, drawn: newDrawnCounter(rows.trainLabels),
	}, nil
}

// step makes step i, from 0, and records of it what the spec and the protocol ask for.
func (t *training) step(ctx context.Context, i int) error {
	step, err := t.trainer.Step()
	if err != nil {
		return err
	}

	if i < t.measured {
		t.drawn.count(step)
	}
	if t.stats.isDue(i) {
		t.stats.record(t.trainer.Whole())
	}
	if slices.Contains(t.Keep, i) && t.Row.ComparesBatch(t.data.spec, i) {
		t.snapshots = append(t.snapshots, snapshot(t.trainer.Whole()))
	}

	done := i + 1
	switch {
	case t.looks(done):
		if err := t.evaluate(ctx, done); err != nil {
			return err
		}
		t.addPoint(results.Point{Step: done, Loss: step.Loss, Metrics: t.last.metrics})
	case done%max(1, t.steps/20) == 0 && done <= t.measured && t.data.spec.Head.Trains():
		t.addPoint(results.Point{Step: done, Loss: step.Loss})
	}

	return nil
}

// embed is the embedding by the head as it is now.
func (t *training) embed() embedding {
	return mapped(t.trainer.Dim(t.rows.trainX.Cols), t.trainer.EmbedTo)
}

func (t *training) addPoint(p results.Point) {
	t.record.Trajectory = append(t.record.Trajectory, p)
}

// evaluate evaluates the test classes after that many steps.
func (t *training) evaluate(ctx context.Context, step int) error {
	var all meanDirection
	embed := t.embed()
	scores, err := t.rows.evaluate(ctx, func(m *featureMemory, x matrix.Matrix) (matrix.Matrix, error) {
		e, err := embed(m, x)
		if err == nil {
			all.add(e)
		}
		return e, err
	})
	if err != nil {
		return err
	}

	t.last = &evaluation{
		step: step, scores: scores, metrics: t.rows.metrics(scores), learned: t.trainer.Learned(), similarity: all.meanSimilarity(),
	}
	t.record.TestEvaluations++
	if t.best == nil || t.Protocol.Score(t.last.scores) > t.Protocol.Score(t.best.scores) {
		t.best = t.last
		if len(t.Parts) > 0 {
			t.weights = t.trainer.Weights()
		}
	}

	return nil
}

// head leads from raw features to the embeddings that were measured.
func (t *training) head() *headfile.Head {
	return headfile.New(t.rows.data.X.Cols, t.rows.fitted, nil, t.weights)
}

// conclude writes into the record what was measured, and how.
func (t *training) conclude() {
	rec, data := &t.record, t.data
	data.score(rec, t.best.scores)
	rec.Warnings = append(rec.Warnings, data.remarks...)
	t.Protocol.Report(rec.Metrics, t.best.scores, t.last.scores)
	rec.Learned = t.best.learned

	if !data.spec.Head.Trains() {
		rec.Steps, rec.ProtocolNote = 0, "head none: nothing trained, nothing chosen"
		return
	}

	rec.Steps, rec.ProtocolNote = t.best.step, t.Protocol.Note(t.steps, rec.TestEvaluations)
	if t.measured > 0 {
		rec.Drawn = &t.drawn.Drawn
	}
	t.diagnose()
}

// diagnose says what is wrong with the training, unless there are no positives but
// copies: a remark then says that.
func (t *training) diagnose() {
	if t.data.onlyCopies() {
		return
	}
	choice, moments := t.Row.Choice, t.stats.stats
	for len(moments) > 0 && moments[len(moments)-1].Step >= t.measured {
		moments = moments[:len(moments)-1]
	}
	t.record.Diagnoses = analysis.Diagnose(analysis.Training{
		Stats: moments, Steps: t.measured, Miner: choice.MinerCaption(), Mines: spec.Mines(choice), TestMean: t.best.similarity,
	})
}

// An evaluation is what one evaluation of the test classes gave.
type evaluation struct {
	step       int
	scores     *answer
	metrics    map[string]float64
	learned    map[string]float64 // the loss's own parameters
	similarity float64            // mean, of two test embeddings
}

// score writes what an evaluation measured into a record.
func (s *loadedDataset) score(r *results.Record, scores *answer) {
	r.Metrics, r.Unanswered = s.metrics(scores), scores.unanswered()
	r.Queries, r.WithoutPositives, r.Ties = scores.Queries, scores.WithoutPositives, scores.Ties
	r.Warnings = append(r.Warnings, scores.Remarks()...)
}

// start returns the map that a head starts from, fitted on the training rows of s, or nil
// if it starts from none.
func (w *datasetRuns) start(ctx context.Context, s *loadedDataset) (*train.Linear, error) {
	h := w.spec.Head
	kind := startMap(h.Init)
	if kind == "" {
		return nil, nil
	}
	dim := h.Dim
	if dim == 0 {
		dim = s.trainX.Cols
	}
	return w.linear(ctx, linearMap{kind, dim, whiteningShrink}, s, w.spec.Preprocess)
}

// startMap names the linear map, a baseline too, from which a head with an init starts;
// "" for none.
func startMap(init string) string {
	switch init {
	case config.PCA:
		return spec.PCA
	case config.Whitened:
		return spec.Whitening
	}
	return ""
}

// snapshot copies what a step saw.
func snapshot(s train.Step) gpw.Snapshot {
	return gpw.Snapshot{Step: s.Index, Loss: s.Loss, Labels: slices.Clone(s.Labels), S: slices.Clone(s.S), G: slices.Clone(s.G)}
}

package experiments

import (
	"context"
	"fmt"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/protocol"
	"gpwbench/results"
	"gpwbench/train"
)

// validated returns the protocol of a job that chooses on held-out classes, or nil. A
// head that is not trained leaves nothing to choose.
func (j job) validated() protocol.Validated {
	v, ok := j.Protocol.(protocol.Validated)
	if !ok || j.Row != nil && !j.Dataset.Head.Trains() {
		return nil
	}
	return v
}

// folds are the folds of the training rows, of a data set and a seed.
func (s *loadedDataset) folds(v protocol.Validated, seed uint64) ([]train.Fold, error) {
	folds, err := train.Folds(s.trainLabels, v.FoldCount(), s.data.Checksum, seed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.spec.Name, err)
	}
	return folds, nil
}

// fold returns the data set of fold k: its training rows are those of the fold, and its
// test rows the held-out ones, both preprocessed by steps fitted on the former. It is
// made anew by every call and released after its use, so that no run holds the features
// of more than one fold.
func (s *loadedDataset) fold(folds []train.Fold, k int, seed uint64) (*loadedDataset, error) {
	f := *s
	f.memory = new(featureMemory)
	f.part = foldName(len(folds), k, seed)
	var err error
	if f.trainX, f.trainLabels, err = f.memory.take(s.trainX, s.trainLabels, folds[k].Train); err != nil {
		return nil, err
	}
	if f.queryX, f.queryLabels, err = f.memory.take(s.trainX, s.trainLabels, folds[k].Validation); err != nil {
		return nil, err
	}
	f.queryGroups = pick(s.trainGroups, folds[k].Validation)
	f.galleryX, f.galleryLabels, f.split.GalleryIsQuery = f.queryX, f.queryLabels, true
	return f.preprocess()
}

func foldName(folds, k int, seed uint64) string {
	return fmt.Sprintf("fold %d of %d, seed %d", k+1, folds, seed)
}

// validationScore is the metric of a protocol, of an embedding of held-out rows.
func (s *loadedDataset) validationScore(ctx context.Context, v protocol.Validated, embed embedding) (float64, error) {
	q := question{Options: retrieval.Options{Ks: []int{1}, MAPAtR: v.Key() == results.MAPAtR || v.Key() == results.RPrecision}}
	if m, _, _ := results.FindMetric(v.Key()); m.Asked == nil {
		a, known := metrics.Find(v.Key())
		if !known {
			return 0, fmt.Errorf("protocol %s chooses by the unknown metric %s", v.Name(), v.Key())
		}
		q.also = []metrics.Asked{a}
	}

	scores, err := s.retrieve(ctx, embed, q)
	if err != nil {
		return 0, err
	}
	return scores.valueOf(v.Key(), v.Score(scores))
}

// A choice collects what a validation measures.
type choice struct{ results.Validation }

func newChoice(v protocol.Validated, chosen string, values []float64) *choice {
	c := &choice{results.Validation{Metric: v.Key(), Folds: v.FoldCount(), Chosen: chosen}}
	for _, value := range values {
		c.Points = append(c.Points, results.ValidationPoint{Value: value})
	}
	return c
}

// add adds what a fold measured with a value.
func (c *choice) add(point int, score float64) {
	p := &c.Points[point]
	p.Folds = append(p.Folds, score)
}

// choose takes the means over the folds, and returns the choice.
func (c *choice) choose() *results.Validation {
	for k := range c.Points {
		p := &c.Points[k]
		for _, score := range p.Folds {
			p.Mean += score / float64(len(p.Folds))
		}
	}
	c.Value = c.Choose().Value
	return &c.Validation
}

// looks are the numbers of steps that a protocol looks at, 0 the first.
func looks(v protocol.Validated, steps int) []float64 {
	values := []float64{0}
	for done := 1; done <= steps; done++ {
		if v.Looks(done, steps) {
			values = append(values, float64(done))
		}
	}
	return values
}

// chooseSteps trains a head on every fold's classes, and chooses the number of steps by
// what it is worth on the held-out ones.
func (w *datasetRuns) chooseSteps(ctx context.Context, j job, v protocol.Validated, progress func()) (*results.Validation, error) {
	folds, err := w.folds(v, j.Seed)
	if err != nil {
		return nil, common(err)
	}

	steps := w.spec.Steps
	c := newChoice(v, results.ChoseSteps, looks(v, steps))
	for k := range folds {
		rows, err := w.fold(folds, k, j.Seed)
		if err != nil {
			return nil, common(err)
		}
		t, err := w.newTraining(ctx, j, rows)
		if err != nil {
			return nil, err
		}

		point := 0
		for done := 0; done <= steps; done++ {
			if done > 0 {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				if _, err := t.trainer.Step(); err != nil {
					return nil, fmt.Errorf("%s: %w", rows.part, err)
				}
				progress()
			}
			if float64(done) != c.Points[point].Value {
				continue
			}
			score, err := rows.validationScore(ctx, v, t.embed())
			if err != nil {
				return nil, fmt.Errorf("%s: %w", rows.part, err)
			}
			c.add(point, score)
			point++
		}
		rows.memory.release()
	}
	return c.choose(), nil
}

// trainValidated chooses the number of steps on held-out classes, trains a head on all
// training classes for so many, and evaluates the test classes once. Where weights are
// kept the training goes on to its end, so that there are weights of all its steps; the
// embeddings that are measured are those of the chosen step.
func (w *datasetRuns) trainValidated(ctx context.Context, j job, v protocol.Validated, progress func(step, steps int)) (*training, error) {
	done, all := 0, (v.FoldCount()+1)*w.spec.Steps
	count := func() {
		done++
		progress(done, all)
	}

	validation, err := w.chooseSteps(ctx, j, v, count)
	if err != nil {
		return nil, err
	}
	rows, err := w.prepare()
	if err != nil {
		return nil, common(err)
	}
	t, err := w.newTraining(ctx, j, rows)
	if err != nil {
		return nil, err
	}

	t.record.Validation = validation
	t.measured = int(validation.Value)
	t.looks = func(done int) bool { return done == t.measured }
	last := t.measured
	if len(j.Keep) > 0 {
		last = t.steps
	}
	if t.measured == 0 {
		if err := t.evaluate(ctx, 0); err != nil {
			return nil, err
		}
	}
	for i := range last {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := t.step(ctx, i); err != nil {
			return nil, err
		}
		count()
	}

	if v.EnsembleOfFolds() {
		if err := w.ensembles(ctx, j, v, t.measured, &t.record); err != nil {
			return nil, err
		}
	}
	t.conclude()
	progress(all, all)
	return t, nil
}

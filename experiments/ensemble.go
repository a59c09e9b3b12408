package experiments

import (
	"context"
	"fmt"
	"math"

	"gpwbench/experiments/protocol"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
)

// ensembles evaluates the test classes under the heads of the folds, each trained for the
// number of steps that was chosen: the mean of what they give one by one, and what their
// embeddings give when joined. The joined embeddings are kept whole, because a sum of the
// heads' own similarities would be rounded otherwise; ensembleBytes counts them.
func (w *datasetRuns) ensembles(ctx context.Context, j job, v protocol.Validated, steps int, rec *results.Record) error {
	folds, err := w.folds(v, j.Seed)
	if err != nil {
		return common(err)
	}

	separated := newHeadsMean(len(folds))
	var query, gallery matrix.Matrix
	for k := range folds {
		rows, err := w.foldForTest(folds, k, j.Seed)
		if err != nil {
			return common(err)
		}
		t, err := w.newTraining(ctx, j, rows)
		if err != nil {
			return err
		}
		for range steps {
			if err := ctx.Err(); err != nil {
				return err
			}
			if _, err := t.trainer.Step(); err != nil {
				return err
			}
		}

		q, g, err := rows.embedTest(rows.memory, t.embed())
		if err != nil {
			return err
		}
		scores, err := rows.compare(ctx, q, g, rows.testQuestion())
		if err != nil {
			return err
		}
		separated.add(rows.metrics(scores), scores.unanswered())
		if query = join(query, q, k, len(folds)); !w.split.GalleryIsQuery {
			gallery = join(gallery, g, k, len(folds))
		}
		rows.memory.release()
	}

	if w.split.GalleryIsQuery {
		gallery = query
	}
	scores, err := w.compare(ctx, query, gallery, w.testQuestion())
	if err != nil {
		return err
	}
	rec.Ensembles = map[string]map[string]float64{results.Separated: separated.mean(), results.Concatenated: w.metrics(scores)}
	for name, why := range map[string]map[string]string{results.Separated: separated.why, results.Concatenated: scores.unanswered()} {
		if len(why) > 0 {
			if rec.EnsemblesUnanswered == nil {
				rec.EnsemblesUnanswered = map[string]map[string]string{}
			}
			rec.EnsemblesUnanswered[name] = why
		}
	}
	rec.TestEvaluations += len(folds) + 1
	return nil
}

// A headsMean is the mean of the metrics of several heads. Of one that a head has no
// value of there is no mean.
type headsMean struct {
	heads, added int
	sums         map[string]float64 // each already divided by the heads
	why          map[string]string  // by the keys of metrics without a mean
}

func newHeadsMean(heads int) *headsMean {
	return &headsMean{heads: heads, sums: map[string]float64{}, why: map[string]string{}}
}

// add adds the metrics of the next head, and why it has no value of others.
func (m *headsMean) add(metrics map[string]float64, unanswered map[string]string) {
	m.added++
	for key, value := range metrics {
		m.sums[key] += value / float64(m.heads)
	}
	for key, why := range unanswered {
		if m.why[key] == "" {
			m.why[key] = fmt.Sprintf("the head of fold %d of %d has none: %s", m.added, m.heads, why)
		}
	}
}

// mean returns the means of the metrics that all heads have.
func (m *headsMean) mean() map[string]float64 {
	for key := range m.why {
		of, k, _ := results.FindMetric(key)
		for _, part := range []string{of.Key(k), of.LowKey(), of.HighKey()} {
			delete(m.sums, part)
		}
	}
	return m.sums
}

// foldForTest is the data set with the training rows of fold k, and the test rows.
func (s *loadedDataset) foldForTest(folds []train.Fold, k int, seed uint64) (*loadedDataset, error) {
	f := *s
	f.memory = new(featureMemory)
	f.part = foldName(len(folds), k, seed)
	var err error
	if f.trainX, f.trainLabels, err = f.memory.take(s.trainX, s.trainLabels, folds[k].Train); err != nil {
		return nil, err
	}
	return f.preprocess()
}

// join sets part k of embeddings that stand side by side, each row of each part at length
// 1, so that every head counts the same. The first part makes room for all.
func join(all, part matrix.Matrix, k, parts int) matrix.Matrix {
	if k == 0 {
		all = matrix.New(part.Rows, parts*part.Cols)
	}
	for i := range part.Rows {
		square := 0.0
		for _, v := range part.Row(i) {
			square += float64(v) * float64(v)
		}
		scale := 1 / math.Sqrt(square)
		to := all.Row(i)[k*part.Cols:]
		for c, v := range part.Row(i) {
			to[c] = float32(float64(v) * scale)
		}
	}
	return all
}

// ensembleBytes is the memory that the ensemble of a run takes: the joined embeddings of
// the test rows, the copy that retrieval makes of them, and another one for clusters. 0
// of a run without one.
func (s *loadedDataset) ensembleBytes(c PlannedRun) float64 {
	v, ok := c.Protocol.(protocol.Validated)
	if !ok || !v.EnsembleOfFolds() || !c.Dataset.Head.Trains() {
		return 0
	}

	dim, copies := s.info.Dim, 2.0
	if d := c.Dataset.Head.Dim; d > 0 {
		dim = d
	}
	if c.Dataset.Metrics.Clustering {
		copies++
	}
	const single = 4 // bytes of a float32
	return copies * single * float64(s.info.TestRows) * float64(dim) * float64(v.FoldCount())
}

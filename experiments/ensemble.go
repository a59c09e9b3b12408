package experiments

import (
	"context"
	"math"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/protocol"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
)

// ensembles evaluates the test classes under the heads of the folds, each trained for the
// number of steps that was chosen: the mean of what they give one by one, and what their
// embeddings give when joined.
func (w *datasetRuns) ensembles(ctx context.Context, j job, v protocol.Validated, steps int, rec *results.Record) error {
	folds, err := w.folds(v, j.Seed)
	if err != nil {
		return common(err)
	}

	separated := map[string]float64{}
	var queries, galleries []matrix.Matrix
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

		query, gallery, err := rows.embedTest(t.trainer.Embed)
		if err != nil {
			return err
		}
		scores, err := rows.compare(ctx, query, gallery, rows.testOptions())
		if err != nil {
			return err
		}
		for key, value := range rows.metrics(scores) {
			separated[key] += value / float64(len(folds))
		}
		queries, galleries = append(queries, query), append(galleries, gallery)
	}

	query := joined(queries)
	gallery := query
	if !w.split.GalleryIsQuery {
		gallery = joined(galleries)
	}
	scores, err := w.compare(ctx, query, gallery, w.testOptions())
	if err != nil {
		return err
	}
	rec.Ensembles = map[string]map[string]float64{results.Separated: separated, results.Concatenated: w.metrics(scores)}
	rec.TestEvaluations += len(folds) + 1
	return nil
}

// foldForTest is the data set with the training rows of fold k, and the test rows.
func (s *loadedDataset) foldForTest(folds []train.Fold, k int, seed uint64) (*loadedDataset, error) {
	f := *s
	f.part = foldName(len(folds), k, seed)
	f.trainX, f.trainLabels = take(s.trainX, s.trainLabels, folds[k].Train)
	return f.preprocess()
}

// joined are embeddings side by side, each row of each at length 1, so that every head
// counts the same.
func joined(parts []matrix.Matrix) matrix.Matrix {
	cols := 0
	for _, p := range parts {
		cols += p.Cols
	}

	all := matrix.New(parts[0].Rows, cols)
	for i := range all.Rows {
		at := 0
		for _, p := range parts {
			square := 0.0
			for _, v := range p.Row(i) {
				square += float64(v) * float64(v)
			}
			scale := 1 / math.Sqrt(square)
			for k, v := range p.Row(i) {
				all.Row(i)[at+k] = float32(float64(v) * scale)
			}
			at += p.Cols
		}
	}
	return all
}

// testOptions are the metrics that the spec asks for.
func (s *loadedDataset) testOptions() retrieval.Options {
	return retrieval.Options{Ks: s.ks, MAPAtR: s.spec.Metrics.MAPAtR, Clustering: s.spec.Metrics.Clustering}
}

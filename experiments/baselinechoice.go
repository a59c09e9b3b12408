package experiments

import (
	"context"
	"slices"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/train"
)

// chooses reports whether a baseline has a parameter that a protocol chooses on held-out
// classes: the dimension of a PCA that does not give its own, the shrinkage of a
// whitening.
func chooses(b *spec.Baseline) bool {
	return b.Name == spec.PCA && b.Dim == 0 || b.Name == spec.Whitening
}

// shrinkages are those that a whitening is chosen from; 1 only centres.
var shrinkages = []float64{0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1}

// dimensions are those that a PCA is chosen from: powers of two from 8, and most.
func dimensions(most int) []float64 {
	var all []float64
	for dim := 8; dim < most; dim *= 2 {
		all = append(all, float64(dim))
	}
	return append(all, float64(most))
}

// chooseBaseline chooses the parameter of a baseline by what it is worth on held-out
// classes.
func (w *datasetRuns) chooseBaseline(ctx context.Context, j job, v protocol.Validated) (*results.Validation, error) {
	folds, err := w.folds(v, j.Seed)
	if err != nil {
		return nil, err
	}

	chosen, values := results.ChoseShrink, shrinkages
	if j.Baseline.Name == spec.PCA {
		most := w.trainX.Cols
		for _, f := range folds {
			most = min(most, len(f.Train)-1)
		}
		chosen, values = results.ChoseDim, dimensions(max(1, most))
	}

	c := newChoice(v, chosen, values)
	for k := range folds {
		rows, err := w.fold(folds, k, j.Seed)
		if err != nil {
			return nil, err
		}
		maps, err := baselineMaps(rows, chosen, values)
		if err != nil {
			return nil, err
		}
		for point, m := range maps {
			score, err := rows.validationScore(ctx, v, mapped(m.W.Rows, m.ApplyTo))
			if err != nil {
				return nil, err
			}
			c.add(point, score)
		}
		rows.memory.release()
	}
	return c.choose(), nil
}

// baselineMaps fits the maps of all values. The projections of a PCA are the first rows
// of the largest.
func baselineMaps(rows *loadedDataset, chosen string, values []float64) ([]*train.Linear, error) {
	if chosen == results.ChoseShrink {
		return train.Whitenings(rows.trainX, rows.trainLabels, values)
	}

	whole, err := train.PCA(rows.trainX, int(slices.Max(values)))
	if err != nil {
		return nil, err
	}
	var maps []*train.Linear
	for _, dim := range values {
		maps = append(maps, &train.Linear{Mean: whole.Mean, W: whole.W.Slice(0, int(dim))})
	}
	return maps, nil
}

// chosenMap returns the map of a baseline with the value that was chosen, fitted on all
// training rows.
func (w *datasetRuns) chosenMap(ctx context.Context, j job, s *loadedDataset, v *results.Validation) (fixedMap, error) {
	wanted := linearMap{kind: j.Baseline.Name, dim: s.trainX.Cols, shrink: v.Value}
	if v.Chosen == results.ChoseDim {
		wanted.dim, wanted.shrink = int(v.Value), 0
	}
	m, err := w.linear(ctx, wanted, s, w.spec.Preprocess)
	if err != nil {
		return fixedMap{}, err
	}
	return linearBaseline(m), nil
}

package experiments

import (
	"context"
	"fmt"
	"strings"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
	"gpwbench/train/headfile"
)

// preprocessOf are the steps that the baseline's features go through.
func preprocessOf(b *spec.Baseline, d *spec.Dataset) []string {
	if b.Name == spec.Raw {
		return nil
	}
	return d.Preprocess
}

// baselineSettings are what the numbers of a baseline depend on, beside the data set.
func (s *loadedDataset) baselineSettings(c PlannedRun) *results.BaselineSettings {
	b := c.Baseline
	set := &results.BaselineSettings{Name: b.Name, Dim: s.pcaDim(b), Preprocess: preprocessOf(b, s.spec)}
	if _, ok := c.Protocol.(protocol.Validated); ok {
		set.Dim, set.Protocol = 0, c.Protocol.Settings()
	}
	if b.Name == spec.Untrained {
		head := s.spec.Head.Start()
		set.Head = &head
	}
	return set
}

// label returns the row of the table, the dimension of a PCA included.
func (s *loadedDataset) label(c PlannedRun) string {
	if _, chosen := c.Protocol.(protocol.Validated); c.Baseline != nil && c.Baseline.Name == spec.PCA && !chosen {
		return spec.Baseline{Name: spec.PCA, Dim: s.pcaDim(c.Baseline)}.Label()
	}
	return c.Label()
}

// pcaDim is the dimension of a PCA baseline that does not give its own: the head's if
// that is smaller than the features', else 512, else half of the features'; and no more
// than the rows have.
func (s *loadedDataset) pcaDim(b *spec.Baseline) int {
	switch {
	case b.Name != spec.PCA:
		return 0
	case b.Dim > 0:
		return b.Dim
	case s.spec.Head.Dim > 0 && s.spec.Head.Dim < s.data.X.Cols:
		return min(s.spec.Head.Dim, s.maxPCADim())
	case s.data.X.Cols > 512:
		return min(512, s.maxPCADim())
	}
	return min((s.data.X.Cols+1)/2, s.maxPCADim())
}

// maxPCADim is the largest dimension of a PCA of the training rows: of n rows there are
// n−1 deviations from their mean.
func (s *loadedDataset) maxPCADim() int { return max(1, min(s.data.X.Cols, s.info.TrainRows-1)) }

// baseline evaluates features that are not trained: as they are, under a linear map
// fitted on the training rows, or under the head as it starts.
func (w *datasetRuns) baseline(ctx context.Context, j job) (results.Record, *answer, *headfile.Head, error) {
	s, rec := w.loadedDataset, j.record
	if j.Baseline.Name != spec.Raw {
		var err error
		if s, err = w.prepare(); err != nil {
			return rec, nil, nil, err
		}
	}

	m, err := w.untrained(ctx, j, s, &rec)
	if err != nil {
		return rec, nil, nil, err
	}

	scores, err := s.evaluate(ctx, m.embed)
	if err != nil {
		return rec, nil, nil, err
	}

	rec.TestEvaluations = 1
	rec.ProtocolNote = j.Protocol.Note(0, rec.TestEvaluations)
	s.score(&rec, scores)
	return rec, scores, headfile.New(s.data.X.Cols, s.fitted, m.mean, m.weights), nil
}

// A fixedMap is what a baseline maps its rows by, and the same as plain data.
type fixedMap struct {
	embed   embedding
	mean    []float32 // that is subtracted; nil for none
	weights train.Weights
}

func linearBaseline(m *train.Linear) fixedMap {
	return fixedMap{mapped(m.W.Rows, m.ApplyTo), m.Mean, train.Weights{W: m.W}}
}

// untrained returns the map of a baseline and names its head in the record.
func (w *datasetRuns) untrained(ctx context.Context, c job, s *loadedDataset, r *results.Record) (fixedMap, error) {
	if v := c.validated(); v != nil {
		var err error
		if r.Validation, err = w.chooseBaseline(ctx, c, v); err != nil {
			return fixedMap{}, err
		}
		// One head for all seeds, each of which chooses for itself.
		r.Head = fmt.Sprintf("%s, %s chosen", c.Baseline.Name, map[string]string{results.ChoseDim: "dimension", results.ChoseShrink: "shrinkage"}[r.Validation.Chosen])
		return w.chosenMap(ctx, c, s, r.Validation)
	}

	switch c.Baseline.Name {
	case spec.PCA, spec.Whitening:
		m, err := w.linear(ctx, linearMap{c.Baseline.Name, w.pcaDim(c.Baseline), whiteningShrink}, s, w.spec.Preprocess)
		if err != nil {
			return fixedMap{}, err
		}
		r.Head = fmt.Sprintf("%s %d→%d", c.Baseline.Name, m.W.Cols, m.W.Rows)
		return linearBaseline(m), nil
	case spec.Untrained:
		start, err := w.start(ctx, s)
		if err != nil {
			return fixedMap{}, err
		}
		setup := train.Config{Head: w.spec.Head.Start(), Start: start, DataKey: s.data.Checksum, Seed: c.Seed}
		weights, err := setup.InitialWeights(s.trainX.Cols)
		if err != nil {
			return fixedMap{}, err
		}
		r.Head = headCaption(w.spec.Head.Start(), s.trainX.Cols)
		embed := mapped(weights.Dim(s.trainX.Cols), func(y, x matrix.Matrix) error { return train.EmbedTo(y, x, weights) })
		return fixedMap{embed: embed, weights: weights}, nil
	}
	return fixedMap{embed: unchanged}, nil
}

// preprocessCaption names the steps in a record: "l2, center".
func preprocessCaption(steps []string) string {
	if len(steps) == 0 {
		return "none"
	}
	return strings.Join(steps, ", ")
}

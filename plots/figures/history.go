package figures

import (
	"errors"
	"io/fs"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/results"
)

// TrainingHistory reads the statistics that a run kept of its training, with its batches.
// A run that kept none, or those of one step only, has no history.
func TrainingHistory(store *results.Store, r results.Record, pooling gpw.Pooling) (*analysis.TrainingHistory, error) {
	if store == nil {
		return nil, errNoStore
	}
	name := analysis.StatsFile(r.ID)
	if err := store.CheckFile(r, name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}

	moments, err := analysis.ReadStats(store.Path(name))
	if err != nil {
		return nil, err
	}
	if len(moments) < 2 { // a head that is not trained
		return nil, nil
	}
	clouds, err := Scatters(store, r, pooling)
	if err != nil {
		return nil, err
	}

	text, err := caption(store, r)
	if err != nil {
		return nil, err
	}
	h := &analysis.TrainingHistory{Loss: r.Loss + "." + r.Preset, Title: title(r), Caption: text, Dataset: datasetName(r), Stats: moments, Batches: clouds}
	switch v := r.Validation; {
	case v != nil && v.Chosen == results.ChoseSteps:
		h.Chosen, h.ChosenOn = &r.Steps, "held-out classes"
	case v == nil && r.TestEvaluations > 1:
		h.Chosen, h.ChosenOn = &r.Steps, "the test classes"
	}
	return h, nil
}

// datasetName returns the name of the data set as tables print it.
func datasetName(r results.Record) string {
	if r.Dataset.Synthetic {
		return r.Dataset.Name + " (synthetic)"
	}
	return r.Dataset.Name
}

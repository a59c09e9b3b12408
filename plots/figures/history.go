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
	h := &analysis.TrainingHistory{Loss: r.Loss + "." + r.Preset, Title: title(r), Caption: text, Dataset: datasetName(r), Stats: moments, Batches: clouds, Seed: r.Seed}
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

// A trained is the history of a row, that of the first of its seeds that kept one, with
// the statistics of the others.
type trained struct {
	history *analysis.TrainingHistory
	record  results.Record   // of the history
	others  []results.Record // of its Others
}

// joinSeeds takes the histories of a row together. The k-th history is that of the k-th
// record, nil where it has none. Rows stand in the order of their first history.
func joinSeeds(histories []*analysis.TrainingHistory, records []results.Record) []trained {
	var rows []trained
	at := map[string]int{} // the place of a row
	seeds := map[string]map[uint64]bool{}
	for k, r := range records {
		row := rowKey(r)
		if seeds[row] == nil {
			seeds[row] = map[uint64]bool{}
		}
		seeds[row][r.Seed] = true

		h := histories[k]
		if h == nil {
			continue
		}
		n, seen := at[row]
		if !seen {
			at[row] = len(rows)
			rows = append(rows, trained{history: h, record: r})
			continue
		}
		rows[n].history.Others = append(rows[n].history.Others, analysis.SeedStats{Seed: h.Seed, Stats: h.Stats, Chosen: h.Chosen})
		rows[n].others = append(rows[n].others, r)
	}
	for _, t := range rows {
		t.history.Seeds = len(seeds[rowKey(t.record)])
	}
	return rows
}

// rowKey is what the seeds of a row have in common.
func rowKey(r results.Record) string { return r.Dataset.Name + "\n" + slug(r) + "\n" + r.Label }

// History reads the statistics that the runs of a row kept of their trainings, of the
// first that kept some with its batches, and of the others. The records differ in their
// seed. It returns the record of the first, and nil where no run has a history.
func History(store *results.Store, row []results.Record, pooling gpw.Pooling) (*analysis.TrainingHistory, results.Record, error) {
	histories := make([]*analysis.TrainingHistory, len(row))
	for k, r := range row {
		var err error
		if histories[k], err = TrainingHistory(store, r, pooling); err != nil {
			return nil, results.Record{}, err
		}
	}
	joined := joinSeeds(histories, row)
	if len(joined) == 0 {
		return nil, results.Record{}, nil
	}
	return joined[0].history, joined[0].record, nil
}

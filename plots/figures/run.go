package figures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/results"
)

// A Run is an experiment in a results folder, open for reading. [OpenRun] opens one; the
// zero Run has no records. A nil context of its methods never ends.
type Run struct {
	folder  string
	store   *results.Store
	plan    results.Plan
	records []results.Record // completed runs of the plan
}

// OpenRun opens a results folder. It is an error if the folder is none, or if no
// experiment was run in it.
func OpenRun(folder string) (*Run, error) {
	store, err := results.OpenRead(folder)
	if err != nil {
		return nil, err
	}
	plan, records, err := store.LoadPlan()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no experiment; run one into it", folder)
	}
	if err != nil {
		return nil, err
	}

	if finished, is := store.HoldsTuning(plan); is {
		text := "which is not finished"
		if slices.Contains(finished, results.TuningFiles[0]) {
			text = "whose figures are in its folder figures, and its report is " + results.TuningFiles[0]
		}
		return nil, fmt.Errorf("%s holds no runs but a search, %s", folder, text)
	}

	return &Run{folder, store, plan, records}, nil
}

// Damaged returns a sentence for each damaged record, whose rows figures may lack.
func (r *Run) Damaged() []string { return r.store.Damaged(r.plan) }

// A Selection selects from the files that the runs of an experiment kept. Its zero value
// selects everything of the first data set.
type Selection struct {
	Dataset string // "" for the first one with a completed run of a loss

	// Rows are labels, losses or losses with presets. None, or "all", means every row.
	Rows []string

	Steps []string // "first", "last" or numbers; without any, all that were kept
}

// A RequestError reports a request for something that does not exist, or does not fit in
// a figure.
type RequestError struct {
	Text  string   // what is wrong
	Name  string   // the name that is not known; may be ""
	Known []string // the names that could have been meant
	View  bool     // another view has the room
}

func (e *RequestError) Error() string {
	if len(e.Known) == 0 {
		return e.Text
	}
	return e.Text + "; known: " + strings.Join(e.Known, ", ")
}

// Scatters reads the batches that the selected runs kept, those of one seed of each row,
// with N and P pooled by pooling. The error is a [RequestError], that of a damaged file,
// or the reason why no weights were kept.
func (r *Run) Scatters(ctx context.Context, s Selection, pooling gpw.Pooling) ([]*analysis.Scatter, error) {
	records, err := r.chosen(s)
	if err != nil {
		return nil, err
	}

	ctx = cmp.Or(ctx, context.Background())
	var scatters []*analysis.Scatter
	seen := map[string]bool{} // rows, with their swept values, of which one seed is already read
	for _, record := range records {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		row := slug(record) + "\n" + record.Label
		if seen[row] {
			continue
		}
		kept, err := Scatters(r.store, record, pooling)
		if err != nil {
			return nil, err
		}
		if len(kept) == 0 {
			continue
		}

		seen[row] = true
		if kept, err = r.atSteps(kept, s.Steps); err != nil {
			return nil, err
		}
		scatters = append(scatters, kept...)
	}

	if len(scatters) == 0 {
		return nil, r.noWeights(records)
	}
	return scatters, nil
}

// Histories reads the statistics that the selected runs kept of their steps, one history
// of each row, with those of all its seeds. The steps of the selection are not used. A
// row that kept none is left out; it is an error if all are.
func (r *Run) Histories(ctx context.Context, s Selection, pooling gpw.Pooling) ([]*analysis.TrainingHistory, error) {
	records, err := r.chosen(s)
	if err != nil {
		return nil, err
	}

	ctx = cmp.Or(ctx, context.Background())
	read := make([]*analysis.TrainingHistory, len(records))
	for k, record := range records {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if read[k], err = TrainingHistory(r.store, record, pooling); err != nil {
			return nil, err
		}
	}
	var histories []*analysis.TrainingHistory
	for _, row := range joinSeeds(read, records) {
		histories = append(histories, row.history)
	}

	if len(histories) == 0 {
		return nil, fmt.Errorf("%s has no statistics of the weights of these runs: nothing was trained, "+
			"or weights: {at: []} is in the spec, or an earlier gpw ran it; run it again, which makes what is missing", r.folder)
	}
	return histories, nil
}

// chosen returns the selected records of losses, in the order of the requested rows.
func (r *Run) chosen(s Selection) ([]results.Record, error) {
	records, err := r.ofDataset(s.Dataset)
	if err != nil {
		return nil, err
	}
	if len(s.Rows) == 0 || slices.Contains(s.Rows, "all") {
		return records, nil
	}

	var chosen []results.Record
	for _, name := range s.Rows {
		before := len(chosen)
		for _, record := range records {
			if name == record.Label || name == record.Loss || name == record.Loss+"."+record.Preset {
				chosen = append(chosen, record)
			}
		}

		if len(chosen) == before {
			return nil, &RequestError{Text: fmt.Sprintf("%s has no row %q", r.folder, name), Name: name, Known: labels(records)}
		}
	}

	return chosen, nil
}

// ofDataset returns the records of losses of one data set; "" selects the first one.
func (r *Run) ofDataset(name string) ([]results.Record, error) {
	var sets []string
	for _, record := range r.records {
		if record.Kind == results.KindLoss && !slices.Contains(sets, record.Dataset.Name) {
			sets = append(sets, record.Dataset.Name)
		}
	}

	if elsewhere := func(r results.Record) bool { return r.Kind == results.KindElsewhere }; len(sets) == 0 && slices.ContainsFunc(r.records, elsewhere) {
		return nil, fmt.Errorf("%s holds no run of a loss: its rows were trained elsewhere, and their weights are not known", r.folder)
	}
	if len(sets) == 0 {
		return nil, fmt.Errorf("%s holds no finished run of a loss; run the experiment again, which goes on with it", r.folder)
	}

	if name == "" {
		name = sets[0]
	}

	if !slices.Contains(sets, name) {
		return nil, &RequestError{Text: fmt.Sprintf("%s has no data set %q", r.folder, name), Name: name, Known: sets}
	}

	var records []results.Record
	for _, record := range r.records {
		if record.Kind == results.KindLoss && record.Dataset.Name == name {
			records = append(records, record)
		}
	}
	return records, nil
}

// labels returns the labels of records, each once.
func labels(records []results.Record) []string {
	var all []string
	for _, record := range records {
		if !slices.Contains(all, record.Label) {
			all = append(all, record.Label)
		}
	}
	return all
}

// atSteps returns the batches of the named steps, and all without any.
func (r *Run) atSteps(scatters []*analysis.Scatter, steps []string) ([]*analysis.Scatter, error) {
	if len(steps) == 0 {
		return scatters, nil
	}

	known := []string{"first", "last"}
	for _, s := range scatters {
		known = append(known, strconv.Itoa(s.Step))
	}

	var kept []*analysis.Scatter
	for _, step := range steps {
		at := -1
		for k, s := range scatters {
			if step == "first" && k == 0 || step == "last" && k == len(scatters)-1 || step == strconv.Itoa(s.Step) {
				at = k
			}
		}

		if at < 0 {
			return nil, &RequestError{Text: fmt.Sprintf("%s kept no weights at step %s", r.folder, step), Known: known}
		}
		kept = append(kept, scatters[at])
	}

	return kept, nil
}

// noWeights says why runs kept no weights, and which rows of their data set have some.
func (r *Run) noWeights(records []results.Record) error {
	self := false // a run compares every batch with itself
	for _, record := range records {
		with, err := Compared(record)
		if err != nil {
			return err
		}
		self = self || with.Memory == nil && with.Proxies == nil
	}

	if self {
		return fmt.Errorf("%s kept no weights of these runs; add weights: {at: [first, last]} to the spec and run it again", r.folder)
	}

	const why = "a step against proxies or a memory bank keeps none, because its S is not that of a batch with itself"
	rows, err := r.withWeights(records[0].Dataset.Name)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("%s has no weights of these runs: %s; no row of it has some", r.folder, why)
	}
	return fmt.Errorf("%s has no weights of these runs: %s; the rows that have some: %s",
		r.folder, why, strings.Join(rows, ", "))
}

// withWeights returns the labels of a data set's rows that kept weights.
func (r *Run) withWeights(dataset string) ([]string, error) {
	records, err := r.ofDataset(dataset)
	if err != nil {
		return nil, err
	}

	var kept []results.Record
	seen := map[string]bool{}
	for _, record := range records {
		if seen[record.Label] {
			continue
		}
		scatters, err := Scatters(r.store, record, gpw.Pooling{})
		if err != nil {
			return nil, err
		}

		if len(scatters) > 0 {
			seen[record.Label] = true
			kept = append(kept, record)
		}
	}

	return labels(kept), nil
}

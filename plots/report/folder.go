package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
)

// A Folder is what a page shows of one results folder. [Open] and [Read] make one.
type Folder struct {
	Name string // of the experiment
	dir  string

	table   *table.Table
	records []results.Record
	data    folderData
	losses  []lossData // with the batches of which a page shows some
	weighed int        // rows that kept weights or statistics
	notes   []string   // of the table, and what is damaged
}

// A folderData is the part of the page's data that is of one folder.
type folderData struct {
	Name    string       `json:"name"`
	Metrics []metricData `json:"metrics"` // that the page can show
	Metric  string       `json:"metric"`  // which it shows first
	Rows    []rowData    `json:"rows"`    // of all data sets, each once
	Sets    []setData    `json:"sets"`

	// By the keys of metrics, where there are two data sets or more.
	Ranks map[string]*rankData `json:"ranks"`

	Losses []lossData   `json:"losses"`
	Maps   []mapData    `json:"maps"`
	Looks  []plots.Look `json:"looks"` // of the classes of a map

	// What is left out of the rows with weights and of the maps.
	WeightsSay string `json:"weightsSay,omitempty"`
	MapsSay    string `json:"mapsSay,omitempty"`
}

type metricData struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Axis  string `json:"axis"` // the title with its unit
	Lower bool   `json:"lower,omitempty"`
}

type rowData struct {
	Name string     `json:"name"`
	Kind string     `json:"kind"`
	Look plots.Look `json:"look"`
}

// A setData is what is known of the rows on one data set. Its rows are places in the rows
// of the folder.
type setData struct {
	Name     string                  `json:"name"`
	Rows     []int                   `json:"rows"`
	Measures map[string]*measureData `json:"measures"` // by the keys of metrics
	Recall   *recallData             `json:"recall,omitempty"`
	Curves   []curveData             `json:"curves"`
	Sweeps   []sweepData             `json:"sweeps"`
}

// Open reads a results folder. The error is about a folder that is none, holds no
// finished run, or holds a file that was damaged. A nil ctx never ends.
func Open(ctx context.Context, dir string) (*Folder, error) {
	store, err := results.OpenRead(dir)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	plan, _, err := store.LoadPlan()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no experiment; run one into it", dir)
	}
	if err != nil {
		return nil, err
	}
	if _, is := store.HoldsTuning(plan); is {
		return nil, fmt.Errorf("%s holds no runs but a search, whose report is %s", dir, filepath.Join(dir, results.TuningFiles[0]))
	}
	t, err := table.Of(store, plan)
	if err != nil {
		return nil, err
	}
	return Read(ctx, store, plan, t)
}

var errNothingToRead = errors.New("report: no results folder to read; results.Open opens one, and table.Of makes its table")

// Read reads what a page shows of the runs of a plan, of which the table was made from
// the store. A nil ctx never ends.
func Read(ctx context.Context, store *results.Store, plan results.Plan, t *table.Table) (*Folder, error) {
	if store == nil || t == nil {
		return nil, errNothingToRead
	}
	ctx = cmp.Or(ctx, context.Background())
	records, err := store.CompletedRecords(plan)
	if err != nil {
		return nil, err
	}
	if len(t.Blocks) == 0 {
		return nil, fmt.Errorf("%s holds no finished run; the same gpw run goes on with it%s", store.Dir(), damagedText(store, plan))
	}

	f := &Folder{Name: plan.Experiment, dir: store.Dir(), table: t, records: records, notes: t.Notes}
	f.data = folderData{Name: plan.Experiment, Sets: []setData{}, Maps: []mapData{}}
	f.addRows()
	f.addMetrics()
	for k := range t.Blocks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.addSet(ctx, k, plan); err != nil {
			return nil, err
		}
	}
	f.addRanks()
	if err := f.addLosses(ctx, store); err != nil {
		return nil, err
	}
	for k := range mapClasses {
		f.data.Looks = append(f.data.Looks, plots.LookOf(k))
	}
	return f, f.addMaps(ctx, store)
}

func damagedText(store *results.Store, plan results.Plan) string {
	text := ""
	for _, sentence := range store.Damaged(plan) {
		text += ". " + sentence
	}
	return text
}

// addRows lists the rows of all data sets, in the order of the table.
func (f *Folder) addRows() {
	for _, b := range f.table.Blocks {
		for k, name := range rowNames(b) {
			if f.row(name) < 0 {
				f.data.Rows = append(f.data.Rows, rowData{name, b.Rows[k].Kind, plots.LookOf(len(f.data.Rows))})
			}
		}
	}
}

// row is the place of a row among those of the folder, and -1 for none.
func (f *Folder) row(name string) int {
	return slices.IndexFunc(f.data.Rows, func(r rowData) bool { return r.Name == name })
}

// rowNames are names of the rows of a block, of which no two are equal unless the table
// has rows that differ in nothing that it prints.
func rowNames(b table.Block) []string {
	if b.Compared != nil {
		return b.Compared.Names()
	}
	var rows []compare.Row
	for _, r := range b.Rows {
		rows = append(rows, compare.Row{Label: b.RowName(r), Head: r.Head, Protocol: r.Protocol, Kind: r.Kind, Runs: r.Runs})
	}
	return compare.Names(rows)
}

// addMetrics lists the metrics that the tables print, and the one that is shown first:
// the one that compare takes without a choice.
func (f *Folder) addMetrics() {
	var keys []string
	for _, b := range f.table.Blocks {
		for _, m := range b.Metrics() {
			if !slices.Contains(keys, m) {
				keys = append(keys, m)
			}
		}
	}
	slices.SortFunc(keys, results.CompareMetrics)
	for _, key := range keys {
		m, _, _ := results.FindMetric(key)
		d := metricData{Key: key, Title: metricTitle(key), Axis: metricTitle(key), Lower: m.Lower}
		if results.IsShare(key) {
			d.Axis += ", %"
		}
		f.data.Metrics = append(f.data.Metrics, d)
	}
	if first, err := compare.Metric(f.table.Sets(), ""); err == nil && slices.Contains(keys, first) {
		f.data.Metric = first
	} else if len(keys) > 0 {
		f.data.Metric = keys[0]
	}
}

// addSet adds what is known of one block of the table.
func (f *Folder) addSet(ctx context.Context, k int, plan results.Plan) error {
	b := f.table.Blocks[k]
	s := setData{Name: b.DatasetName(), Measures: map[string]*measureData{}, Curves: []curveData{}, Sweeps: []sweepData{}}
	for _, name := range rowNames(b) {
		s.Rows = append(s.Rows, f.row(name))
	}
	for _, m := range b.Metrics() {
		s.Measures[m] = measure(b, m)
	}
	if err := f.addMatrices(ctx, k, &s); err != nil {
		return err
	}
	s.Recall = recallCurves(b)
	s.Curves = learningCurves(b)
	for _, key := range plan.Sweep {
		s.Sweeps = append(s.Sweeps, f.sweep(k, key.Path)...)
	}
	f.data.Sets = append(f.data.Sets, s)
	return nil
}

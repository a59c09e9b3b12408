package compare_test

import (
	"bytes"
	"fmt"
	"os"

	"gpwbench/results"
	"gpwbench/results/compare"
)

// Two rows with two seeds each: contrastive misses the first query of some of ten
// classes, npairs all queries of one class.
func ExampleTwo() {
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store, err := results.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()

	rows := []compare.Row{
		{Label: "contrastive", Kind: results.KindLoss, Runs: exampleRuns(store, "contrastive", func(class, k int) bool { return k == 0 && class%2 == 0 })},
		{Label: "npairs", Kind: results.KindLoss, Runs: exampleRuns(store, "npairs", func(class, k int) bool { return class == 9 })},
	}
	set := compare.Read(store, rows)
	report, err := compare.Two([]*compare.Set{set}, "recall@1", "npairs", "contrastive")
	if err != nil {
		fmt.Println(err)
		return
	}
	p := report.Pairs[0]
	fmt.Printf("%+.3f [%+.3f, %+.3f] over %d classes, p = %.2f\n", p.Mean, *p.Low, *p.High, p.N, *p.P)
	fmt.Printf("won %.0f queries, lost %.0f\n", p.Detail.Changed.Won, p.Detail.Changed.Lost)
	// Output:
	// +0.000 [-0.529, +0.529] over 10 classes, p = 1.00
	// won 5 queries, lost 5
}

// exampleRuns keeps the runs of two seeds, of ten classes of five queries.
func exampleRuns(store *results.Store, label string, misses func(class, k int) bool) (runs []results.Record) {
	for seed := range uint64(2) {
		q, found := &results.Queries{}, 0
		for class := range 10 {
			for k := range 5 {
				above := int32(0)
				if misses(class, k) {
					above = 1
				} else {
					found++
				}
				q.Classes, q.Above = append(q.Classes, int32(class)), append(q.Above, above)
				q.Equal, q.PosEqual = append(q.Equal, 0), append(q.PosEqual, 1)
			}
		}
		settings, err := results.Canonical(map[string]any{"label": label, "seed": seed})
		if err != nil {
			panic(err)
		}
		r := results.Record{
			ID: results.ID(settings), Schema: results.Schema, Settings: settings, Dataset: results.DatasetInfo{Name: "birds"}, Label: label, Kind: results.KindLoss, Seed: seed,
			Metrics: map[string]float64{"recall@1": float64(found) / 50}, Queries: 50, TestEvaluations: 1,
		}
		var file bytes.Buffer
		if err := q.Write(&file); err != nil {
			panic(err)
		}
		if err := store.Keep(r, map[string][]byte{results.QueriesFile(r.ID): file.Bytes()}); err != nil {
			panic(err)
		}
		kept, err := store.Get(r.ID)
		if err != nil {
			panic(err)
		}
		runs = append(runs, kept)
	}
	return runs
}

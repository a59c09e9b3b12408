package compare

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"testing"

	"gpwbench/results"
)

// A fakeRow is a row whose runs have made-up results.
type fakeRow struct {
	label, protocol string
	kind            string
	seeds           []uint64
	better          float64 // the share of queries that are found beyond a half
	looks           int     // evaluations on the test classes
	without         bool    // per-query results
	perClass        int     // queries; 0 for 12
	seedless        bool    // one file of embeddings without a seed
}

// open makes an empty results folder.
func open(t testing.TB) *results.Store {
	t.Helper()
	s, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// keep puts the runs of a row on a data set into the folder. Queries have what is hard
// about them in common, by class and one by one, as those of real rows have.
func keep(t testing.TB, s *results.Store, dataset string, classes int, f fakeRow) Row {
	t.Helper()
	perClass := cmp.Or(f.perClass, 12)
	row := Row{Label: f.label, Head: "linear", Protocol: f.protocol, Kind: f.kind}
	if row.Kind == "" {
		row.Kind = results.KindLoss
	}
	if row.Protocol == "" {
		row.Protocol = "fixed"
	}
	for _, seed := range f.seeds {
		q, found, ap := made(f, seed, classes, perClass)
		n := float64(classes * perClass)
		settings, err := results.Canonical(map[string]any{
			"label": f.label, "protocol": row.Protocol, "seed": seed, "dataset": map[string]any{"name": dataset, "split": "half"},
		})
		if err != nil {
			t.Fatal(err)
		}
		r := results.Record{
			ID: results.ID(settings), Schema: results.Schema, Experiment: "made up", Settings: settings,
			Dataset: results.DatasetInfo{Name: dataset, Title: dataset, Checksum: "c0ffee" + dataset, TestClasses: classes, TestRows: classes * perClass},
			Label:   f.label, Loss: "contrastive", Preset: "gpw", Kind: row.Kind, Head: row.Head, Protocol: row.Protocol,
			Seed: seed, Metrics: map[string]float64{"recall@1": found / n, "map_at_r": ap / n, "nmi": 0.5},
			Queries: int(n), TestEvaluations: max(f.looks, 1),
		}
		var file bytes.Buffer
		if err := q.Write(&file); err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{results.QueriesFile(r.ID): file.Bytes()}
		if f.without {
			files = map[string][]byte{}
		}
		if err := s.Keep(r, files); err != nil {
			t.Fatal(err)
		}
		kept, err := s.Get(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept.Seedless = f.seedless // as a plan says it
		row.Runs = append(row.Runs, kept)
	}
	return row
}

// read puts rows on a data set into a folder and reads them.
func read(t testing.TB, classes int, rows ...fakeRow) *Set {
	t.Helper()
	s := open(t)
	var all []Row
	for _, f := range rows {
		all = append(all, keep(t, s, "birds", classes, f))
	}
	return Read(s, all)
}

var three = []uint64{0, 1, 2}

// made are the results of a run, with how many queries are found and the sum of AP@R.
func made(f fakeRow, seed uint64, classes, perClass int) (q *results.Queries, found, ap float64) {
	q = &results.Queries{}
	hard, own := rand.New(rand.NewPCG(7, 7)), rand.New(rand.NewPCG(seed, uint64(len(f.label))))
	for c := range classes {
		ofClass := 0.3 * (hard.Float64() - 0.5)
		for range perClass {
			ease := 0.5 + f.better + ofClass + 0.5*(hard.Float64()-0.5) + 0.1*(own.Float64()-0.5)
			above := int32(0)
			if ease < 0.5 {
				above = 3
			}
			value := float32(min(max(ease, 0), 1))
			q.Classes, q.Above = append(q.Classes, int32(c)), append(q.Above, above)
			q.Equal, q.PosEqual = append(q.Equal, 0), append(q.PosEqual, 1)
			q.AP, q.RP = append(q.AP, value), append(q.RP, value)
			ap += float64(value)
			if above == 0 {
				found++
			}
		}
	}
	return q, found, ap
}

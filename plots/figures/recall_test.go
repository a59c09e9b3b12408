package figures

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"gpwbench/results"
)

// recallFolder holds rows with Recall@K of the K given.
func recallFolder(t *testing.T, rows int, ks ...string) string {
	t.Helper()
	store, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	plan := results.Plan{Schema: results.Schema, Experiment: "test"}
	for n := range rows {
		for seed := range 2 {
			r := row("cub", "row "+string(rune('a'+n)), "nca", "fixed")
			settings, err := results.Canonical(map[string]int{"row": n, "seed": seed})
			if err != nil {
				t.Fatal(err)
			}
			r.ID, r.Schema, r.Settings, r.Kind, r.Seed = results.ID(settings), results.Schema, json.RawMessage(settings), results.KindLoss, uint64(seed)
			r.Metrics = map[string]float64{"map_at_r": 0.1, "recall_pessimistic@1": 0.01}
			for k, at := range ks {
				r.Metrics["recall@"+at] = 0.25*float64(k+1) + 0.125*float64(seed)
			}
			if err := store.Keep(r, nil); err != nil {
				t.Fatal(err)
			}
			plan.Runs = append(plan.Runs, r.ID)
		}
	}
	text, err := json.Marshal(plan)
	if err == nil {
		err = os.WriteFile(store.Path("plan.json"), text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return store.Dir()
}

// A curve of Recall@K has the means over seeds at every K in the order of the numbers,
// and rows beyond a page are on another.
func TestRecallView(t *testing.T) {
	run, err := OpenRun(recallFolder(t, 12, "1", "2", "10"))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := run.Comparison(t.Context(), Layout{View: RecallView, Subject: "x"}, Selection{}, "")
	if err != nil || len(drawn) != 2 || drawn[0].Name != "recall_x" || drawn[1].Name != "recall_x_2" {
		t.Fatal(drawn, err)
	}
	data, err := drawn[0].Figure.CSV()
	if err != nil {
		t.Fatal(err)
	}
	want := "cub (synthetic),row a,K,1,false,recall,2,0.3125,,\ncub (synthetic),row a,K,2,false,recall,2,0.5625,,\ncub (synthetic),row a,K,10,false,recall,2,0.8125,,\n"
	if !strings.Contains(string(data), want) || strings.Contains(string(data), "0.01") {
		t.Errorf("the data lack\n%s:\n%s", want, data)
	}

	run, err = OpenRun(recallFolder(t, 2, "1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Comparison(t.Context(), Layout{View: RecallView}, Selection{}, ""); err == nil || !strings.Contains(err.Error(), "recall_at: [1, 2, 4, 8]") {
		t.Errorf("of one K: %v", err)
	}
}

package figures

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/results"
)

// A run that kept its moments has a figure of its training, and its data set one of
// all trainings; a training of one step is none.
func TestTrainingFigures(t *testing.T) {
	store := folder(t, row("cub", "NCA", "nca", "fixed"), row("cub", "no head", "nca", "fixed"), row("cars", "old", "nca", "fixed"))
	for k, r := range planned(t, store)[:2] {
		none := analysis.SideStats{Mean: math.NaN(), Low: math.NaN(), High: math.NaN()} // of no pairs
		moments := []analysis.WeightStats{{Step: 0, Loss: 2, Positive: none, Negative: none}, {Step: 9, Loss: 1, Positive: none, Negative: none}}
		var b bytes.Buffer
		if err := analysis.WriteStats(&b, moments[k:]); err != nil {
			t.Fatal(err)
		}
		keepMoments(t, store, r, b.Bytes())
	}
	if n, err := draw(t.Context(), t, store); err != nil || n != 3+2+1+1 {
		t.Fatalf("%d figures, error %v, want the weights of 3, 2 overviews, a training, and one of trainings", n, err)
	}
	for name, want := range map[string]bool{"training_cub_nca.svg": true, "trainings_cub.png": true, "training_cub_no_head.svg": false, "trainings_cars.svg": false} {
		if _, err := os.Stat(store.Path("figures/" + name)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}
}

// statsOf are statistics of two steps, with a loss at the first.
func statsOf(t *testing.T, loss float64) []byte {
	t.Helper()
	none := analysis.SideStats{Mean: math.NaN(), Low: math.NaN(), High: math.NaN()} // of no pairs
	var b bytes.Buffer
	if err := analysis.WriteStats(&b, []analysis.WeightStats{{Loss: loss, Positive: none, Negative: none}, {Step: 9, Positive: none, Negative: none}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The seeds of a row are one history and one figure, which is drawn again where the
// statistics of a later seed change. A seed without statistics is counted and left out.
func TestHistoryOfSeeds(t *testing.T) {
	var rows []results.Record
	for seed := range uint64(4) {
		for _, label := range []string{"NCA", "other"} {
			r := row("cub", label, "nca", "fixed")
			r.Seed = seed
			rows = append(rows, r)
		}
	}
	store := folder(t, rows...)
	for k, r := range planned(t, store) {
		if r.Seed < 3 && r.Label == "NCA" {
			keepMoments(t, store, r, statsOf(t, float64(k)))
		}
	}

	records := planned(t, store)
	h, of, err := History(store, records, gpw.Pooling{})
	if err != nil || of.Seed != 0 || h.Seeds != 4 || len(h.Others) != 2 || h.Others[0].Seed != 1 || h.Others[1].Seed != 2 || h.Others[1].Stats[0].Loss != 4 {
		t.Fatalf("the history is %+v, error %v, want that of seed 0 with two others of 4", h, err)
	}
	if h, _, err := History(store, records[1:2], gpw.Pooling{}); h != nil || err != nil {
		t.Errorf("of a run without statistics: %+v, %v", h, err)
	}

	run, err := OpenRun(store.Path(""))
	if err != nil {
		t.Fatal(err)
	}
	all, err := run.Histories(t.Context(), Selection{Rows: []string{"NCA"}}, gpw.Pooling{})
	if err != nil || len(all) != 1 || len(all[0].Others) != 2 {
		t.Errorf("%d histories, error %v, want one of three seeds", len(all), err)
	}

	if _, err := draw(t.Context(), t, store); err != nil {
		t.Fatal(err)
	}
	name := store.Path("figures/training_cub_nca.svg")
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	keepMoments(t, store, records[4], statsOf(t, 100))
	if _, err := draw(t.Context(), t, store); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(name); err != nil || bytes.Equal(before, after) {
		t.Errorf("the figure is as before, error %v", err)
	}
}

// A history has the steps that its run chose, and says on which classes.
func TestHistoryHasTheChosenSteps(t *testing.T) {
	for on, chose := range map[string]func(r *results.Record){
		"held-out classes": func(r *results.Record) {
			r.Validation = &results.Validation{Metric: results.MAPAtR, Chosen: results.ChoseSteps, Value: 1, Points: []results.ValidationPoint{{Value: 0}, {Value: 1, Mean: 0.5}}}
		},
		"the test classes": func(r *results.Record) { r.TestEvaluations = 2 },
		"":                 func(r *results.Record) { r.TestEvaluations = 1 },
	} {
		record := row("cub", "NCA", "nca", "fixed")
		record.Steps = 1
		chose(&record)
		store := folder(t, record)
		none := analysis.SideStats{Mean: math.NaN(), Low: math.NaN(), High: math.NaN()}
		var b bytes.Buffer
		if err := analysis.WriteStats(&b, []analysis.WeightStats{{Positive: none, Negative: none}, {Step: 9, Positive: none, Negative: none}}); err != nil {
			t.Fatal(err)
		}
		keepMoments(t, store, planned(t, store)[0], b.Bytes())
		h, err := TrainingHistory(store, planned(t, store)[0], gpw.Pooling{})
		if err != nil {
			t.Fatal(err)
		}
		if h.ChosenOn != on || (h.Chosen != nil) != (on != "") || h.Chosen != nil && *h.Chosen != 1 {
			t.Errorf("chosen on %q: %v on %q", on, h.Chosen, h.ChosenOn)
		}
	}
}

func TestDamagedMoments(t *testing.T) {
	store := folder(t, row("cub", "NCA", "nca", "fixed"))
	r := planned(t, store)[0]
	keepMoments(t, store, r, []byte("torn"))
	if _, err := TrainingHistory(store, planned(t, store)[0], gpw.Pooling{}); err == nil || !strings.Contains(err.Error(), "run the experiment again, which sets the file aside") {
		t.Errorf("error %v, want what to do", err)
	}
}

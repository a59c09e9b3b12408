package figures

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/results"
)

// folder makes a results folder whose runs kept the weights of a batch of two.
func folder(t *testing.T, rows ...results.Record) *results.Store {
	t.Helper()
	store, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	plan := results.Plan{Schema: results.Schema, Experiment: "test"}
	for k, r := range rows {
		settings, err := results.Canonical(map[string]int{"run": k})
		if err != nil {
			t.Fatal(err)
		}
		r.ID, r.Schema, r.Settings, r.Kind = results.ID(settings), results.Schema, json.RawMessage(settings), results.KindLoss
		r.Metrics = map[string]float64{"recall@1": 0.5}
		var b bytes.Buffer
		snapshots := []gpw.Snapshot{}
		for _, step := range []int{0, 5, 9} {
			snapshots = append(snapshots, gpw.Snapshot{Step: step, Labels: []int{0, 0}, S: []float64{1, 0.5, 0.5, 1}, G: []float64{0, -0.5, -0.5, 0}})
		}
		if err := analysis.WriteSnapshots(&b, snapshots); err != nil {
			t.Fatal(err)
		}
		if err := store.Keep(r, map[string][]byte{analysis.SnapshotFile(r.ID): b.Bytes()}); err != nil {
			t.Fatal(err)
		}
		plan.Runs = append(plan.Runs, r.ID)
	}
	if err := store.Begin(t.Context(), results.Output{Plan: plan}); err != nil {
		t.Fatal(err)
	}
	return store
}

// keepMoments keeps moments beside what the run has.
func keepMoments(t *testing.T, store *results.Store, r results.Record, moments []byte) {
	t.Helper()
	files := map[string][]byte{analysis.StatsFile(r.ID): moments}
	for name := range r.Files {
		if files[name] != nil {
			continue
		}
		data, err := os.ReadFile(store.Path(name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	if err := store.Keep(r, files); err != nil {
		t.Fatal(err)
	}
}

// draw draws the figures of the plan into the folder.
func draw(ctx context.Context, t *testing.T, store *results.Store) (n int, err error) {
	t.Helper()
	records := planned(t, store)
	ok, err := store.Derive(t.Context(), func(to *results.Derived) error {
		n, err = Figures(ctx, store, to, records, nil)
		return err
	})
	if !ok {
		t.Error("the plan is another's")
	}
	return n, err
}

func planned(t *testing.T, store *results.Store) []results.Record {
	t.Helper()
	_, records, err := store.LoadPlan()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// Labels that differ in signs only have a figure each, and figures of earlier runs go.
func TestFigureNames(t *testing.T) {
	store := folder(t, row("cub", "a b", "nca", "fixed"), row("cub", "a-b", "nca", "fixed"))
	if _, err := store.Derive(t.Context(), func(to *results.Derived) error { return to.Write("figures/weights_cub_old.svg", []byte("old")) }); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mine.svg", "weights_cub_final.svg", "training_curve.pdf", "weights_final.npy"} {
		if err := os.WriteFile(store.Path("figures/"+name), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(store.Path("figures/weights_x/deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	if n, err := draw(t.Context(), t, store); err != nil || n != 3 {
		t.Fatalf("%d figures, error %v, want 3", n, err)
	}
	for name, want := range map[string]bool{"weights_cub_a_b.svg": true, "weights_cub_a_b_.svg": true, "weights_cub_old.svg": false, "mine.svg": true,
		"weights_cub_final.svg": true, "training_curve.pdf": true, "weights_final.npy": true, "weights_x/deep": true} {
		if _, err := os.Stat(store.Path("figures/" + name)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}
}

func row(dataset, label, loss, protocol string) results.Record {
	return results.Record{Dataset: results.DatasetInfo{Name: dataset, Synthetic: true, Checksum: "c"}, Label: label, Loss: loss, Preset: "p", Protocol: protocol}
}

// Each row has its figure, each data set its overview, and a row of two protocols is
// in the overview once.
func TestFigures(t *testing.T) {
	store := folder(t, row("cub", "LiftedStruct* + MS mining", "lifted_structure", "fixed"), row("cub", "NCA, s 4", "nca", "fixed"), row("cub", "NCA, s 4", "nca", "paper"), row("cars", "β", "nca", "fixed"))
	n, err := draw(t.Context(), t, store)
	if err != nil || n != 6 {
		t.Fatalf("%d figures, error %v, want 4 and 2 overviews", n, err)
	}
	var got []string
	entries, err := os.ReadDir(store.Path("figures"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := []string{
		"overview_cars.png", "overview_cars.svg", "overview_cub.png", "overview_cub.svg",
		"weights_cars_beta.png", "weights_cars_beta.svg",
		"weights_cub_liftedstruct_star_and_ms_mining.png", "weights_cub_liftedstruct_star_and_ms_mining.svg",
		"weights_cub_nca_s_4.png", "weights_cub_nca_s_4.svg", "weights_cub_nca_s_4_paper.png", "weights_cub_nca_s_4_paper.svg",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	image, err := os.ReadFile(filepath.Join(store.Path("figures"), "overview_cub.png"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(image)); err != nil {
		t.Error(err)
	}
	svg, err := os.ReadFile(filepath.Join(store.Path("figures"), "weights_cub_nca_s_4.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"cub (synthetic)", "step 0", "step 5", "step 9"} {
		if !strings.Contains(string(svg), text) {
			t.Errorf("the figure does not say %q", text)
		}
	}
}

func TestFiguresStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	store := folder(t, row("cub", "NCA", "nca", "fixed"))
	if _, err := draw(ctx, t, store); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

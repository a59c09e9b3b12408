package figures

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/table"
)

// sweptFolder holds a sweep of steps and a flag on two data sets; the metric of a run
// tells what it is of.
func sweptFolder(t *testing.T, labels int) (dir string) {
	t.Helper()
	store, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	plan := results.Plan{
		Schema: results.Schema, Experiment: "test", Swept: map[string][]results.Swept{},
		Sweep: []results.SweepKey{{Path: "steps", Values: []any{10.0, 1.0, 500.0}}, {Path: "x", Values: []any{"a", "b"}}},
	}
	put := func(dataset, label string, seed int, recall float64, swept results.Swept) {
		r := row(dataset, label, "nca", "fixed")
		settings, err := results.Canonical(map[string]any{"d": dataset, "l": label, "s": seed, "v": swept})
		if err != nil {
			t.Fatal(err)
		}
		r.ID, r.Schema, r.Settings, r.Kind, r.Seed = results.ID(settings), results.Schema, json.RawMessage(settings), results.KindLoss, uint64(seed)
		r.Metrics = map[string]float64{"recall@1": recall}
		if err := store.Keep(r, nil); err != nil {
			t.Fatal(err)
		}
		plan.Runs = append(plan.Runs, r.ID)
		if swept != nil {
			plan.Swept[r.ID] = []results.Swept{swept}
		}
	}

	for k, dataset := range []string{"cub", "cars"} {
		for seed := range 2 {
			put(dataset, "level", seed, 0.9-0.01*float64(seed), nil)
			for l := range labels {
				for i, steps := range plan.Sweep[0].Values {
					for j, x := range plan.Sweep[1].Values {
						put(dataset, fmt.Sprint("row ", l), seed, 0.1*float64(k+1)+0.05*float64(i)+0.2*float64(j)+0.004*float64(seed), results.Swept{"steps": steps, "x": x})
					}
				}
			}
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

// The points of a sensitivity are the rows of the table, with their intervals.
func TestSensitivityIsTheTable(t *testing.T) {
	dir := sweptFolder(t, 2)
	run, err := OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	d, err := run.Sensitivity("", "", Selection{})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := table.Of(run.store, run.plan)
	if err != nil {
		t.Fatal(err)
	}
	if d.Path != "steps" || d.Metric != "recall@1" || d.Title != "R@1" || len(d.Panels) != len(whole.Blocks) {
		t.Errorf("%s, %s, %s on %d data sets", d.Path, d.Metric, d.Title, len(d.Panels))
	}
	points := 0
	for k, p := range d.Panels {
		var texts []string
		for _, v := range p.Values {
			texts = append(texts, fmt.Sprint(v.Text, " ", v.Number))
		}
		if !slices.Equal(texts, []string{"10 10", "1 1", "500 500"}) {
			t.Errorf("values %q", texts)
		}
		for _, l := range p.Lines {
			for _, q := range l.Points {
				r := rowAt(whole.Blocks[k], l, p.Values[q.Value].Number)
				if r == nil {
					t.Errorf("%s has a point at %s of no row", l.Name, p.Values[q.Value].Text)
					continue
				}
				if s := r.Metrics["recall@1"]; q.Mean != s.Mean || q.Low != *s.Low || q.High != *s.High || q.Runs != 2 {
					t.Errorf("%s at %s: %+v, the table has %v", l.Name, p.Values[q.Value].Text, q, s)
				}
				points++
			}
		}
	}
	if points != 2*(2*2*3+3) {
		t.Errorf("%d points, want 30", points)
	}
}

// rowAt finds the row of a table that a line is of at a number of steps.
func rowAt(b table.Block, l plots.SensitivityLine, steps float64) *table.Row {
	for k, r := range b.Rows {
		name := r.Label
		if x, ok := r.Swept["x"]; ok {
			name += fmt.Sprintf(" (x %v)", x)
		}
		if name == l.Name && (l.Constant || r.Swept["steps"] == steps) {
			return &b.Rows[k]
		}
	}
	return nil
}

// Rows, data sets and settings can be chosen; what is not there is an error with what is.
func TestSensitivitySelection(t *testing.T) {
	run, err := OpenRun(sweptFolder(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	d, err := run.Sensitivity("x", "recall@1", Selection{Dataset: "cars", Rows: []string{"row 1"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Panels) != 1 || d.Panels[0].Dataset != "cars (synthetic)" || len(d.Panels[0].Lines) != 3 || !math.IsNaN(d.Panels[0].Values[0].Number) {
		t.Errorf("%+v", d)
	}

	for _, c := range []struct {
		path, metric string
		selection    Selection
		want         string
		known        []string
	}{
		{"step", "", Selection{}, `"step" is not swept here`, []string{"steps", "x"}},
		{"steps", "recall@2", Selection{}, `no run has the metric "recall@2"`, []string{"recall@1"}},
		{"steps", "", Selection{Dataset: "sop"}, `sweeps steps on no data set "sop"`, []string{"cub", "cars"}},
		{"steps", "", Selection{Rows: []string{"row 7"}}, `has no row "row 7"`, []string{"level", "row 0", "row 1", "row 2"}},
	} {
		_, err := run.Sensitivity(c.path, c.metric, c.selection)
		e := new(RequestError)
		if !errors.As(err, &e) || !strings.Contains(e.Text, c.want) || !slices.Equal(sorted(e.Known), sorted(c.known)) {
			t.Errorf("%+v: error %v, want %s", c, err, c.want)
		}
	}

	// Ten rows have room on a page: level, and three with two values of x each, need one;
	// five need two.
	for labels, pages := range map[int]int{3: 1, 5: 2} {
		run, err := OpenRun(sweptFolder(t, labels))
		if err != nil {
			t.Fatal(err)
		}
		d, err := run.Sensitivity("steps", "", Selection{})
		if err != nil {
			t.Fatal(err)
		}
		drawn := Layout{Subject: "s"}.Sensitivity(d)
		if len(drawn) != pages || drawn[0].Name != "sweep_steps_s" {
			t.Errorf("%d figures, the first named %s, want %d", len(drawn), drawn[0].Name, pages)
		}
		lines := 0
		for _, f := range drawn {
			data, err := f.Figure.CSV()
			if err != nil {
				t.Fatal(err)
			}
			lines += strings.Count(string(data), "\n") - 1
		}
		if want := 2 * 3 * (1 + 2*labels); lines != want {
			t.Errorf("%d points on %d pages, want %d", lines, len(drawn), want)
		}
	}
}

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}

// Runs that differ in swept values have files and captions of their own.
func TestNamesOfSweptRuns(t *testing.T) {
	a, b := row("cub", "NCA", "nca", "fixed"), row("cub", "NCA", "nca", "paper")
	a.Params, a.Settings, b.Settings = "s 4", json.RawMessage("{}"), json.RawMessage("{}")
	a.Swept, b.Swept = results.Swept{"optimizer.lr": 1e-5, "losses.nca.params.scale": 4.0}, results.Swept{"preprocess": []any{"l2", "center"}}
	if got := []string{slug(a), slug(b)}; !slices.Equal(got, []string{"nca_scale_4_lr_1e_5", "nca_paper_preprocess_l2_center"}) {
		t.Errorf("files %q", got)
	}
	textA, errA := caption(nil, a)
	textB, errB := caption(nil, b)
	if errA != nil || errB != nil || textA != "s 4, optimizer.lr 1e-5" || textB != "preprocess l2, center" {
		t.Errorf("captions %q and %q (%v, %v)", textA, textB, errA, errB)
	}
}

// A caption writes swept values as the table does: with powers of ten where one of the
// values has one.
func TestCaptionsOfASweep(t *testing.T) {
	store, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a := row("cub", "NCA", "nca", "fixed")
	a.Params, a.Settings, a.Swept = "", json.RawMessage("{}"), results.Swept{"optimizer.lr": 1e-3, "steps": 20.0}
	if text, err := caption(store, a); err != nil || text != "optimizer.lr 0.001, steps 20" {
		t.Errorf("without a plan the caption is %q (%v)", text, err)
	}

	plan, err := json.Marshal(results.Plan{Schema: results.Schema, Experiment: "x", Sweep: []results.SweepKey{{Path: "optimizer.lr", Values: []any{1e-3, 1e-4}}, {Path: "steps", Values: []any{20.0, 40.0}}}})
	if err == nil {
		err = os.WriteFile(store.Path("plan.json"), plan, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if text, err := caption(store, a); err != nil || text != "optimizer.lr 1e-3, steps 20" {
		t.Errorf("the caption is %q (%v)", text, err)
	}
}

package results

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A record shows the swept values and the label of the plan that asks for it, whatever it
// was made for; its file stays as it is, and its id does not depend on them.
func TestPlanPlacesRecords(t *testing.T) {
	s := open(t, t.TempDir())
	plain, swept, other := sample("cub", "a, β 20", 0), sample("cub", "b", 0), sample("cub", "c", 0)
	swept.Swept = Swept{"steps": 3.0, "preprocess": []any{"l2"}, "head": map[string]any{"name": "linear", "dim": 4.0}, "metrics.x": true}
	other.Swept = Swept{"steps": 5.0}
	put(t, s, plain, swept, other)
	got, err := s.Get(swept.ID)
	if err != nil || cmp.Diff(swept.Swept, got.Swept) != "" {
		t.Errorf("kept %v (%v), want %v", got.Swept, err, swept.Swept)
	}

	p := Plan{
		Schema: Schema, Runs: []string{plain.ID, swept.ID, other.ID}, Sweep: []SweepKey{{Path: "lr", Values: []any{1.0, 2.0}}},
		Swept:  map[string][]Swept{plain.ID: {{"lr": 1.0}}, swept.ID: {{"lr": 1.0}, {"lr": 2.0}}},
		Labels: map[string]string{plain.ID: "a"},
	}
	text, err := p.encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path("plan.json"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	read, records, err := s.LoadPlan()
	if err != nil || cmp.Diff(p, read) != "" {
		t.Errorf("read a plan that differs: %s (%v)", cmp.Diff(p, read), err)
	}
	for k, want := range []Swept{{"lr": 1.0}, {"lr": 1.0}, nil} {
		if cmp.Diff(want, records[k].Swept) != "" {
			t.Errorf("record %d is of %v, want %v", k, records[k].Swept, want)
		}
	}
	if records[0].Label != "a" || records[1].Label != "b" {
		t.Errorf("labels %s and %s", records[0].Label, records[1].Label)
	}
	var spread []any
	for _, r := range p.Spread(records) {
		spread = append(spread, r.Swept["lr"])
	}
	if d := cmp.Diff([]any{1.0, 1.0, 2.0, nil}, spread); d != "" {
		t.Errorf("spread: %s", d)
	}

	// The plan of an earlier program has none of these.
	old, _ := json.Marshal(map[string]any{"schema": Schema, "experiment": "x", "order": []string{"cub"}, "reference": "", "runs": p.Runs})
	if err := os.WriteFile(s.Path("plan.json"), old, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, records, err = s.LoadPlan(); err != nil || len(records) != 3 || records[1].Swept != nil {
		t.Errorf("%d records of the older plan, swept %v (%v)", len(records), records[1].Swept, err)
	}
	if _, err := os.Stat(filepath.Join(s.Dir(), "damaged")); err == nil {
		t.Error("something was set aside")
	}
}

func TestSweptText(t *testing.T) {
	for want, v := range map[string]any{
		"1e-5": 1e-5, "0.001": 0.001, "64": 64, "1000000": 1e6, "1.5e8": 1.5e8, "-0.25": -0.25, "0": 0.0, "adam": "adam", "true": true,
		"none": []any{}, "l2, center": []string{"l2", "center"}, "linear, dim 4, init pca": map[string]any{"init": "pca", "name": "linear", "dim": 4},
	} {
		if got := SweptText(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}

// The values of one setting have one notation, and a value among them has that of all.
func TestSweptTexts(t *testing.T) {
	for want, values := range map[string][]any{
		"1e-5|1e-4|1e-3|1e-2": {1e-5, 1e-4, 1e-3, 0.01},
		"0|0.5|2e-4|1|20":     {0.0, 0.5, 2e-4, 1.0, 20},
		"0.001|0.1":           {0.001, 0.1},
		"64|128|none|a":       {64, 128.0, "none", "a"},
	} {
		got := SweptTexts(values)
		if text := strings.Join(got, "|"); text != want {
			t.Errorf("%v are written %q, want %q", values, text, want)
		}
		for k, v := range values {
			if text := SweptTextAmong(v, values); text != got[k] {
				t.Errorf("%v among %v is written %q, want %q", v, values, text, got[k])
			}
		}
	}
	if got := SweptTextAmong(0.5, []any{1e-5}); got != "0.5" {
		t.Errorf("a value that is not among the others is written %q", got)
	}
}

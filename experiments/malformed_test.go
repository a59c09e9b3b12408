package experiments

import (
	"os"
	"strings"
	"testing"

	"gpwbench/experiments/spec"
)

// Without a spec there is no run.
func TestMalformed(t *testing.T) {
	if _, err := Run(nil, nil, t.TempDir(), Options{}); err == nil {
		t.Error("no spec is run")
	}
	if _, err := DryRun(nil, nil, t.TempDir(), Options{}); err == nil {
		t.Error("no spec would run")
	}
	if PlannedRuns(nil) != nil {
		t.Error("no spec has runs")
	}
	if r := (PlannedRun{}); r.Label() != "" || r.String() != "no run" {
		t.Errorf("no run is %q, %q", r.Label(), r)
	}
}

// Without a folder nothing runs, and nothing is written into the present one.
func TestNoFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	s := builtSpec(spec.NewRow(chosen(t, "contrastive")))
	s.Datasets[0].Scale = 0.1
	_, run := Run(nil, s, "", Options{})
	_, dry := DryRun(nil, s, "", Options{})
	_, tune := Tune(nil, s, "", TuneOptions{Trials: 1})
	for k, err := range []error{run, dry, tune} {
		if err == nil || !strings.Contains(err.Error(), "no folder is named") {
			t.Errorf("call %d: error %v", k, err)
		}
	}
	if made, err := os.ReadDir("."); err != nil || len(made) > 0 {
		t.Errorf("%d files were made, %v", len(made), err)
	}
}

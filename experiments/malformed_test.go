package experiments

import "testing"

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

package table

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
)

// Each finding is a note once, and names its rows, their data sets, and of how many runs
// it is true.
func TestDiagnosisNotes(t *testing.T) {
	dead := func(r results.Record, extent string) results.Record {
		r.Diagnoses = append(r.Diagnoses, results.Diagnosis{Name: "dead_training", Finding: "Dead training: no pair has weight", Extent: extent, Try: "a larger margin"})
		return r
	}

	var records []results.Record
	for seed, extent := range []string{"from step 12 of 20 on", "from step 14 of 20 on", ""} {
		records = append(records, run("cub", "well", "nca.gpw", uint64(seed), 0.5))
		r := run("cub", "A", "triplet.gpw", uint64(seed), 0.5)
		if extent != "" {
			r = dead(r, extent)
		}
		other := dead(run("cars", "A", "triplet.gpw", uint64(seed), 0.5), "from the first step on")
		if seed == 1 {
			other.Diagnoses = append(other.Diagnoses, results.Diagnosis{Name: "collapse", Finding: "Collapse", Extent: "on the test classes", Try: "a lower rate"})
		}
		records = append(records, r, other)
	}

	table := Summarize(records, []string{"cub", "cars"}, nil)
	want := []string{
		"Dead training: no pair has weight; try a larger margin (cub/A: 2 of 3 runs, from step 12 of 20 on in seed 0; cars/A: 3 of 3 runs, from the first step on).",
		"Collapse; try a lower rate (cars/A: 1 of 3 runs, on the test classes).",
	}

	got := slices.DeleteFunc(slices.Clone(table.Notes), func(n string) bool { return !strings.Contains(n, "; try ") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	var out bytes.Buffer
	if err := table.Write(&out, "json"); err != nil {
		t.Fatal(err)
	}
	var written struct {
		Rows []struct {
			Dataset, Label string
			Diagnoses      []Finding
		}
	}

	if err := json.Unmarshal(out.Bytes(), &written); err != nil {
		t.Fatal(err)
	}
	for _, r := range written.Rows {
		if r.Dataset != "cars" {
			continue
		}
		want := []Finding{
			{"dead_training", "Dead training: no pair has weight", "a larger margin", []FindingRun{{0, "from the first step on"}, {1, "from the first step on"}, {2, "from the first step on"}}},
			{"collapse", "Collapse", "a lower rate", []FindingRun{{1, "on the test classes"}}},
		}
		if diff := cmp.Diff(want, r.Diagnoses); diff != "" {
			t.Error(diff)
		}
	}

	if strings.Count(out.String(), `"diagnoses"`) != 2 {
		t.Errorf("rows without findings have the key: %s", out.String())
	}
}

func TestDiagnosisIsASentence(t *testing.T) {
	d := results.Diagnosis{Finding: "Collapse: all embeddings point the same way", Extent: "from step 3 of 9 on", Try: "a lower optimizer.lr"}
	if got, want := d.String(), "Collapse: all embeddings point the same way, from step 3 of 9 on; try a lower optimizer.lr."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

package experiments

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/records.json")

// The numbers of a tiny experiment are those of testdata/records.json to 1e-6, on any
// instruction set: a change of the data, the sampler, the start, the step or the
// evaluation shows here, and then a Revision must be raised.
func TestGoldenRecords(t *testing.T) {
	const file = "testdata/records.json"
	s, dir := tinySpec(t, "seeds=1"), t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, r := range records(t, dir) {
		name := r.Label + "/" + r.Protocol
		for metric, v := range r.Metrics {
			got[name+"/"+metric] = v
		}
		for _, p := range r.Trajectory {
			got[fmt.Sprintf("%s/loss after %d", name, p.Step)] = p.Loss
		}
	}

	if *update {
		b, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}

	for name, w := range want {
		if v, ok := got[name]; !ok || math.Abs(v-w) > 1e-6 {
			t.Errorf("%s = %v, want %v", name, v, w)
		}
	}

	if len(got) != len(want) {
		t.Errorf("%d numbers, want %d", len(got), len(want))
	}
}

package experiments

import (
	"testing"

	"gpwbench/results"
)

// Every metric that a spec can ask for is computed, and nothing else is.
func TestMeasures(t *testing.T) {
	for _, m := range results.Metrics {
		if _, computed := measures[m.Name]; computed != (m.Asked != nil) {
			t.Errorf("%s: computed from scores %v, asked for by settings %v", m.Name, computed, m.Asked != nil)
		}
	}
	if len(measures) > len(results.Metrics) {
		t.Errorf("%d measures of %d metrics", len(measures), len(results.Metrics))
	}
}

package report

import (
	"reflect"
	"testing"

	"gpwbench/results"
)

// The JSON of an evaluation has the names that records have.
func TestJSONKeys(t *testing.T) {
	keys := map[string]bool{}
	for _, of := range []reflect.Type{reflect.TypeFor[ScoresJSON](), reflect.TypeFor[clusteringJSON]()} {
		for k := range of.NumField() {
			keys[of.Field(k).Tag.Get("json")] = true
		}
	}
	for _, m := range results.Metrics {
		want := []string{m.Name}
		if m.Extremes {
			want = append(want, m.LowKey(), m.HighKey())
		}
		for _, key := range want {
			if m.Asked != nil && !keys[key] {
				t.Errorf("the JSON has no %s", key)
			}
		}
	}
}

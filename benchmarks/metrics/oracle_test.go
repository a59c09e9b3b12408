package metrics

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// Each query has the value that scikit-learn gives it (testdata/oracle.py).
func TestOracle(t *testing.T) {
	text, err := os.ReadFile("testdata/oracle.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Rows   [][]float32
		Labels []int
		Values map[string][]*float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	x := matrix.New(len(want.Rows), len(want.Rows[0]))
	for i, row := range want.Rows {
		copy(x.Row(i), row)
	}

	for name, values := range want.Values {
		asked, err := Parse(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Evaluate(t.Context(), Set{retrieval.Float32(x), want.Labels}, nil, asked, Options{})
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for i, v := range values {
			if v == nil {
				continue
			}
			compared++
			if got := e.Values[0].PerQuery[i].Expected; math.Abs(got-*v) > 1e-12 {
				t.Errorf("%s of query %d is %v, want %v", name, i, got, *v)
			}
		}
		if compared < 10 || e.Counted(5) {
			t.Errorf("%s: %d queries compared, the one alone counted: %v", name, compared, e.Counted(5))
		}
	}
}

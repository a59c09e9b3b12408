package report

import (
	"io"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// Scores that lack what is printed, and rows without labels, are errors.
func TestMalformed(t *testing.T) {
	for name, s := range map[string]*retrieval.Scores{"nil": nil, "zero": {}, "without MAP@R": {Above: []int32{0}, Equal: []int32{0}, PosEqual: []int32{0}},
		"uneven": {Ks: []int{1}, Above: []int32{0}, AP: make([]retrieval.Range, 1)},
	} {
		for _, format := range []string{"text", "json", "csv", "markdown", "latex", "none such"} {
			if err := WriteScores(io.Discard, format, s); err == nil {
				t.Errorf("%s scores are written as %s", name, format)
			}
		}
	}

	x, err := matrix.Of(2, 1, []float32{1, -1})
	if err != nil {
		t.Fatal(err)
	}
	good := Labelled{Vectors: retrieval.Float32(x), Labels: []int{0, 1}}
	short := Labelled{Vectors: good.Vectors, Labels: []int{0}}
	for name, sides := range map[string][2]*Labelled{
		"queries": {&short, nil}, "queries with a gallery": {&short, &good}, "gallery": {&good, &short}, "nothing": {{}, nil},
	} {
		if _, err := Nearest(t.Context(), *sides[0], sides[1], 1); err == nil {
			t.Errorf("%s: neighbours of rows without a label each", name)
		}
	}
	if _, err := Nearest(nil, good, nil, 1); err != nil {
		t.Errorf("without a context: %v", err)
	}
}

package retrieval

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"gpwbench/matrix"
)

// Compared counts every query once, however its similarities are compared.
func TestComparedHearsEveryQuery(t *testing.T) {
	const rows = 700
	rng := rand.New(rand.NewPCG(3, 4))
	x, labels := matrix.New(rows, 16), make([]int, rows)
	for i := range labels {
		labels[i] = i / 7
		for k := range x.Row(i) {
			x.Row(i)[k] = float32(rng.NormFloat64())
		}
	}
	for _, mapAtR := range []bool{false, true} {
		var heard atomic.Int64
		o := Options{Ks: []int{1}, MAPAtR: mapAtR, Compared: func(queries int) { heard.Add(int64(queries)) }}
		if _, err := Evaluate(t.Context(), Float32(x), labels, o); err != nil {
			t.Fatal(err)
		}
		if _, err := EvaluateGallery(t.Context(), Float32(x), labels, Float32(x), labels, o); err != nil {
			t.Fatal(err)
		}
		if heard.Load() != 2*rows {
			t.Errorf("MAP@R %v: heard of %d queries, want %d twice", mapAtR, heard.Load(), rows)
		}
	}
}

package retrieval_test

import (
	"context"
	"fmt"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// Recall@1 of six rows of three classes, each searching the other five. The last row is
// nearer to the second class than to its own.
func ExampleEvaluate() {
	x := matrix.Matrix{Rows: 6, Cols: 2, Stride: 2, Data: []float32{
		1, 0, 1, 0.1, // class 0
		0, 1, 0.1, 1, // class 1
		-1, 0, -0.2, 1, // class 2
	}}
	scores, err := retrieval.Evaluate(context.Background(), retrieval.Float32(x), []int{0, 0, 1, 1, 2, 2}, retrieval.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("Recall@1 %.3f, Recall@4 %.3f of %d queries\n", scores.Recall(1), scores.Recall(4), scores.Queries)
	// Output:
	// Recall@1 0.833, Recall@4 1.000 of 6 queries
}

package gpw_test

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// The weights that a loss gives to the pairs of two classes of two.
func ExampleWeigh() {
	similarities := []float64{
		1.0, 0.8, 0.6, 0.1,
		0.8, 1.0, 0.3, 0.2,
		0.6, 0.3, 1.0, 0.7,
		0.1, 0.2, 0.7, 1.0,
	}
	batch, err := losses.NewBatch(similarities, []int{0, 0, 1, 1})
	if err != nil {
		panic(err)
	}

	weights := gpw.Weigh(losses.Mean(losses.Contrastive{Lambda: 0.5}), batch)
	for _, p := range weights.Pairs[:3] { // of the first anchor
		fmt.Printf("candidate %d, positive %v: S %.1f, N %.2f, w %.2f\n", p.Candidate, p.Positive, p.At(gpw.S), p.At(gpw.N), p.Weight())
	}
	// Output:
	// candidate 1, positive true: S 0.8, N 0.45, w 0.25
	// candidate 2, positive false: S 0.6, N 0.50, w 0.25
	// candidate 3, positive false: S 0.1, N -0.50, w 0.00
}

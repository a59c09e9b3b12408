package analysis_test

import (
	"fmt"

	"gpwbench/analysis"
	"gpwbench/losses"
)

// The statistics of the weights of one batch, and what is unusual about it.
func ExampleStatsOf() {
	similarities := []float64{
		1.0, 0.8, 0.6,
		0.8, 1.0, 0.3,
		0.6, 0.3, 1.0,
	}
	batch, err := losses.NewBatch(similarities, []int{0, 0, 1})
	if err != nil {
		panic(err)
	}

	g := make([]float64, len(similarities))
	losses.Mean(losses.Contrastive{Lambda: 0.5}).Eval(batch, g)
	stats := analysis.StatsOf(batch, g)
	fmt.Printf("positives: %d of %d weighted, Σw %.3f\n", stats.Positive.Weighted, stats.Positive.Pairs, stats.Positive.Mass)
	fmt.Printf("negatives: %d of %d weighted, Σw %.3f\n", stats.Negative.Weighted, stats.Negative.Pairs, stats.Negative.Mass)
	for _, warning := range stats.Warnings() {
		fmt.Println(warning)
	}
	// Output:
	// positives: 2 of 2 weighted, Σw 0.667
	// negatives: 2 of 4 weighted, Σw 0.667
	// 1 of 3 anchors has no positive: no other row is of that class
}

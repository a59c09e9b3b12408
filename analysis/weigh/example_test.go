package weigh_test

import (
	"fmt"
	"os"

	"gpwbench/analysis/weigh"
	"gpwbench/gpw"
	"gpwbench/losses"
)

func ExampleBatch() {
	rows := []float64{
		3, 4,
		4, 3,
		-1, 0,
		0, -2,
	}
	b, err := gpw.Batch(rows, 4, 2, []int{0, 0, 1, 1})
	if err != nil {
		panic(err)
	}
	choice, err := losses.Choose(losses.Catalogue, "nca.log")
	if err != nil {
		panic(err)
	}
	report, err := weigh.Batch(choice, b, gpw.Pooling{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("L = %.4f\n", report.Loss)
	fmt.Printf("%d positive pairs, Σw = %.4f\n", report.Stats.Positive.Pairs, report.Stats.Positive.Mass)
	fmt.Printf("%d negative pairs, Σw = %.4f\n", report.Stats.Negative.Pairs, report.Stats.Negative.Mass)
	// Output:
	// L = 0.2393
	// 4 positive pairs, Σw = 0.4034
	// 8 negative pairs, Σw = 0.4034
}

func ExampleReport_Write() {
	b, err := gpw.Batch([]float64{1, 0, 0.6, 0.8}, 2, 2, []int{0, 1})
	if err != nil {
		panic(err)
	}
	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		panic(err)
	}
	report, err := weigh.Batch(choice, b, gpw.Pooling{})
	if err != nil {
		panic(err)
	}
	if err := report.Write(os.Stdout, "csv"); err != nil {
		panic(err)
	}
	// Output:
	// anchor,candidate,positive,S,N,P,gradient,weight
	// 0,1,false,0.5999999999999999,,,0.5,0.5
	// 1,0,false,0.5999999999999999,,,0.5,0.5
}

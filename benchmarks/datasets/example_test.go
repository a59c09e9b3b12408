package datasets_test

import (
	"fmt"

	"gpwbench/benchmarks/datasets"
)

// A stand-in of a twentieth of the classes of CUB, half of them for training.
func ExampleStandIn() {
	data, err := datasets.StandIn("cub", 0.05, 1)
	if err != nil {
		panic(err)
	}
	split, err := datasets.Half(data.Labels)
	if err != nil {
		panic(err)
	}

	train, labels, err := data.Take(split.Train)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d classes of %d features\n", len(datasets.Classes(data.Labels)), data.X.Cols)
	fmt.Printf("%d classes for training, each row with its label: %v\n", len(datasets.Classes(labels)), train.Rows == len(labels))
	// Output:
	// 10 classes of 128 features
	// 5 classes for training, each row with its label: true
}

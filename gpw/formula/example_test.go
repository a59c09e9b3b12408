package formula_test

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// A contrastive loss from text: the weight of a positive is 1, that of a negative 1 above λ.
func Example() {
	loss, err := formula.New(
		formula.Source{Positive: "1", Negative: "if(s > lambda, 1, 0)"},
		[]formula.Param{{Name: "lambda", Value: 0.5}},
	)
	if err != nil {
		panic(err)
	}
	batch, err := losses.NewBatch([]float64{
		1.0, 0.8, 0.6,
		0.8, 1.0, 0.3,
		0.6, 0.3, 1.0,
	}, []int{0, 0, 1})
	if err != nil {
		panic(err)
	}

	for _, p := range gpw.Weigh(losses.Mean(loss), batch).Pairs[:2] { // of the first anchor
		fmt.Printf("S %.1f, positive %v: m·w %.1f\n", p.S, p.Positive, 3*p.Weight())
	}
	// Output:
	// S 0.8, positive true: m·w 1.0
	// S 0.6, positive false: m·w 1.0
}

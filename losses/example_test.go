package losses_test

import (
	"fmt"

	"gpwbench/losses"
)

// Four unit vectors of two classes: their similarities in, value and gradient of
// Multi-Similarity out. Only the third anchor has a negative that comes near its
// positive; mining leaves the others without pairs.
func Example() {
	s := []float64{
		1.0, 0.8, 0.7, 0.1,
		0.8, 1.0, 0.2, 0.2,
		0.7, 0.2, 1.0, 0.4,
		0.1, 0.2, 0.4, 1.0,
	}
	batch, err := losses.NewBatch(s, []int{0, 0, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	choice, err := losses.Choose(losses.Catalogue, "multi_similarity")
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := choice.Loss()
	if err != nil {
		fmt.Println(err)
		return
	}
	g := make([]float64, len(s))
	fmt.Printf("%s, %s: L = %.4f\n", choice.Name(), choice.Caption(), loss.Eval(batch, g))
	for i := range 4 {
		fmt.Printf("%7.4f\n", g[4*i:4*i+4])
	}
	// Output:
	// multi_similarity.official, α 2, β 40, λ 0.5, MS mining ε 0.1: L = 0.1498
	// [ 0.0000  0.0000  0.0000  0.0000]
	// [ 0.0000  0.0000  0.0000  0.0000]
	// [ 0.2499  0.0000  0.0000 -0.1375]
	// [ 0.0000  0.0000  0.0000  0.0000]
}

// The same pairs with other parameters, without a catalogue: a loss is a value.
func ExampleMean() {
	batch, err := losses.NewBatch([]float64{1, 0.6, 0.6, 1}, []int{0, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := make([]float64, 4)
	loss := losses.Mean(losses.Contrastive{Lambda: 0.5})
	fmt.Printf("L = %.2f, G = %.1f\n", loss.Eval(batch, g), g)
	// Output:
	// L = 0.10, G = [0.0 0.5 0.5 0.0]
}

// Mining and weighting are two choices: any miner with any loss that is a sum over
// anchors.
func ExampleMeanMined() {
	batch, err := losses.NewCross([]float64{0.82, 0.65, 0.62, 0.30}, []int{1}, []int{1, 1, 2, 3}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := make([]float64, 4)
	losses.MeanMined(
		losses.MultiSimilarityMiner{Eps: 0.1},
		losses.BinomialDeviance{Alpha: 2, Beta: 40, Lambda: 0.5},
	).Eval(batch, g)
	fmt.Printf("%.3f\n", g)
	// Output:
	// [0.000 -0.851 39.673 0.000]
}

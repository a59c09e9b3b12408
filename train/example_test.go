package train_test

import (
	"fmt"
	"log"

	"gpwbench/benchmarks/datasets"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train"
	"gpwbench/train/config"
)

// A head is trained on the synthetic stand-in of CUB, a twentieth of its rows, and embeds
// them.
func Example() {
	data, err := datasets.StandIn("cub", 0.05, 1)
	if err != nil {
		log.Fatal(err)
	}

	prepare, err := train.FitPreprocess([]string{config.Center}, data.X)
	if err != nil {
		log.Fatal(err)
	}
	x, err := prepare.Apply(data.X)
	if err != nil {
		log.Fatal(err)
	}

	choice, err := losses.Choose(losses.Catalogue, "multi_similarity")
	if err != nil {
		log.Fatal(err)
	}
	loss, err := choice.Loss()
	if err != nil {
		log.Fatal(err)
	}

	trainer, err := train.New(train.Config{
		Head:      config.Head{Name: config.Linear, Dim: 64, Init: config.Identity},
		Sampler:   config.Sampler{Name: config.MPerClass, Classes: 4, PerClass: 4},
		Optimizer: config.Optimizer{Name: config.Adam, LR: 1e-3},
		Relation:  choice.Spec.Relation,
		Traits:    choice.Traits(),
		DataKey:   data.Checksum,
		Seed:      1,
	}, x, data.Labels, loss)
	if err != nil {
		log.Fatal(err)
	}

	first, err := trainer.Step()
	if err != nil {
		log.Fatal(err)
	}
	last := first
	for range 49 {
		if last, err = trainer.Step(); err != nil {
			log.Fatal(err)
		}
	}

	e, err := trainer.Embed(x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("a batch:", len(last.Rows), "rows,", len(last.S), "similarities")
	fmt.Println("the loss fell:", last.Loss < first.Loss)
	fmt.Println("an embedding for every row:", e.Rows == x.Rows, "of", e.Cols, "dimensions")
	// Output:
	// a batch: 16 rows, 256 similarities
	// the loss fell: true
	// an embedding for every row: true of 64 dimensions
}

// The loss of two classes of two rows in the plane, at 0° and 90°, and at 45° and 180°,
// and a step against its gradient. Lengths do not matter: the loss compares directions.
// By hand it is (2 + 6·√½)/4.
func ExampleObjective() {
	rows, err := matrix.Of(4, 2, []float32{1, 0, 0, 2, 3, 3, -1, 0})
	if err != nil {
		log.Fatal(err)
	}

	loss := losses.Mean(losses.Contrastive{Lambda: 0.5})
	objective, err := train.NewObjective(loss, 0, []int{0, 0, 1, 1}, rows.Cols)
	if err != nil {
		log.Fatal(err)
	}

	gradient := matrix.New(rows.Rows, rows.Cols)
	before, err := objective.Eval(rows, gradient)
	if err != nil {
		log.Fatal(err)
	}

	for i := range rows.Rows {
		for k, g := range gradient.Row(i) {
			rows.Row(i)[k] -= 0.1 * g
		}
	}

	after, err := objective.Eval(rows, gradient)
	if err != nil {
		log.Fatal(err)
	}

	fmt.Printf("%.2f, after a step against the gradient lower: %v\n", before, after < before)
	// Output:
	// 1.56, after a step against the gradient lower: true
}

// A whitening of labelled rows, and what it makes of them.
func ExampleWhitening() {
	x, err := matrix.Of(4, 2, []float32{1, 10, 3, 10.5, 6, 20, 8, 19.5})
	if err != nil {
		log.Fatal(err)
	}

	whitening, err := train.Whitening(x, []int{0, 0, 1, 1}, 0.5)
	if err != nil {
		log.Fatal(err)
	}

	y, err := whitening.Apply(x)
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println(y.Rows, "rows of", y.Cols, "features")

	_, err = whitening.Apply(matrix.New(1, 3))
	fmt.Println(err)
	// Output:
	// 4 rows of 2 features
	// train: a linear map fitted on 2 columns, applied to 3
}

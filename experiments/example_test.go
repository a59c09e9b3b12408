package experiments_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"gpwbench/experiments"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/plots/figures"
)

// A spec that a program builds is run into a folder, with its table and figures.
func ExampleRun() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		log.Fatal(err)
	}
	birds := spec.NewDataset("birds")
	birds.Synthetic, birds.Scale, birds.Steps = "cub", 0.03, 5
	s := spec.New("example")
	s.Seeds, s.Baselines = 1, []spec.Baseline{{Name: spec.Frozen}}
	s.Datasets, s.Losses = []spec.Dataset{birds}, []spec.Row{spec.NewRow(choice)}

	out, err := experiments.Run(context.Background(), s, dir, experiments.Options{Figures: figures.Folder{}})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range out.Table.Blocks[0].Rows {
		fmt.Printf("%s: Recall@1 of %d run, %d queries\n", row.Label, len(row.Runs), row.Runs[0].Queries)
	}
	// Output:
	// frozen: Recall@1 of 1 run, 178 queries
	// untrained: Recall@1 of 1 run, 178 queries
	// Contrastive: Recall@1 of 1 run, 178 queries
}

// A spec is also read from YAML; what is wrong with it is told at once.
func ExampleOpen() {
	_, err := experiments.Open("quickstart", []string{"optimizer.lrr=1", "steps=-1"}, losses.Catalogue)
	fmt.Println(err)
	// Output:
	// steps=-1: steps = -1 is too small; at least 1
	// optimizer.lrr=1: unknown key "lrr" in optimizer (did you mean lr?); known: name, lr, weight_decay
}

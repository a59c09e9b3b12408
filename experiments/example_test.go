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
	"gpwbench/results"
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

// Every loss of a spec gets the same number of trials on held-out classes, and the folder
// has a spec with what was found, which is run as any other.
func ExampleTune() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	s, err := experiments.Open("quickstart", []string{
		"datasets=[{name: birds, synthetic: cub, scale: 0.05}]", "losses=[contrastive, multi_similarity]", "baselines=[frozen]",
		"sampler.classes=2", "steps=4", "protocol={name: holdout, folds: 2, every: 2}", "seeds=1", "weights.at=[]",
	}, losses.Catalogue)
	if err != nil {
		log.Fatal(err)
	}
	tuning, err := experiments.Tune(context.Background(), s, dir, experiments.TuneOptions{Trials: 3, Ranges: []experiments.Range{
		{Path: "optimizer.lr", Low: 1e-4, High: 1e-2}, {Path: "losses.multi_similarity.params.beta", Fixed: true},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range tuning.Datasets[0].Rows {
		fmt.Printf("%s: %d trials\n", row.Label, len(row.Trials))
		for _, r := range row.Searched {
			fmt.Printf("  %s from %v to %v\n", r.Path, r.Low, r.High)
		}
		fmt.Printf("  not searched: %q\n", row.Fixed)
	}

	tuned, err := experiments.Open(dir+"/"+results.TunedSpec("birds"), nil, losses.Catalogue)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tuned.Name)
	// Output:
	// Contrastive: 3 trials
	//   optimizer.lr from 0.0001 to 0.01
	//   params.lambda from -1 to 1
	//   not searched: []
	// Multi-Similarity: 3 trials
	//   optimizer.lr from 0.0001 to 0.01
	//   params.alpha from 0.2 to 20
	//   params.lambda from -1 to 2
	//   miner.eps from 0 to 2
	//   not searched: ["params.beta: fixed at 40"]
	// quickstart_tuned_birds
}

// A spec is also read from YAML; what is wrong with it is told at once.
func ExampleOpen() {
	_, err := experiments.Open("quickstart", []string{"optimizer.lrr=1", "steps=-1"}, losses.Catalogue)
	fmt.Println(err)
	// Output:
	// steps=-1: steps = -1 is too small; at least 1
	// optimizer.lrr=1: unknown key "lrr" in optimizer (did you mean lr?); known: name, lr, weight_decay
}

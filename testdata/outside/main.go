// Command outside does from another module all that the binary does: it writes a loss and a
// miner, builds a spec, runs it, reads its table, tunes, sweeps and compares, draws,
// evaluates embeddings, trains one head and probes the loss. It prints one line for each.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments"
	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
	"gpwbench/losses/losstest"
	"gpwbench/losses/vec"
	"gpwbench/matrix"
	"gpwbench/plots/figures"
	"gpwbench/results"
	"gpwbench/results/table"
	"gpwbench/train"
	"gpwbench/train/config"
)

// A pairLoss is N-pairs over all positive pairs, Σ log(1 + Σ exp(s·(S_n − S_p))).
type pairLoss struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities"`
}

func (l pairLoss) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	terms = float64(len(a.Pos))
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, terms
	}

	all := losses.LogSumExp(losses.Scaled(a.GNeg, a.Neg, l.Scale, 0))
	pull := 0.0
	for k, s := range a.Pos {
		value, share := losses.SoftplusSlope(all - l.Scale*s)
		sum += value
		a.GPos[k] = -l.Scale * share
		pull += share
	}
	vec.Scale(a.GNeg, a.GNeg, l.Scale*pull, 0)
	return sum, terms
}

// A slackMiner keeps what Multi-Similarity keeps: pairs that are harder than the hardest of
// the other kind, by a slack.
type slackMiner struct {
	Slack float64 `yaml:"slack" sym:"ε" in:"[0,2]" doc:"slack"`
}

func (m slackMiner) Keep(a *losses.Anchor, pos, neg []bool) {
	vec.Below(pos, a.Pos, vec.Max(a.Neg)+m.Slack)
	vec.Above(neg, a.Neg, vec.Min(a.Pos)-m.Slack)
}

var pairSpec = losses.Spec{
	Name: "pair_loss", Title: "Pair loss", Cite: "Sohn, NIPS 2016", Year: 2016, Family: losses.Pairwise,
	Formula: "L = Σ log(1 + Σ exp(s·(S_n − S_p)))", Revision: 1,
	Presets: []losses.Preset{{Name: "plain", Source: "this example", Form: "outside.pairLoss", Value: pairLoss{Scale: 8}}},
}

func main() {
	log.SetFlags(0)
	losses.Miners = append(losses.Miners, losses.MinerSpec{Name: "slack", Title: "slack mining", Form: "outside.slackMiner", Value: slackMiner{Slack: 0.1}})
	choice, err := losses.Choose([]losses.Spec{pairSpec}, "pair_loss")
	check(err)
	check(losstest.Err(losstest.Check(choice, 1)))
	mined := choice
	mined.Miner = slackMiner{Slack: 0.2}

	dir, err := os.MkdirTemp("", "outside")
	check(err)
	defer os.RemoveAll(dir)
	run(dir, choice, mined)
	tune(dir, choice)
	sweep(dir, choice)
	embeddings, labels := trainHead(choice)
	evaluate(embeddings, labels)
	elsewhere(dir, embeddings, labels)
	look(choice)
}

// run builds a spec, runs it into a folder, and reads its table again.
func run(dir string, choice, mined losses.Choice) {
	s := spec.New("outside")
	birds := spec.NewDataset("birds")
	birds.Synthetic, birds.Scale, birds.Steps = "cub", 0.05, 10
	birds.Split = spec.Split{Name: "cub200"}
	birds.Sampler.Classes = 4
	s.Datasets, s.Seeds = []spec.Dataset{birds}, 1
	s.Losses = []spec.Row{spec.NewRow(choice), spec.NewRow(mined)}
	s.Losses[1].Protocol = protocol.Paper{Every: 5}
	check(s.Check())

	out, err := experiments.Run(context.Background(), s, filepath.Join(dir, "results"), experiments.Options{Figures: figures.Folder{}})
	check(err)
	again, err := experiments.Run(context.Background(), s, filepath.Join(dir, "results"), experiments.Options{})
	check(err)
	fmt.Printf("ran %d of %d, then %d; %d figures\n", out.Ran, out.Runs, again.Ran, out.Figures)

	store, err := results.OpenRead(filepath.Join(dir, "results"))
	check(err)
	plan, _, err := store.LoadPlan()
	check(err)
	t, err := table.Of(store, plan)
	check(err)
	for _, row := range t.Blocks[0].Rows {
		fmt.Printf("row %s, %s\n", row.Label, row.Protocol)
	}
}

// trainHead trains one head on rows of its own, and embeds them.
func trainHead(choice losses.Choice) (matrix.Matrix, []int) {
	data, err := datasets.StandIn("cars", 0.05, 1)
	check(err)
	loss, err := choice.Loss()
	check(err)
	t, err := train.New(train.Config{
		Head:      config.DefaultHead(config.Linear),
		Sampler:   config.Sampler{Name: config.MPerClass, Classes: 4, PerClass: 4},
		Optimizer: config.DefaultOptimizer(config.Adam),
		DataKey:   data.Checksum,
	}, data.X, data.Labels, loss)
	check(err)
	for range 20 {
		_, err := t.Step()
		check(err)
	}
	embeddings, err := t.Embed(data.X)
	check(err)
	fmt.Printf("trained a head of %d×%d\n", t.Weights().W.Rows, t.Weights().W.Cols)
	return embeddings, data.Labels
}

func evaluate(embeddings matrix.Matrix, labels []int) {
	scores, err := retrieval.Evaluate(context.Background(), retrieval.Float32(embeddings), labels, retrieval.Options{Ks: []int{1}})
	check(err)
	fmt.Printf("evaluated %d queries, Recall@1 within 0 and 1: %v\n", scores.Queries, scores.Recall(1) > 0 && scores.Recall(1) <= 1)
}

// look probes a loss, and draws its weights on a batch.
func look(choice losses.Choice) {
	report, err := probe.MeasureDependence(context.Background(), choice, 1)
	check(err)
	on := ""
	for _, axis := range probe.Axes {
		if report.Of(false).On[axis].Depends() {
			on += axis.String()
		}
	}
	fmt.Printf("the weight of a negative depends on %s\n", on)

	batch, err := figures.FixedBatch()
	check(err)
	scatters, err := batch.Scatters(context.Background(), []figures.Loss{{Choice: choice, Label: choice.Spec.Title}}, gpw.Pooling{})
	check(err)
	drawn, err := figures.Layout{View: figures.PairsView}.Scatters(scatters)
	check(err)
	svg, err := figures.Encode(drawn[0].Figure, "svg")
	check(err)
	fmt.Printf("drew an SVG: %v\n", bytes.Contains(svg, []byte("<svg")))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

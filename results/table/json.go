package table

import (
	"bytes"

	"gpwbench/internal/output"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/stats"
)

// A rowJSON is a row as JSON has it.
type rowJSON struct {
	Dataset    string `json:"dataset"`
	Synthetic  bool   `json:"synthetic"`
	Label      string `json:"label"`
	Loss       string `json:"loss"`
	Preset     string `json:"preset"`
	Params     string `json:"params"`
	Kind       string `json:"kind"`
	Head       string `json:"head"`
	Preprocess string `json:"preprocess,omitempty"`
	Protocol   string `json:"protocol"`

	Swept results.Swept `json:"swept,omitempty"`

	Seeds []uint64 `json:"seeds"`
	// The row is one file of embeddings without a seed, and seeds has a 0 for it.
	Seedless bool `json:"seedless,omitempty"`
	// Largest share of tied queries among the runs.
	Tied    float64               `json:"tied"`
	Metrics map[string]stats.Stat `json:"metrics"`
	// Why several runs have no interval, by the names of metrics.
	Why map[string]string `json:"why,omitempty"`
	// Of each run, in the order of seeds.
	Drawn []results.Drawn `json:"drawn,omitempty"`
	// What was chosen on held-out classes, of each run that chose.
	Validation  []results.Validation `json:"validation,omitempty"`
	Warnings    []string             `json:"warnings,omitempty"`
	Diagnoses   []Finding            `json:"diagnoses,omitempty"`
	Published   []PublishedValue     `json:"published,omitempty"`
	Unpublished string               `json:"unpublished,omitempty"`
	// By the names of metrics; absent where the row was not compared.
	AgainstBest map[string]compare.Tie `json:"against_best,omitempty"`
	// The intervals over the test classes, where the table has them.
	OverClasses map[string]stats.Estimate `json:"over_classes,omitempty"`
}

// whys are those of the row's metrics, nil for none.
func (r Row) whys() map[string]string {
	var all map[string]string
	for m, s := range r.Metrics {
		if s.Why == "" {
			continue
		}
		if all == nil {
			all = map[string]string{}
		}
		all[m] = s.Why
	}
	return all
}

// json keeps the plain name of the data set, for programs to look up; whether it is
// synthetic stands beside it.
func (t *Table) json(out *bytes.Buffer) error {
	rows := []rowJSON{}
	for _, b := range t.Blocks {
		for k, r := range b.Rows {
			j := rowJSON{
				Dataset: b.Dataset.Name, Synthetic: b.Dataset.Synthetic, Label: r.Label, Loss: r.Loss, Preset: r.Preset, Params: r.Params,
				Kind: r.Kind, Head: r.Head, Preprocess: r.Preprocess, Protocol: r.Protocol, Swept: r.Swept, Tied: r.Tied, Metrics: r.Metrics,
				Warnings: r.warnings(), Diagnoses: r.findings(), Published: r.Published, Unpublished: r.Unpublished,
				AgainstBest: r.Ties, OverClasses: b.overClasses(k), Seedless: r.seedless(), Why: r.whys(),
			}
			for _, run := range r.Runs {
				j.Seeds = append(j.Seeds, run.Seed)
				if run.Drawn != nil {
					j.Drawn = append(j.Drawn, *run.Drawn)
				}
				if run.Validation != nil {
					j.Validation = append(j.Validation, *run.Validation)
				}
			}
			rows = append(rows, j)
		}
	}

	return output.JSON(out, struct {
		Rows []rowJSON `json:"rows"`
		// All that the reference has of the benchmarks of the blocks.
		Published []PublishedValue `json:"published,omitempty"`
		Orders    []TestedOrder    `json:"orders,omitempty"`
		Notes     []string         `json:"notes"`
	}{rows, t.published(), t.Orders, append([]string{}, t.Notes...)}, "  ")
}

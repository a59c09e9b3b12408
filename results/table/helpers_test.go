package table

import (
	"strings"
	"testing"

	"gpwbench/results"
)

// runOf is a run with made-up numbers.
func runOf(dataset, label string, seed uint64) results.Record {
	settings, err := results.Canonical(map[string]any{"dataset": dataset, "label": label, "seed": seed, "lr": 1e-4})
	if err != nil {
		panic(err)
	}
	return results.Record{
		ID: results.ID(settings), Schema: results.Schema, Experiment: "sample", Settings: settings,
		Dataset: results.DatasetInfo{
			Name: dataset, Title: dataset, Provenance: "made up", Checksum: "c0ffee", Rows: 1179,
			TrainRows: 594, TestRows: 585, TrainClasses: 100, TestClasses: 100, Dim: 64,
		},
		Label: label, Loss: "contrastive", Preset: "gpw", Params: "λ 0.5", Kind: results.KindLoss,
		Head: "linear 64→64, identity", Protocol: "fixed", ProtocolNote: "200 steps, nothing chosen",
		Seed: seed, Steps: 200,
		Metrics: map[string]float64{"recall@1": 0.5, "recall_pessimistic@1": 0.5},
		Queries: 585, TestEvaluations: 1,
		Trajectory:     []results.Point{{Step: 200, Loss: 0.25, Metrics: map[string]float64{"recall@1": 0.5}}},
		Warnings:       []string{"a <warning> & more"},
		SourceRevision: "0123456789abcdef", Revisions: results.Revisions{Loss: 1, Trainer: 1},
	}
}

// errorHas holds an error of one line against what it must say.
func errorHas(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error, want one with %q", parts)
		return
	}

	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}

	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q has several lines", err)
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"gpwbench/experiments"
	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/plots/figures"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
)

// birdsSpec is one loss on a small stand-in.
func birdsSpec(name string, choice losses.Choice) *spec.Spec {
	s := spec.New(name)
	birds := spec.NewDataset("birds")
	birds.Synthetic, birds.Scale, birds.Steps = "cub", 0.05, 6
	birds.Split = spec.Split{Name: "cub200"}
	birds.Sampler.Classes = 2
	s.Datasets, s.Seeds = []spec.Dataset{birds}, 2
	s.Losses = []spec.Row{spec.NewRow(choice)}
	return s
}

// tune searches the settings of a loss on held-out classes, and runs the spec that it
// finds.
func tune(dir string, choice losses.Choice) {
	s := birdsSpec("tuned", choice)
	s.Datasets[0].Protocol = protocol.Holdout{Folds: 2, Every: 3, Metric: results.MAPAtR}
	tuning, err := experiments.Tune(context.Background(), s, filepath.Join(dir, "tuning"), experiments.TuneOptions{
		Trials: 3, Ranges: []experiments.Range{{Path: "params.scale", Low: 2, High: 32}}, Figures: figures.Folder{},
	})
	check(err)
	row := tuning.Datasets[0].Rows[0]
	fmt.Printf("tuned %s by %d trials over %d settings\n", row.Label, len(row.Trials), len(row.Searched))
	check(table.WriteTuning(new(bytes.Buffer), tuning, "csv"))

	found, err := experiments.Open(filepath.Join(dir, "tuning", results.TunedSpec("birds")), nil, []losses.Spec{pairSpec})
	check(err)
	out, err := experiments.Run(context.Background(), found, filepath.Join(dir, "tuned"), experiments.Options{})
	check(err)
	fmt.Printf("ran the tuned spec: %d of %d\n", out.Ran, out.Runs)
}

// sweep runs a loss with each of two learning rates, and compares the rows.
func sweep(dir string, choice losses.Choice) {
	s := birdsSpec("swept", choice)
	s.Sweep = []spec.SweepKey{{Path: "optimizer.lr", Values: []any{1e-4, 0.5}}}
	variants, err := s.Variants()
	check(err)
	out, err := experiments.Run(context.Background(), s, filepath.Join(dir, "swept"), experiments.Options{})
	check(err)

	report, err := compare.All(out.Table.Sets(), results.MAPAtR)
	check(err)
	m := report.Matrices[0]
	last := len(m.Rows) - 1
	p, _ := m.At(last-1, last)
	fmt.Printf("compared %q with %q of %d variants over %d classes\n", p.A, p.B, len(variants), p.N)
}

// elsewhere evaluates embeddings from files beside each other.
func elsewhere(dir string, embeddings matrix.Matrix, labels []int) {
	numbers := make([]int64, len(labels))
	for k, label := range labels {
		numbers[k] = int64(label)
	}
	saveNPY(filepath.Join(dir, "labels.npy"), "<i8", fmt.Sprintf("(%d,)", len(labels)), numbers)
	saveNPY(filepath.Join(dir, "head_0.npy"), "<f4", fmt.Sprintf("(%d, %d)", embeddings.Rows, embeddings.Cols), embeddings.Data)

	s := spec.New("checkpoints")
	cars := spec.NewDataset("cars")
	cars.Labels, cars.Split = filepath.Join(dir, "labels.npy"), spec.Split{Name: spec.All}
	s.Datasets, s.Seeds = []spec.Dataset{cars}, 1
	s.Elsewhere = []spec.Elsewhere{{Label: "head", Embeddings: filepath.Join(dir, "head_{seed}.npy")}}
	out, err := experiments.Run(context.Background(), s, filepath.Join(dir, "checkpoints"), experiments.Options{})
	check(err)
	run := out.Table.Blocks[0].Rows[0].Runs[0]
	fmt.Printf("evaluated %s, %s, of %d queries\n", run.Label, run.Head, run.Queries)
}

// saveNPY writes an array as NumPy does.
func saveNPY(path, kind, shape string, data any) {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", kind, shape)
	header += fmt.Sprintf("%*s\n", 127-10-len(header), "")
	file := bytes.NewBufferString("\x93NUMPY\x01\x00")
	check(binary.Write(file, binary.LittleEndian, uint16(len(header))))
	file.WriteString(header)
	check(binary.Write(file, binary.LittleEndian, data))
	check(os.WriteFile(path, file.Bytes(), 0o644))
}

package experiments

import (
	"bytes"
	"os"
	"runtime/debug"
	"slices"
	"testing"

	"gpwbench/experiments/protocol"
	"gpwbench/matrix"
)

// TestLargeFeatures: features in files of their own are those in memory, to the bit: raw,
// preprocessed, and of a fold.
func TestLargeFeatures(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := parseSpec(`name: large
datasets: [{name: cub, synthetic: cub, scale: 0.1}]
losses: [contrastive]
preprocess: [center, scale, l2]
sampler: {classes: 4, per_class: 3}
protocol: {name: holdout, folds: 2}
`)
	if err != nil {
		t.Fatal(err)
	}
	made := func(limit int64) (all []matrix.Matrix, fold *loadedDataset) {
		t.Helper()
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit))
		d, err := load(&s.Datasets[0])
		if err != nil {
			t.Fatal(err)
		}
		p, err := newDatasetRuns(d).prepare()
		if err != nil {
			t.Fatal(err)
		}
		folds, err := d.folds(s.Datasets[0].Protocol.(protocol.Validated), 0)
		if err != nil {
			t.Fatal(err)
		}
		if fold, err = d.fold(folds, 1, 0); err != nil {
			t.Fatal(err)
		}
		return []matrix.Matrix{d.trainX, d.queryX, p.trainX, p.queryX, fold.trainX, fold.queryX}, fold
	}

	want, _ := made(1 << 40)
	mapped := mappedFeatures()
	got, fold := made(1e5)
	for k := range want {
		if w, g := want[k], got[k]; w.Rows != g.Rows || w.Cols != g.Cols || !slices.Equal(w.Data[:w.Rows*w.Cols], g.Data[:g.Rows*g.Cols]) {
			t.Errorf("matrix %d: %d×%d and %d×%d features that are not equal", k, g.Rows, g.Cols, w.Rows, w.Cols)
		}
	}

	if mapped < 0 {
		return // the system does not say
	}
	during := mappedFeatures()
	fold.memory.release()
	if after := mappedFeatures(); during < mapped+6 || after != during-4 {
		t.Errorf("%d files are mapped before, %d with large features and %d without a fold's four", mapped, during, after)
	}
}

// mappedFeatures is the number of maps of files of features, -1 if that is not known.
func mappedFeatures() int {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return -1
	}
	return bytes.Count(maps, []byte("gpw-features-"))
}

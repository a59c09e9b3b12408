package experiments

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/results"
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

// TestLargeEmbeddings: records of runs whose embeddings are in files of their own are
// those of runs in memory, and no file outlasts the evaluation that it was made for.
func TestLargeEmbeddings(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := parseSpec(`name: large
datasets: [{name: cub, synthetic: cub, scale: 0.1}]
losses: [contrastive, {name: contrastive, label: chosen, protocol: {name: holdout, folds: 2, every: 1}}]
baselines: [raw, frozen, {name: pca, dim: 16}, whitening, untrained]
preprocess: [l2, center]
head: {name: linear, init: identity}
sampler: {classes: 4, per_class: 3}
steps: 2
seeds: 1
keep: [head, neighbours]
metrics: {map_at_r: true, also: [roc_auc]}
`)
	if err != nil {
		t.Fatal(err)
	}
	run := func(limit int64) []results.Record {
		t.Helper()
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit))
		dir := t.TempDir()
		if _, err := Run(t.Context(), s, dir, Options{Workers: 1, Revision: "test"}); err != nil {
			t.Fatal(err)
		}
		return records(t, dir)
	}
	want, got := run(1<<40), run(1e5)
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 7 {
		t.Errorf("%d records; with large embeddings they differ: %s", len(want), diff)
	}

	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1e5))
	d, err := load(&s.Datasets[0])
	if err != nil {
		t.Fatal(err)
	}
	before, during := mappedFeatures(), 0
	_, err = d.evaluate(t.Context(), mapped(d.trainX.Cols, func(y, x matrix.Matrix) error {
		during = mappedFeatures()
		f32.Gather(y, x, everyRow(x.Rows))
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if after := mappedFeatures(); before >= 0 && (during != before+1 || after != before) {
		t.Errorf("%d files are mapped before an evaluation, %d in it and %d after", before, during, after)
	}
}

// TestDryRunCopiesNoRows: a dry run reads the rows of a split where they lie, and says
// what one says that copies them as a run does.
func TestDryRunCopiesNoRows(t *testing.T) {
	s, err := parseSpec(`name: apart
datasets: [{name: inshop, synthetic: inshop, scale: 0.02}]
losses: [contrastive]
preprocess: [center, scale, l2]
sampler: {classes: 4, per_class: 2}
keep: [head, embeddings]
`)
	if err != nil {
		t.Fatal(err)
	}
	told := func(reading func(*spec.Dataset) (*loadedDataset, error)) (text string, read *loadedDataset) {
		t.Helper()
		r, err := newRunner(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.open = func(results.Output) error { return nil }
		r.reading = func(d *spec.Dataset) (*loadedDataset, error) {
			read, err = reading(d)
			return read, err
		}
		if text, err = r.dryRun(t.Context()); err != nil {
			t.Fatal(err)
		}
		return text, read
	}

	got, divided := told(loadDivided)
	want, copied := told(load)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("without copies a dry run says something else: %s", diff)
	}
	for k, x := range []matrix.Matrix{divided.trainX, divided.queryX, divided.galleryX} {
		y := []matrix.Matrix{copied.trainX, copied.queryX, copied.galleryX}[k]
		if x.Data != nil || y.Data == nil || x.Rows != y.Rows || x.Cols != y.Cols {
			t.Errorf("part %d: %d×%d features with %d numbers, of %d×%d in a run", k, x.Rows, x.Cols, len(x.Data), y.Rows, y.Cols)
		}
	}
	a, errA := divided.findDirections()
	b, errB := copied.findDirections()
	if a != b || errA != nil || errB != nil {
		t.Errorf("directions %+v and %+v, errors %v and %v", a, b, errA, errB)
	}

	text, err := DryRun(t.Context(), s, filepath.Join(t.TempDir(), "none"), Options{})
	if err != nil || text != want {
		t.Errorf("DryRun says %q, error %v", text, err)
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

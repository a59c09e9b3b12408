package analysis

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/results"
)

func written(t *testing.T, write func(b *bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "w.npz")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Snapshots come back as they were; S is a float32, as while training.
func TestSnapshots(t *testing.T) {
	want := []gpw.Snapshot{
		{Step: 0, Loss: 1.0 / 3, Labels: []int{0, 0, 7}, S: []float64{1, 0.5, -0.25, 0.5, 1, 0, -0.25, 0, 1}, G: []float64{0, -1.0 / 3, 0, -0.1, 0, 0, 0, 0, 0}},
		{Step: 9, Loss: 0, Labels: []int{4}, S: []float64{1}, G: []float64{0}},
	}
	path := written(t, func(b *bytes.Buffer) error { return WriteSnapshots(b, want) })
	got, err := ReadSnapshots(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSnapshotsDamaged(t *testing.T) {
	one := []float64{1}
	batch := func(step int64, labels []int64, s, g []float64) []npy.Member {
		n := len(labels)
		return []npy.Member{
			{Name: "step", Shape: []int{1}, Data: []int64{step}}, {Name: "loss", Shape: []int{1}, Data: one},
			{Name: "labels_0", Shape: []int{n}, Data: labels}, {Name: "s_0", Shape: []int{n, n}, Data: s}, {Name: "g_0", Shape: []int{n, n}, Data: g},
		}
	}
	whole := batch(0, []int64{3}, one, one)
	if got, err := ReadSnapshots(written(t, func(b *bytes.Buffer) error { return npy.WriteNPZ(b, whole) })); err != nil || len(got) != 1 {
		t.Fatalf("of a whole file: %v, error %v", got, err)
	}
	change := func(name string, shape []int, data any) []npy.Member {
		all := slices.Clone(whole)
		k := slices.IndexFunc(all, func(m npy.Member) bool { return m.Name == name })
		all[k].Shape, all[k].Data = shape, data
		return all
	}
	for want, members := range map[string][]npy.Member{
		"it has no array step":                              whole[1:],
		"it has no array loss":                              whole[:1],
		"it has no array labels_0":                          whole[:2],
		"it has no array g_0":                               whole[:4],
		"array labels_0: npy: holds float64, want integers": change("labels_0", []int{1}, one),
		"array s_0: npy: holds int64, want floats":          change("s_0", []int{1, 1}, []int64{1}),
		"array s_0: it has the shape [2 1], want [1 1]":     change("s_0", []int{2, 1}, []float64{1, 1}),
		"array g_0: it has the shape [1], want [1 1]":       change("g_0", []int{1}, one),
		"array loss: it has the shape [2], want [1]":        change("loss", []int{2}, []float64{1, 1}),
		"array step: it has the shape [1 1]":                change("step", []int{1, 1}, []int64{0}),
		"it has no step":                                    {{Name: "step", Shape: []int{0}, Data: []int64{}}, {Name: "loss", Shape: []int{0}, Data: []float64{}}},
		"it has step 0 after step 0": slices.Concat(whole[2:], []npy.Member{
			{Name: "step", Shape: []int{2}, Data: []int64{0, 0}}, {Name: "loss", Shape: []int{2}, Data: []float64{1, 1}},
			{Name: "labels_1", Shape: []int{1}, Data: []int64{3}}, {Name: "s_1", Shape: []int{1, 1}, Data: one}, {Name: "g_1", Shape: []int{1, 1}, Data: one},
		}),
		"it has step -1":                               batch(-1, []int64{3}, one, one),
		"step 0: the batch is empty":                   batch(0, nil, []float64{}, []float64{}),
		"step 0: the loss is NaN":                      change("loss", []int{1}, []float64{math.NaN()}),
		"the similarity of rows 0 and 1 is 1.5":        batch(0, []int64{3, 3}, []float64{1, 1.5, 0, 1}, make([]float64, 4)),
		"step 0: the similarity of rows 0 and 0 is Na": batch(0, []int64{3}, []float64{math.NaN()}, one),
		"the gradient of rows 1 and 0 is +Inf":         batch(0, []int64{3, 3}, []float64{1, 0, 0, 1}, []float64{0, 0, math.Inf(1), 0}),
	} {
		path := written(t, func(b *bytes.Buffer) error { return npy.WriteNPZ(b, members) })
		_, err := ReadSnapshots(path)
		damaged := new(results.DamagedError)
		if !errors.As(err, &damaged) || damaged.Path != path || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want that it is damaged: %q", err, want)
		}
	}
	torn := written(t, func(b *bytes.Buffer) error { _, err := b.WriteString("PK torn"); return err })
	if _, err := ReadSnapshots(torn); err == nil || !strings.Contains(err.Error(), "it is no whole archive (") {
		t.Errorf("a torn file: error %v", err)
	}
	if _, err := ReadSnapshots(filepath.Join(t.TempDir(), "none.npz")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: error %v", err)
	}
	if err := WriteSnapshots(new(bytes.Buffer), nil); err == nil || !strings.Contains(err.Error(), "it has no step") {
		t.Errorf("writing what is not read: error %v", err)
	}
}

package analysis

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
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
	for want, members := range map[string][]npy.Member{
		"no array step":      {{Name: "loss", Shape: []int{1}, Data: one}},
		"no array loss":      {{Name: "step", Shape: []int{1}, Data: []int64{0}}},
		"no array labels_0":  {{Name: "step", Shape: []int{1}, Data: []int64{0}}, {Name: "loss", Shape: []int{1}, Data: one}},
		"shapes that do not": {{Name: "step", Shape: []int{1}, Data: []int64{0}}, {Name: "loss", Shape: []int{1}, Data: one}, {Name: "labels_0", Shape: []int{2}, Data: []int64{0, 0}}, {Name: "s_0", Shape: []int{1}, Data: one}, {Name: "g_0", Shape: []int{1}, Data: one}},
	} {
		path := written(t, func(b *bytes.Buffer) error { return npy.WriteNPZ(b, members) })
		if _, err := ReadSnapshots(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "delete it, and the run is made again") {
			t.Errorf("error %v, want one with %q and what to do", err, want)
		}
	}
	torn := written(t, func(b *bytes.Buffer) error { _, err := b.WriteString("PK torn"); return err })
	if _, err := ReadSnapshots(torn); err == nil || !strings.Contains(err.Error(), "delete it, and the run is made again") {
		t.Errorf("a torn file: error %v, want what to do", err)
	}
	if _, err := ReadSnapshots(filepath.Join(t.TempDir(), "none.npz")); !os.IsNotExist(err) && !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: error %v", err)
	}
}

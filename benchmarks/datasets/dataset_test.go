package datasets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/npy"
	"gpwbench/matrix"
)

// save writes features and labels to files and returns their paths.
func save(t *testing.T, rows, cols int, x []float64, labels []int64) (features, labelsPath string) {
	t.Helper()
	dir := t.TempDir()
	features, labelsPath = filepath.Join(dir, "features.npy"), filepath.Join(dir, "labels.npy")
	var a, b bytes.Buffer
	err := errors.Join(
		npy.WriteFloat64(&a, []int{rows, cols}, x),
		npy.WriteInt64(&b, []int{len(labels)}, labels),
	)
	err = errors.Join(err, os.WriteFile(features, a.Bytes(), 0o644), os.WriteFile(labelsPath, b.Bytes(), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	return features, labelsPath
}

func TestLoad(t *testing.T) {
	features, labels := save(t, 2, 3, []float64{1, 2, 3, -4, 5, 6}, []int64{7, -8})
	d, err := Load("birds", features, labels)
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "birds" || d.Provenance != "features.npy" || d.Synthetic || d.X.Rows != 2 || d.X.Cols != 3 ||
		!slices.Equal(d.X.Row(1), []float32{-4, 5, 6}) || !slices.Equal(d.Labels, []int{7, -8}) {
		t.Errorf("%+v", d)
	}
	// 2, 3; 1, 2, 3, -4, 5, 6 as float32; 7, -8 as int64: written out by hand.
	want, _ := hex.DecodeString("0200000000000000" + "0300000000000000" +
		"0000803f" + "00000040" + "00004040" + "000080c0" + "0000a040" + "0000c040" +
		"0700000000000000" + "f8ffffffffffffff")
	if sum := sha256.Sum256(want); d.Checksum != hex.EncodeToString(sum[:]) {
		t.Errorf("checksum %s, want %x", d.Checksum, sum)
	}
}

// The checksum is of the values, not of how they lie in memory.
func TestChecksumStride(t *testing.T) {
	wide := matrix.Matrix{Rows: 2, Cols: 2, Stride: 3, Data: []float32{1, 2, 99, 3, 4}}
	a, err := NewDataset("a", "synthetic", wide, []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewDataset("b", "synthetic", wide.Clone(), []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewDataset("c", "synthetic", wide, []int{0, 2})
	if err != nil {
		t.Fatal(err)
	}
	if a.Checksum != b.Checksum || a.Checksum == c.Checksum {
		t.Errorf("checksums %.8s %.8s %.8s, want the first two equal, the third not", a.Checksum, b.Checksum, c.Checksum)
	}
}

func TestLoadRefusals(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for _, c := range []struct {
		rows, cols int
		x          []float64
		labels     []int64
		want       string // FEATURES and LABELS stand for the paths
	}{
		{2, 1, []float64{1, 2}, []int64{1}, "datasets: FEATURES has 2 rows, LABELS 1: they must agree"},
		{0, 3, nil, []int64{}, "datasets: FEATURES has the shape 0×3: there is nothing to retrieve"},
		{3, 0, nil, []int64{1, 2, 3}, "datasets: FEATURES has the shape 3×0: there is nothing to retrieve"},
		{3, 2, []float64{1, 1, nan, 1, 1, inf}, []int64{0, 0, 0}, "datasets: FEATURES: row 1 (the first of 2) holds NaN, infinity or a value beyond float32: remove or re-extract it"},
		{1, 1, []float64{1e39}, []int64{0}, "datasets: FEATURES: row 0 has a value of 1e+39, beyond float32: bring the features between 1e-38 and 3e38, or divide each row by its length"},
		{3, 2, []float64{1, 0, 0, 1, 0, 0}, []int64{0, 0, 0}, "datasets: FEATURES: row 2 is all zeros and has no direction: remove or re-extract it"},
	} {
		features, labels := save(t, c.rows, c.cols, c.x, c.labels)
		_, err := Load("x", features, labels)
		want := strings.NewReplacer("FEATURES", features, "LABELS", labels).Replace(c.want)
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if _, err := NewDataset("x", "synthetic", featuresOf([]float32{1}), nil); err == nil || err.Error() != "datasets: synthetic has 1 rows, but there are 0 labels: they must agree" {
		t.Errorf("got %v", err)
	}
}

func TestLoadMissing(t *testing.T) {
	features, labels := save(t, 1, 1, []float64{1}, []int64{1})
	for _, paths := range [][2]string{{"nowhere/x.npy", labels}, {features, "nowhere/x.npy"}} {
		_, err := Load("x", paths[0], paths[1])
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere/x.npy") {
			t.Errorf("got %v, want one that is fs.ErrNotExist and names the file", err)
		}
	}
}

func TestTake(t *testing.T) {
	d, err := NewDataset("x", "synthetic", featuresOf([]float32{1, 10}, []float32{2, 20}, []float32{3, 30}), []int{5, 6, 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range [][]int{{1, 2}, {2, 0}, {1}, {}} {
		x, labels, err := d.Take(rows)
		if err != nil || x.Rows != len(rows) || len(labels) != len(rows) {
			t.Fatalf("Take(%v): %d rows, %d labels", rows, x.Rows, len(labels))
		}
		for i, r := range rows {
			if !slices.Equal(x.Row(i), d.X.Row(r)) || labels[i] != d.Labels[r] {
				t.Errorf("Take(%v): row %d is %v of class %d", rows, i, x.Row(i), labels[i])
			}
		}
	}
	if x, _, _ := d.Take([]int{1, 2}); &x.Data[0] != &d.X.Row(1)[0] {
		t.Error("consecutive rows were copied")
	}

	for _, rows := range [][]int{{3}, {-1}, {0, 1, 2, 3}, {2, 1 << 40}} {
		if _, _, err := d.Take(rows); err == nil {
			t.Errorf("Take(%v) of three rows is no error", rows)
		}
	}
	for _, wrong := range []*Dataset{nil, {Labels: []int{1}}, {X: matrix.Matrix{Rows: 1, Cols: 1}, Labels: []int{1}}} {
		if _, _, err := wrong.Take([]int{0}); err == nil {
			t.Errorf("a row of %+v is no error", wrong)
		}
	}
}

func featuresOf(rows ...[]float32) matrix.Matrix {
	x := matrix.New(len(rows), len(rows[0]))
	for i, row := range rows {
		copy(x.Row(i), row)
	}
	return x
}

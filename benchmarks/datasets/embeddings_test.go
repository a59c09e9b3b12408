package datasets

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gpwbench/internal/npy"
)

func saveArray(t *testing.T, write func(b *bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The checksum of embeddings is of type, shape and values, and is taken before rows beyond
// the squares of float64 are scaled.
func TestEmbeddingsChecksum(t *testing.T) {
	values := []float64{1, 2, 3, 4, 5, 6}
	narrow := []float32{1, 2, 3, 4, 5, 6}
	of := func(write func(b *bytes.Buffer) error) string {
		e, err := LoadEmbeddings(saveArray(t, write))
		if err != nil {
			t.Fatal(err)
		}
		return e.Checksum
	}
	wide := func(v []float64, shape ...int) func(b *bytes.Buffer) error {
		return func(b *bytes.Buffer) error { return npy.WriteFloat64(b, shape, v) }
	}

	// By hashlib.sha256(struct.pack("<3Q6f", 4, 2, 3, 1, 2, 3, 4, 5, 6)).hexdigest() and
	// of "<3Q6d" with 8.
	if got := of(func(b *bytes.Buffer) error { return npy.WriteFloat32(b, []int{2, 3}, narrow) }); got != "e9e374c66a5c4460e172cc600887901c92f8df0e60707966ac2dde069d087cb8" {
		t.Errorf("float32: %s", got)
	}
	first := of(wide(values, 2, 3))
	if first != "ccf36969ea07864563860cfbced825ced149b6c9bba300b93cb728da33af345d" {
		t.Errorf("float64: %s", first)
	}
	if of(wide(values, 2, 3)) != first || of(wide(values, 3, 2)) == first || of(wide([]float64{1, 2, 3, 4, 5, 7}, 2, 3)) == first {
		t.Error("the checksum is not that of shape and values")
	}
	if of(wide([]float64{0x1p1000, 0x1p1000}, 1, 2)) == of(wide([]float64{0x1p999, 0x1p999}, 1, 2)) {
		t.Error("rows were scaled before the checksum was taken")
	}
}

// Rows are taken in the order that is asked for, and none of them is changed by that.
func TestEmbeddingsVectors(t *testing.T) {
	path := saveArray(t, func(b *bytes.Buffer) error { return npy.WriteFloat64(b, []int{3, 1}, []float64{1, 2, 3}) })
	e, err := LoadEmbeddings(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := takeRows(e.wide, e.Cols, []int{2, 0}); !slices.Equal(got, []float64{3, 1}) {
		t.Errorf("rows 2 and 0 are %v", got)
	}
	for _, c := range []struct {
		rows []int
		want int
	}{{nil, 3}, {[]int{2, 0}, 2}, {[]int{}, 0}} {
		if v, err := e.Vectors(c.rows); err != nil || v.Rows != c.want || v.Cols != 1 {
			t.Errorf("rows %v: %d×%d, error %v", c.rows, v.Rows, v.Cols, err)
		}
	}
	if _, err := LoadEmbeddings(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
	if _, err := LoadLabels("a", path+"x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}

// Test rows are queries and gallery, each once, in the order of the rows.
func TestTestRows(t *testing.T) {
	labels := []int{0, 1, 1, 0, 1, 1}
	s, err := PartitionTest(labels, []int{2, 1, 2, 2, 1, 2})
	if err != nil || !slices.Equal(s.Test(), []int{0, 1, 2, 3, 4, 5}) || !slices.Equal(s.Query, []int{1, 4}) || len(s.Train) > 0 {
		t.Errorf("%+v, error %v, test rows %v", s, err, s.Test())
	}
	if s, err := PartitionTest(labels, []int{0, 2, 1, 0, 1, 2}); err != nil || !slices.Equal(s.Test(), []int{1, 2, 4, 5}) {
		t.Errorf("%+v, error %v", s, err)
	}
	if s := AllTest(labels); !s.GalleryIsQuery || !slices.Equal(s.Test(), []int{0, 1, 2, 3, 4, 5}) || len(s.Gallery) != 6 {
		t.Errorf("%+v", s)
	}
	for _, part := range [][]int{{1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}, {1, 2}, {1, 2, 3, 1, 2, 1}, {1, 2, 4, 1, 2, 1}} {
		if _, err := PartitionTest(labels, part); err == nil {
			t.Errorf("the partition %v is taken", part)
		}
	}
}

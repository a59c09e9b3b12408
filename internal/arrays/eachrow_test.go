package arrays

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// Rows come in their order with the values of the whole, where parts of the file end
// within rows too. What lies column after column is refused, and damage is found.
func TestEachRow(t *testing.T) {
	const rows, cols = 1000, 333 // a part of the file is no multiple of a row
	values := make([]float64, rows*cols)
	for k := range values {
		values[k] = math.Sin(float64(k))
	}
	var b bytes.Buffer
	if err := npy.WriteNPZ(&b, []npy.Member{{Name: "x", Shape: []int{rows, cols}, Data: values}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.npz")
	write := func(data []byte) *Array {
		t.Helper()
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f.Arrays[0]
	}

	a := write(b.Bytes())
	var got []float64
	if err := a.EachRow(func(i int, row []float64) error {
		if i*cols != len(got) || len(row) != cols {
			t.Fatalf("row %d of %d values comes after %d values", i, len(row), len(got))
		}
		got = append(got, row...)
		return nil
	}); err != nil || !slices.Equal(got, values) {
		t.Fatalf("%d values of %d, or others, are passed: %v", len(got), len(values), err)
	}

	seen, stop := 0, errors.New("stop")
	if err := a.EachRow(func(i int, _ []float64) error {
		if seen++; i == 7 {
			return stop
		}
		return nil
	}); err != stop || seen != 8 {
		t.Errorf("stopped at row 7, %d rows are passed: %v", seen, err)
	}

	ignore := func(int, []float64) error { return nil }
	if err := a.T().EachRow(ignore); err == nil || !strings.Contains(err.Error(), "row after row") || !strings.Contains(err.Error(), path) {
		t.Errorf("a transposed matrix: %v", err)
	}
	damaged := bytes.Clone(b.Bytes())
	damaged[len(damaged)/2] ^= 1
	if err := write(damaged).EachRow(ignore); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a changed byte: %v", err)
	}
}

package arrays

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Rows come back as they were appended, from any place, and leave no file.
func TestRows64(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	r, err := NewRows64(3)
	if err != nil {
		t.Fatal(err)
	}
	first, more := []float64{1, math.Inf(-1), 0x1p-1074, 4, 5, 6}, []float64{7, 8, 9}
	for _, x := range [][]float64{first, more} {
		if err := r.Append(x); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]float64, 6)
	if err := r.Read(got, 1); err != nil || !slices.Equal(got, []float64{4, 5, 6, 7, 8, 9}) {
		t.Errorf("rows 1 and 2 are %v, error %v", got, err)
	}
	if err := r.Read(got, 0); err != nil || !slices.Equal(got, first) {
		t.Errorf("rows 0 and 1 are %v, error %v", got, err)
	}
	if err := r.Read(got, 2); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a row that is not there: error %v", err)
	}
	if err := r.Append(got[:2]); err == nil || !strings.Contains(err.Error(), "2 numbers are no rows of 3") {
		t.Errorf("two thirds of a row: error %v", err)
	}

	t.Setenv("TMPDIR", dir+"/missing")
	if _, err := NewRows64(3); err == nil || !strings.Contains(err.Error(), "set TMPDIR to another folder") {
		t.Errorf("without a folder: error %v", err)
	}
}

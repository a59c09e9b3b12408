package train

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/matrix"
)

func rowsOf(rows ...[]float32) matrix.Matrix {
	m := matrix.New(len(rows), len(rows[0]))
	for i, row := range rows {
		copy(m.Row(i), row)
	}
	return m
}

// normal returns rows of normal variates, with a gap between them. No function may take
// the stride for the number of columns.
func normal(rng *rand.Rand, rows, cols int) matrix.Matrix {
	m := matrix.New(rows, cols+3)
	for k := range m.Data {
		m.Data[k] = float32(rng.NormFloat64())
	}
	m.Cols = cols
	return m
}

func near(t *testing.T, what string, got, want matrix.Matrix, tolerance float64) {
	t.Helper()
	if got.Rows != want.Rows || got.Cols != want.Cols {
		t.Fatalf("%s: %d×%d, want %d×%d", what, got.Rows, got.Cols, want.Rows, want.Cols)
	}
	for i := range got.Rows {
		for k, v := range got.Row(i) {
			if w := want.Row(i)[k]; !(math.Abs(float64(v)-float64(w)) <= tolerance) {
				t.Fatalf("%s: %v at (%d, %d), want %v", what, v, i, k, w)
			}
		}
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q, want it to say %q", err, part)
		}
	}
}

// apply is the map of rows that fit it.
func apply(t *testing.T, l *Linear, x matrix.Matrix) matrix.Matrix {
	t.Helper()
	y, err := l.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// covariance is the sum over rows of (x − c)(x − c)ᵀ/n, entry by entry in float64.
func covariance(x matrix.Matrix, centre func(i int) []float64) [][]float64 {
	c := make([][]float64, x.Cols)
	for a := range c {
		c[a] = make([]float64, x.Cols)
		for b := range c[a] {
			for i := range x.Rows {
				m := centre(i)
				c[a][b] += (float64(x.Row(i)[a]) - m[a]) * (float64(x.Row(i)[b]) - m[b]) / float64(x.Rows)
			}
		}
	}
	return c
}

// mean is the mean of the rows that keep selects.
func mean(x matrix.Matrix, keep func(i int) bool) []float64 {
	sum, n := make([]float64, x.Cols), 0.0
	for i := range x.Rows {
		if keep(i) {
			n++
			for k, v := range x.Row(i) {
				sum[k] += float64(v)
			}
		}
	}

	for k := range sum {
		sum[k] /= n
	}
	return sum
}

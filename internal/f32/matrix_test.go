package f32

import (
	"slices"
	"strings"
	"testing"
)

func wantPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got, _ := recover().(string); !strings.Contains(got, want) {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	f()
}

func TestMatrix(t *testing.T) {
	m := Matrix{Rows: 3, Cols: 2, Stride: 3, Data: []float32{1, 2, -1, 3, 4, -1, 5, 6}}
	if got := m.Row(2); !slices.Equal(got, []float32{5, 6}) {
		t.Errorf("Row(2) = %v", got)
	}
	if s := m.Slice(1, 3); s.Rows != 2 || !slices.Equal(s.Row(0), []float32{3, 4}) || !slices.Equal(s.Row(1), []float32{5, 6}) {
		t.Errorf("Slice(1, 3) = %v", s)
	}
	if s := m.Slice(3, 3); s.Rows != 0 || s.Cols != 2 {
		t.Errorf("Slice(3, 3) = %v", s)
	}
	if s := m.Columns(1, 2); s.Cols != 1 || !slices.Equal(s.Row(0), []float32{2}) || !slices.Equal(s.Row(2), []float32{6}) {
		t.Errorf("Columns(1, 2) = %v", s)
	}
	if s := m.Slice(3, 3).Columns(0, 1); s.Rows != 0 || s.Cols != 1 {
		t.Errorf("Columns(0, 1) of no rows = %v", s)
	}
	c := m.Clone()
	m.Data[0] = 9
	if c.Stride != 2 || !slices.Equal(c.Data, []float32{1, 2, 3, 4, 5, 6}) {
		t.Errorf("Clone = %v", c)
	}
	g := New(2, 2)
	Gather(g, c, []int{2, 0})
	if !slices.Equal(g.Data, []float32{5, 6, 1, 2}) {
		t.Errorf("Gather = %v", g.Data)
	}
}

// Shapes that do not fit, and matrices that lack elements, never reach a kernel.
func TestShapePanics(t *testing.T) {
	a, b, c := New(2, 3), New(4, 3), New(2, 4)
	MulNT(c, a, b)
	wantPanic(t, "f32: MulNT: shapes do not fit: 2×4 4×3 4×3", func() { MulNT(c, b, b) })
	wantPanic(t, "f32: MulNT: shapes do not fit: 2×4 2×3 3×4", func() { MulNT(c, a, New(3, 4)) })
	wantPanic(t, "f32: MulNN: shapes do not fit: 2×4 2×3 4×3", func() { MulNN(c, a, b) })
	wantPanic(t, "f32: MulTN: shapes do not fit: 2×4 2×3 4×3", func() { MulTN(c, a, b) })
	wantPanic(t, "f32: Gram: shapes do not fit: 2×4 2×3", func() { Gram(c, a) })
	wantPanic(t, "f32: Gather: shapes do not fit: 2×3 4×3", func() { Gather(a, b, []int{1}) })
	short := Matrix{Rows: 2, Cols: 3, Stride: 3, Data: make([]float32, 5)}
	wantPanic(t, "f32: MulNT: a 2×3 matrix of stride 3 has 5 elements: too few", func() { MulNT(c, short, b) })
	narrow := Matrix{Rows: 2, Cols: 3, Stride: 2, Data: make([]float32, 6)}
	wantPanic(t, "f32: MulNT: a 2×3 matrix of stride 2 has 6 elements: too few", func() { MulNT(c, narrow, b) })
}

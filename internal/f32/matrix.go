package f32

import "fmt"

// A Matrix is a row-major Rows×Cols matrix whose row i is Data[i*Stride : i*Stride+Cols].
type Matrix struct {
	Rows, Cols, Stride int
	Data               []float32
}

// New returns a zero Rows×Cols matrix.
func New(rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
}

// Row returns row i, not a copy.
func (m Matrix) Row(i int) []float32 {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols : i*m.Stride+m.Cols]
}

// Slice returns rows from..to-1, not a copy.
func (m Matrix) Slice(from, to int) Matrix {
	if from == to {
		return Matrix{Cols: m.Cols, Stride: m.Stride}
	}
	return Matrix{Rows: to - from, Cols: m.Cols, Stride: m.Stride, Data: m.Data[from*m.Stride : (to-1)*m.Stride+m.Cols]}
}

// Columns returns columns from..to-1, not a copy.
func (m Matrix) Columns(from, to int) Matrix {
	c := Matrix{Rows: m.Rows, Cols: to - from, Stride: m.Stride}
	if m.Rows > 0 {
		c.Data = m.Data[from : (m.Rows-1)*m.Stride+to]
	}
	return c
}

// Clone returns a copy with no gap between its rows.
func (m Matrix) Clone() Matrix {
	c := New(m.Rows, m.Cols)
	for i := range m.Rows {
		copy(c.Row(i), m.Row(i))
	}
	return c
}

// Gather copies the given rows of src into dst.
func Gather(dst, src Matrix, rows []int) {
	check("Gather", dst.Rows == len(rows) && dst.Cols == src.Cols, dst, src)
	for i, r := range rows {
		copy(dst.Row(i), src.Row(r))
	}
}

// Transpose sets dst, of Cols×Rows, to the transpose of src.
func Transpose(dst, src Matrix) {
	check("Transpose", dst.Rows == src.Cols && dst.Cols == src.Rows, dst, src)
	if len(src.Data) > 0 {
		transpose(dst.Data, dst.Stride, src.Data, src.Stride, src.Rows, src.Cols)
	}
}

// check panics unless the shapes fit and every matrix holds the elements that its shape promises: the kernels rely on it.
func check(op string, fit bool, ms ...Matrix) {
	shapes := ""
	for _, m := range ms {
		if m.Rows > 0 && (m.Stride < m.Cols || len(m.Data) < (m.Rows-1)*m.Stride+m.Cols) {
			panic(fmt.Sprintf("f32: %s: a %d×%d matrix of stride %d has %d elements: too few", op, m.Rows, m.Cols, m.Stride, len(m.Data)))
		}
	}
	if fit {
		return
	}
	for _, m := range ms {
		shapes += fmt.Sprintf(" %d×%d", m.Rows, m.Cols)
	}
	panic("f32: " + op + ": shapes do not fit:" + shapes)
}

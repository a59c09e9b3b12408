// Package matrix has the type of features, embeddings and weights: a row-major matrix of
// float32, one row a sample.
//
//   - [New] and [Of] make one. [Matrix.Row] and [Matrix.Slice] return parts of it without
//     copying.
//   - [gpwbench/benchmarks/retrieval] evaluates the rows of one, [gpwbench/train] trains
//     a head on them, and [gpwbench/benchmarks/datasets] reads them from files.
package matrix

import (
	"fmt"
	"math"
)

// A Matrix is a row-major Rows×Cols matrix whose row i is
// Data[i*Stride : i*Stride+Cols].
type Matrix struct {
	Rows, Cols, Stride int
	Data               []float32
}

// New returns a zero rows×cols matrix. One of a negative size, or of more numbers than an
// int counts, has no data, and [Matrix.Check] refuses it, as every call that takes a
// matrix does.
func New(rows, cols int) Matrix {
	if rows < 0 || cols < 0 || overflows(rows, cols) {
		return Matrix{Rows: rows, Cols: cols, Stride: cols}
	}
	return Matrix{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
}

// Of returns the rows×cols matrix of data, row after row, which it does not copy. It
// refuses data of another length.
func Of(rows, cols int, data []float32) (Matrix, error) {
	if rows < 0 || cols < 0 || overflows(rows, cols) || len(data) != rows*cols {
		return Matrix{}, fmt.Errorf("matrix: %d numbers are not %d rows of %d", len(data), rows, cols)
	}
	return Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}, nil
}

// overflows reports whether the product of two numbers from 0 on is beyond an int.
func overflows(x, y int) bool { return y > 0 && x > math.MaxInt/y }

// Check refuses a matrix that does not hold the elements that its shape promises.
func (m Matrix) Check() error {
	switch {
	case m.Rows < 0 || m.Cols < 0:
		return fmt.Errorf("%d×%d is no shape", m.Rows, m.Cols)
	case m.Rows > 0 && (m.Stride < m.Cols || overflows(m.Rows, m.Stride) || len(m.Data) < (m.Rows-1)*m.Stride+m.Cols):
		return fmt.Errorf("%d numbers are not %d×%d with a stride of %d; matrix.Of makes one of numbers", len(m.Data), m.Rows, m.Cols, m.Stride)
	}
	return nil
}

// Row returns row i, not a copy. It panics if i is out of range, as an index of a slice
// does.
func (m Matrix) Row(i int) []float32 {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols : i*m.Stride+m.Cols]
}

// Slice returns rows from..to-1, not a copy. It panics if they are out of range.
func (m Matrix) Slice(from, to int) Matrix {
	if from == to {
		return Matrix{Cols: m.Cols, Stride: m.Stride}
	}
	return Matrix{
		Rows: to - from, Cols: m.Cols, Stride: m.Stride,
		Data: m.Data[from*m.Stride : (to-1)*m.Stride+m.Cols],
	}
}

// Columns returns columns from..to-1, not a copy. It panics if they are out of range.
func (m Matrix) Columns(from, to int) Matrix {
	c := Matrix{Rows: m.Rows, Cols: to - from, Stride: m.Stride}
	if m.Rows > 0 {
		c.Data = m.Data[from : (m.Rows-1)*m.Stride+to]
	}
	return c
}

// Clone returns a copy with no gap between its rows. Of a matrix that [Matrix.Check]
// refuses it is the shape alone, which is refused too.
func (m Matrix) Clone() Matrix {
	if m.Check() != nil {
		return Matrix{Rows: m.Rows, Cols: m.Cols, Stride: -1}
	}
	c := New(m.Rows, m.Cols)
	for i := range m.Rows {
		copy(c.Row(i), m.Row(i))
	}
	return c
}

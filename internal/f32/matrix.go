package f32

import (
	"fmt"

	"gpwbench/matrix"
)

// A Matrix is the operand of the kernels, a [matrix.Matrix].
type Matrix = matrix.Matrix

// New returns a zero rows×cols matrix.
func New(rows, cols int) Matrix { return matrix.New(rows, cols) }

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

// check panics unless the shapes fit and every matrix has all elements of its shape. The
// kernels rely on it.
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

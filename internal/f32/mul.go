package f32

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// MulNT writes a·bᵀ into c: a is m×k, b is n×k, c is m×n.
func MulNT(c, a, b Matrix) {
	check("MulNT", a.Cols == b.Cols && c.Rows == a.Rows && c.Cols == b.Rows, c, a, b)
	gemm(blas.NoTrans, blas.Trans, c, a, b)
}

// MulNN writes a·b into c: a is m×k, b is k×n, c is m×n.
func MulNN(c, a, b Matrix) {
	check("MulNN", a.Cols == b.Rows && c.Rows == a.Rows && c.Cols == b.Cols, c, a, b)
	gemm(blas.NoTrans, blas.NoTrans, c, a, b)
}

// MulTN writes aᵀ·b into c: a is k×m, b is k×n, c is m×n.
func MulTN(c, a, b Matrix) {
	check("MulTN", a.Rows == b.Rows && c.Rows == a.Cols && c.Cols == b.Cols, c, a, b)
	gemm(blas.Trans, blas.NoTrans, c, a, b)
}

// Gram writes the symmetric x·xᵀ into c: x is m×k, c is m×m. Both triangles are written and are equal to the bit.
func Gram(c, x Matrix) {
	check("Gram", c.Rows == x.Rows && c.Cols == x.Rows, c, x)
	MulNT(c, x, x)
	for i := range c.Rows {
		for j := range i {
			c.Data[i*c.Stride+j] = c.Data[j*c.Stride+i]
		}
	}
}

func gemm(ta, tb blas.Transpose, c, a, b Matrix) {
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	blas32.Gemm(ta, tb, 1, general(a), general(b), 0, general(c))
}

func general(m Matrix) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: max(m.Stride, 1), Data: m.Data}
}

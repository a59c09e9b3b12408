package f32

// MulNT writes a·bᵀ into c: a is m×k, b is n×k, c is m×n.
func MulNT(c, a, b Matrix) {
	check("MulNT", a.Cols == b.Cols && c.Rows == a.Rows && c.Cols == b.Rows, c, a, b)
	if useTransposed(a.Rows, b.Rows, a.Cols) {
		multiplyTransposed(c, a, b)
		return
	}
	multiply(product{c: c, a: rowsOf(a), b: rowsOf(b), depth: a.Cols})
}

// MulNTFine is [MulNT] with shorter chunks of sums, so that its error is a quarter of
// that for 512 products ([FineWeights]), for a few hundredths more time. It has the bits
// of MulNT for up to fineDepth products.
func MulNTFine(c, a, b Matrix) {
	check("MulNTFine", a.Cols == b.Cols && c.Rows == a.Rows && c.Cols == b.Rows, c, a, b)
	multiply(product{c: c, a: rowsOf(a), b: rowsOf(b), depth: a.Cols, fine: true})
}

// MulNN writes a·b into c: a is m×k, b is k×n, c is m×n.
func MulNN(c, a, b Matrix) {
	check("MulNN", a.Cols == b.Rows && c.Rows == a.Rows && c.Cols == b.Cols, c, a, b)
	multiply(product{c: c, a: rowsOf(a), b: colsOf(b), depth: a.Cols})
}

// MulTN writes aᵀ·b into c: a is k×m, b is k×n, c is m×n.
func MulTN(c, a, b Matrix) {
	check("MulTN", a.Rows == b.Rows && c.Rows == a.Cols && c.Cols == b.Cols, c, a, b)
	multiply(product{c: c, a: colsOf(a), b: colsOf(b), depth: a.Rows})
}

// Gram writes the symmetric x·xᵀ into c: x is m×k, c is m×m. It equals MulNT(c, x, x) to
// the bit, at half the work.
func Gram(c, x Matrix) {
	check("Gram", c.Rows == x.Rows && c.Cols == x.Rows, c, x)
	multiply(product{c: c, a: rowsOf(x), b: rowsOf(x), depth: x.Cols, symmetric: true})
}

package f32

import "sync"

// A transposedProduct computes c = a·bᵀ as the transpose of b·aᵀ. Every element of the
// second factor is packed, for as many products as the first has rows. So if a has few
// rows (a batch) and b many (a head), a should be the second factor.
type transposedProduct struct {
	product // b·aᵀ, of which c is the shape alone
	c       Matrix
}

// useTransposed says whether a·bᵀ, with a m×k and b n×k, is faster as a transposed
// product. It is if a has whole panels, and if packing a and transposing the m×n products
// take little time beside packing b.
func useTransposed(m, n, k int) bool { return m%tileCols == 0 && m <= 128 && n >= 4*m && k >= 4*m }

// transposedRows is the least number of rows of b per core with several cores, because
// each core packs a.
const transposedRows = 128

var transposedProducts = sync.Pool{New: func() any { return new(transposedProduct) }}

func multiplyTransposed(c, a, b Matrix) {
	if c.Rows == 0 {
		return
	}

	callers.Add(1)
	defer callers.Add(-1)

	t := transposedProducts.Get().(*transposedProduct)
	*t = transposedProduct{product{c: Matrix{Rows: c.Cols, Cols: c.Rows}, a: rowsOf(b), b: rowsOf(a), depth: a.Cols}, c}
	cores := t.cores()
	t.chunkRows, t.chunkCols = len(workspace{}.a)/a.Rows, a.Rows
	if cores > 1 {
		t.chunkRows = min(t.chunkRows, max(transposedRows, ceil(b.Rows, cores*chunksPerCore)))
	}

	split(t, t.chunks(), cores)
	*t = transposedProduct{}
	transposedProducts.Put(t)
}

// chunk computes a chunk in the memory for packed blocks of a. That memory is free,
// because here a is the rows of b, which are read in place.
func (t *transposedProduct) chunk(i int) {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	i0, i1, j0, j1 := t.bounds(i)
	p := product{c: Matrix{Rows: i1 - i0, Cols: j1 - j0, Stride: j1 - j0, Data: w.a[:]}, a: t.a.from(i0, 0), b: t.b.from(j0, 0), depth: t.depth}
	p.block(w, 0, p.c.Rows, 0, p.c.Cols)
	transpose(t.c.Data[j0*t.c.Stride+i0:], t.c.Stride, p.c.Data, p.c.Stride, p.c.Rows, p.c.Cols)
}

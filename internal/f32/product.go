package f32

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// A tile is the part of a product whose sums the innermost kernel holds in registers. It
// has at most as many rows as tileRows returns, and as many columns as a packed panel of
// b.
const (
	tileCols    = 16
	maxTileRows = 12
)

// A block of c is computed at a time, so that its operands stay in the caches. Only
// depthBlock affects the results: a sum over more than depthBlock products is the sum, in
// order, of the sums of chunks of that length. Chunks of fineDepth have a smaller error.
const (
	// A packed panel of b has 32 KB, in the first-level cache or streamed from the
	// second.
	depthBlock = 512
	fineDepth  = 128

	// The packed block of a has 192 KB, in the second-level cache.
	rowBlock = 96

	// The packed block of b has 1 MB, in the second-level cache or the third. For each of
	// them a is read, or transposed, again.
	colBlock = 512
)

// smallRows is the number of rows of a that stay in the second-level cache without
// packing. Then a is read from there, beside a narrower block of b.
const (
	smallRows      = 512
	narrowColBlock = 128
)

// An operand holds m vectors over k. Its element (i, p) is data[i*vector+p*step], where
// one of vector and step is 1.
type operand struct {
	data         []float32
	vector, step int
}

func rowsOf(m Matrix) operand { return operand{m.Data, m.Stride, 1} }
func colsOf(m Matrix) operand { return operand{m.Data, 1, m.Stride} }

// from returns the operand that starts at vector i and at element p of it.
func (o operand) from(i, p int) operand {
	o.data = o.data[i*o.vector+p*o.step:]
	return o
}

// apart says that the elements of a vector are not consecutive, so a tile cannot read
// them in place.
func (o operand) apart() bool { return o.step != 1 }

// A product is c[i][j] = Σₚ a(i, p)·b(j, p), p < depth. In a symmetric one a and b are
// the same, and only the tiles that meet the lower triangle are computed. It is cut into
// chunks of chunkRows×chunkCols, which affect its speed and not its result.
type product struct {
	c                    Matrix
	a, b                 operand
	depth                int
	symmetric            bool
	chunkRows, chunkCols int
	fine                 bool // sums of chunks of fineDepth, not of depthBlock
}

// chain returns the number of products that are added in one chain.
func (p *product) chain() int {
	if p.fine {
		return fineDepth
	}
	return depthBlock
}

var products = sync.Pool{New: func() any { return new(product) }}

func multiply(q product) {
	if q.c.Rows == 0 || q.c.Cols == 0 {
		return
	}
	if q.depth == 0 {
		for i := range q.c.Rows {
			clear(q.c.Row(i))
		}
		return
	}

	callers.Add(1)
	defer callers.Add(-1)

	p := products.Get().(*product)
	*p = q
	cores := p.cores()
	p.cut(cores)
	split(p, p.chunks(), cores)
	*p = product{}
	products.Put(p)
}

// A product of fewer than splitWork multiplications, about 20 µs, is done by one core.
// Otherwise there are several chunks a core, so that a core that is busy elsewhere takes
// fewer of them. No chunk has fewer than chunkWork multiplications.
const (
	splitWork     = 1 << 20
	chunkWork     = 1 << 18
	chunksPerCore = 4
)

// callers is the number of goroutines that wait for a product. Where there are as many as
// cores, each computes its own: to share them costs about a twentieth.
var callers atomic.Int32

func (p *product) cores() int {
	if p.work() < splitWork {
		return 1
	}
	return max(1, runtime.GOMAXPROCS(0)-int(callers.Load())+1)
}

// work returns the number of multiplications.
func (p *product) work() int64 {
	work := int64(p.c.Rows) * int64(p.c.Cols) * int64(p.depth)
	if p.symmetric {
		work /= 2
	}
	return work
}

// cut chooses the chunks for a number of cores. Every chunk packs its columns of b, so
// narrow chunks with all the rows pack least. Where rows of a must be packed too, square
// chunks do.
func (p *product) cut(cores int) {
	m, n := p.c.Rows, p.c.Cols
	p.chunkRows, p.chunkCols = m, colBlock
	if m <= smallRows && !p.a.apart() {
		p.chunkCols = narrowColBlock
	}

	if cores > 1 {
		want := int(min(p.work()/chunkWork, int64(cores*chunksPerCore)))
		cols := ceil(n, want)
		if p.a.apart() {
			cols = max(cols, min(n, int(math.Sqrt(float64(m*n/want)))))
		}

		p.chunkCols = min(p.chunkCols, ceil(cols, tileCols)*tileCols)
		if rowChunks := min(ceil(want, ceil(n, p.chunkCols)), m/rowBlock); rowChunks > 1 && !p.symmetric {
			p.chunkRows = ceil(m, rowChunks*maxTileRows) * maxTileRows
		}
	}
}

func (p *product) chunks() int { return ceil(p.c.Rows, p.chunkRows) * ceil(p.c.Cols, p.chunkCols) }

func ceil(a, b int) int { return (a + b - 1) / b }

// bounds returns the rows i0..i1-1 and columns j0..j1-1 of the i-th chunk. The chunks of
// a symmetric product are whole columns: each computes its columns from the diagonal down
// and, mirrored, the same rows from the diagonal on.
func (p *product) bounds(i int) (i0, i1, j0, j1 int) {
	across := ceil(p.c.Cols, p.chunkCols)
	i0, j0 = i/across*p.chunkRows, i%across*p.chunkCols
	i1, j1 = min(i0+p.chunkRows, p.c.Rows), min(j0+p.chunkCols, p.c.Cols)
	if p.symmetric {
		i0 = j0
	}
	return i0, i1, j0, j1
}

func (p *product) chunk(i int) {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	i0, i1, j0, j1 := p.bounds(i)
	p.block(w, i0, i1, j0, j1)
}

// A workspace is the memory for computing a block.
type workspace struct {
	a    [rowBlock * rowPitch]float32
	b    [depthBlock * colBlock]float32
	edge [maxTileRows * tileCols]float32
}

// rowPitch is the distance of packed rows of a. With a power of two all would be in the
// same few sets of the first-level cache.
const rowPitch = depthBlock + tileCols

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// block computes rows i0..i1-1 and columns j0..j1-1 of c.
func (p *product) block(w *workspace, i0, i1, j0, j1 int) {
	chunk := p.chain()
	for d := 0; d < p.depth; d += chunk {
		depth := min(chunk, p.depth-d)
		packPanels(w.b[:], p.b.from(j0, d), j1-j0, depth)
		for i := i0; i < i1; i += rowBlock {
			end := min(i+rowBlock, i1)
			a := p.a.from(i, d)
			if a.apart() {
				transpose(w.a[:], rowPitch, a.data, a.step, depth, end-i)
				a = operand{w.a[:], rowPitch, 1}
			}

			p.strips(w, a, i, end, j0, j1, depth, d > 0)
			if p.symmetric && d+depth == p.depth {
				p.mirror(i, end, j0, j1)
			}
		}
	}
}

// strips computes rows i..end-1 from the packed panels, and adds them to c if add is set.
// Vector 0 of a is row i.
func (p *product) strips(w *workspace, a operand, i, end, j0, j1, depth int, add bool) {
	for rows := 0; i < end; i += rows {
		rows = stripRows(end-i, tileRows(a.vector))
		last := j1
		if p.symmetric {
			last = min(j1, i+rows)
		}

		for j := j0; j < last; j += tileCols {
			b := w.b[(j-j0)*depth:]
			if j1-j >= tileCols {
				tile(p.c.Data[i*p.c.Stride+j:], p.c.Stride, a.data, a.vector, b, depth, rows, add)
				continue
			}

			// The last panel has fewer columns than a tile.
			tile(w.edge[:], tileCols, a.data, a.vector, b, depth, rows, false)
			for r := range rows {
				c := p.c.Data[(i+r)*p.c.Stride+j : (i+r)*p.c.Stride+j1]
				sums := w.edge[r*tileCols:]
				for q := range c {
					if add {
						sums[q] += c[q]
					}
					c[q] = sums[q]
				}
			}
		}

		a.data = a.data[min(rows*a.vector, len(a.data)):]
	}
}

// stripRows returns the height of the next strip of rows rows; most is the height of the
// highest tile. Low tiles run below the peak, so where fewer than four rows would remain,
// the rest is halved.
func stripRows(rows, most int) int {
	if rows > most && rows < most+4 {
		return (rows + 1) / 2
	}
	return min(rows, most)
}

// mirror copies the elements below the diagonal in rows i0..i1-1 and columns j0..j1-1 to
// above it, one cache line at a time. The tiles on the diagonal have both their halves.
func (p *product) mirror(i0, i1, j0, j1 int) {
	c, stride := p.c.Data, p.c.Stride
	for j := j0; j < j1; j += tileCols {
		cols := min(tileCols, j1-j)
		for i := max(i0, j+cols); i < i1; i += 8 {
			transpose(c[j*stride+i:], stride, c[i*stride+j:], stride, min(8, i1-i), cols)
		}
	}
}

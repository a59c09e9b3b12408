package retrieval

import (
	"context"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A tiling has the numbers of queries and of gallery rows in a tile, the number of
// goroutines (0 for one a core), and the size of gallery from which integers are used
// (see ranking.byIntegers).
type tiling struct{ rows, cols, workers, integers int }

var tiles = tiling{rows: 256, cols: 512, integers: worthIntegers()}

// A pass computes the similarities of queries and gallery one tile at a time, and stores
// none.
type pass struct {
	ctx    context.Context // when it ends, the remaining tiles are left out
	q, g   matrix.Matrix
	tiling tiling
	held   []sync.Mutex // locks the queries of a block

	compared func(queries int) // called after each block of queries; may be nil

	// halves are half of the squared lengths of queries and gallery rows, with which a
	// tile is of 1 − ‖x − y‖²/2; nil for products.
	halves [2][]float64
}

func newPass(ctx context.Context, q, g matrix.Matrix, t tiling) pass {
	return pass{ctx: ctx, q: q, g: g, tiling: t, held: make([]sync.Mutex, (q.Rows+t.rows-1)/t.rows)}
}

// A worker computes tiles in its own memory.
type worker struct {
	sims       []float32
	counts     []int32
	best       [fewQueries]bestCandidates
	tally      f32.TileCounts
	found      []uint64 // a bit for each element of a row
	least      []float32
	thresholds [2]f32.Thresholds
}

// foundOf returns found for a row of n elements.
func (w *worker) foundOf(n int) []uint64 {
	n = (n + 63) / 64
	w.found = slices.Grow(w.found[:0], n)[:n]
	return w.found
}

// eachFound calls f for the elements that are found, in their order.
func (w *worker) eachFound(f func(k int)) {
	for i, word := range w.found {
		for ; word != 0; word &= word - 1 {
			f(64*i + bits.TrailingZeros64(word))
		}
	}
}

// zeros returns two slices of n counts, all 0.
func (w *worker) zeros(n int) (above, reach []int32) {
	w.counts = slices.Grow(w.counts[:0], 2*n)[:2*n]
	clear(w.counts)
	return w.counts[:n], w.counts[n:]
}

// tile returns the similarities of queries from to to-1 with gallery rows start to end-1.
func (p *pass) tile(w *worker, from, to, start, end int) matrix.Matrix {
	s := matrixOn(&w.sims, to-from, end-start)
	f32.MulNT(s, p.q.Slice(from, to), p.g.Slice(start, end))
	if p.halves[0] != nil {
		for i := range s.Rows {
			whole := 1 - p.halves[0][from+i]
			for j, v := range s.Row(i) {
				s.Row(i)[j] = float32(whole - p.halves[1][start+j] + float64(v))
			}
		}
	}
	return s
}

// matrixOn returns a matrix in memory that grows as needed. Its elements are not cleared.
func matrixOn(memory *[]float32, rows, cols int) matrix.Matrix {
	*memory = slices.Grow((*memory)[:0], rows*cols)[:rows*cols]
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: *memory}
}

// blocks calls f for every block of queries, from to to-1, on all workers.
func (p *pass) blocks(f func(w *worker, from, to int)) {
	n, workers := p.q.Rows, p.tiling.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}

	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, (n+p.tiling.rows-1)/p.tiling.rows) {
		wg.Go(func() {
			var w worker
			for {
				from := int(next.Add(1)-1) * p.tiling.rows
				if from >= n || p.ctx.Err() != nil {
					return
				}

				to := min(from+p.tiling.rows, n)
				f(&w, from, to)
				if p.compared != nil {
					p.compared(to - from)
				}
			}
		})
	}

	wg.Wait()
}

// A counter reads the similarities of queries from and following with gallery rows start
// and following.
type counter func(w *worker, s matrix.Matrix, from, start int)

// eachTile calls rows for every tile of S.
func (p *pass) eachTile(rows counter) {
	p.blocks(func(w *worker, from, to int) { p.eachTileOf(w, from, to, 0, p.g.Rows, rows) })
}

// eachTileOf calls rows for the tiles of queries from to to-1 with gallery rows start to
// end-1.
func (p *pass) eachTileOf(w *worker, from, to, start, end int, rows counter) {
	for ; start < end && p.ctx.Err() == nil; start += p.tiling.cols {
		rows(w, p.tile(w, from, to, start, min(start+p.tiling.cols, end)), from, start)
	}
}

// eachSymmetricTile is eachTile for a set that is searched with its own rows. As
// S_ij = S_ji to the bit, only tiles that meet the upper half of S are computed. The part
// of a tile above the blocks on the diagonal is also passed to columns, as the
// similarities of rows from and following with queries start and following, which all
// come later. No two concurrent calls have the same queries.
func (p *pass) eachSymmetricTile(rows, columns counter) {
	p.blocks(func(w *worker, from, to int) { p.eachUpperTileOf(w, from, to, from, p.g.Rows, rows, columns) })
}

// eachUpperTileOf is eachTileOf for a set that is searched with its own rows.
func (p *pass) eachUpperTileOf(w *worker, from, to, start, end int, rows, columns counter) {
	for ; start < end && p.ctx.Err() == nil; start += p.tiling.cols {
		next := min(start+p.tiling.cols, end)
		s := p.tile(w, from, to, start, next)
		p.withQueries(from, to, func(int, int) { rows(w, s, from, start) })
		// rows has counted the block's own columns.
		p.withQueries(max(start, to), next, func(j, k int) { columns(w, s.Columns(j-start, k-start), from, j) })
	}
}

// withQueries calls f for the queries from to to-1, one block at a time, while no other
// goroutine changes them.
func (p *pass) withQueries(from, to int, f func(from, to int)) {
	for from < to {
		block := from / p.tiling.rows
		next := min((block+1)*p.tiling.rows, to)
		p.held[block].Lock()
		f(from, next)
		p.held[block].Unlock()
		from = next
	}
}

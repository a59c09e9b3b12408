package retrieval

import (
	"context"
	"math/bits"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A tiling has the numbers of queries and of gallery rows in a tile, the number of
// goroutines (0 for one a core), the size of gallery from which integers are used (see
// ranking.byIntegers), the number of rows in a window, whole blocks of queries (0 for as
// many as windowBytes hold), and that of queries in a block of an evaluation that is made
// block by block (0 for that of [Blocks]).
type tiling struct{ rows, cols, workers, integers, window, block int }

var tiles = tiling{rows: 256, cols: 512, integers: worthIntegers()}

// A pass computes the similarities of queries and gallery one tile at a time, and stores
// none.
type pass struct {
	ctx    context.Context // when it ends, the remaining tiles are left out
	q, g   window          // what is compared at a time
	tiling tiling
	held   []sync.Mutex // locks the queries of a block

	told *progress // nil for none

	// halves are half of the squared lengths of queries and gallery rows, with which a
	// tile is of 1 − ‖x − y‖²/2; nil for products.
	halves [2][]float64

	// moved are the rows of each query that are ordered anew; nil for none.
	moved *reranked

	fine bool // similarities of f32.MulNTFine
}

func newPass(ctx context.Context, q, g side, t tiling) pass {
	return pass{ctx: ctx, q: wholeOf(q), g: wholeOf(g), tiling: t, held: make([]sync.Mutex, (len(q.rows)+t.rows-1)/t.rows)}
}

// A worker computes tiles in its own memory.
type worker struct {
	sims, queries, gallery []float32 // queries and gallery are directions of rows outside of windows
	made                   [2]int    // the queries that these are of, from the first to the one before the second
	counts                 []int32
	best                   [fewQueries]bestCandidates
	tally                  f32.TileCounts
	found                  []uint64 // a bit for each element of a row
	least                  []float32
	thresholds             [2]f32.Thresholds
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
	multiply := f32.MulNT
	if p.fine {
		multiply = f32.MulNTFine
	}
	multiply(s, p.queriesOf(w, from, to), p.g.directions(&w.gallery, start, end))
	if p.halves[0] != nil {
		for i := range s.Rows {
			whole := 1 - p.halves[0][from+i]
			for j, v := range s.Row(i) {
				s.Row(i)[j] = float32(whole - p.halves[1][start+j] + float64(v))
			}
		}
	}
	if p.moved != nil {
		p.moved.adjust(s, from, start)
	}
	return s
}

// matrixOn returns a matrix in memory that grows as needed. Its elements are not cleared.
func matrixOn(memory *[]float32, rows, cols int) matrix.Matrix {
	*memory = slices.Grow((*memory)[:0], rows*cols)[:rows*cols]
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: *memory}
}

// blocks calls f for every block of the queries that are compared, from to to-1, on all
// workers.
func (p *pass) blocks(f func(w *worker, from, to int)) {
	first := p.q.from
	p.parallel(p.q.to-first, p.tiling.rows, func(w *worker, from, to int) { f(w, first+from, first+to) })
}

// parallel calls f for all parts of n things, from to to-1, on all workers, until the
// context ends. Rows may lie in a mapped file that becomes shorter: an access to what is
// not there any more is a panic of the caller, and not of a goroutine that nothing
// guards.
func (p *pass) parallel(n, part int, f func(w *worker, from, to int)) {
	workers := p.tiling.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}

	var next atomic.Int64
	var fault atomic.Pointer[any]
	var wg sync.WaitGroup
	for range min(workers, (n+part-1)/part) {
		wg.Go(func() {
			debug.SetPanicOnFault(true)
			defer func() {
				v := recover()
				if _, ok := v.(interface{ Addr() uintptr }); ok {
					fault.CompareAndSwap(nil, &v)
				} else if v != nil {
					panic(v)
				}
			}()

			var w worker
			for fault.Load() == nil {
				from := int(next.Add(1)-1) * part
				if from >= n || p.ctx.Err() != nil {
					return
				}
				f(&w, from, min(from+part, n))
			}
		})
	}

	wg.Wait()
	if v := fault.Load(); v != nil {
		panic(*v)
	}
}

// A counter reads the similarities of queries from and following with gallery rows start
// and following.
type counter func(w *worker, s matrix.Matrix, from, start int)

// eachTile calls rows for every tile of S.
func (p *pass) eachTile(rows counter) {
	p.blocks(func(w *worker, from, to int) { p.eachTileOf(w, from, to, p.g.from, p.g.to, rows) })
}

// eachTileOf calls rows for the tiles of queries from to to-1 with gallery rows start to
// end-1.
func (p *pass) eachTileOf(w *worker, from, to, start, end int, rows counter) {
	for ; start < end && p.ctx.Err() == nil; start += p.tiling.cols {
		next := min(start+p.tiling.cols, end)
		rows(w, p.tile(w, from, to, start, next), from, start)
		p.told.pairs(to-from, next-start)
	}
}

// eachSymmetricTile is eachTile for a set that is searched with its own rows. As
// S_ij = S_ji to the bit, only tiles that meet the upper half of S are computed. The part
// of a tile above the blocks on the diagonal is also passed to columns, as the
// similarities of rows from and following with queries start and following, which all
// come later. No two concurrent calls have the same queries.
func (p *pass) eachSymmetricTile(rows, columns counter) {
	p.blocks(func(w *worker, from, to int) {
		p.eachUpperTileOf(w, from, to, max(from, p.g.from), p.g.to, rows, columns)
	})
}

// eachUpperTileOf is eachTileOf for a set that is searched with its own rows.
func (p *pass) eachUpperTileOf(w *worker, from, to, start, end int, rows, columns counter) {
	for ; start < end && p.ctx.Err() == nil; start += p.tiling.cols {
		next := min(start+p.tiling.cols, end)
		s := p.tile(w, from, to, start, next)
		p.withQueries(from, to, func(int, int) { rows(w, s, from, start) })
		// rows has counted the block's own columns.
		p.withQueries(max(start, to), next, func(j, k int) { columns(w, s.Columns(j-start, k-start), from, j) })
		p.told.pairs(to-from, next-start)
	}
}

// withQueries calls f for the queries from to to-1, one block at a time, while no other
// goroutine changes them.
func (p *pass) withQueries(from, to int, f func(from, to int)) {
	for from < to {
		block := from / p.tiling.rows
		next := min((block+1)*p.tiling.rows, to)
		p.holding(block, func() { f(from, next) })
		from = next
	}
}

// holding calls f while it holds a block of queries. It lets go of them also where f ends
// by a fault, for which the others would wait for ever.
func (p *pass) holding(block int, f func()) {
	p.held[block].Lock()
	defer p.held[block].Unlock()
	f()
}

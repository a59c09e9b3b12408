package benchmarks

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gpwbench/internal/f32"
)

// A tiling says how many queries and how many of the gallery are compared at a time, and on how many goroutines; 0 is one a core.
type tiling struct{ rows, cols, workers int }

var tiles = tiling{rows: 256, cols: 512}

// A pass computes the similarities of queries and gallery a tile at a time, and keeps none.
type pass struct {
	q, g   f32.Matrix
	tiling tiling
}

// A worker computes tiles in memory of its own.
type worker struct{ sims, turned []float32 }

// tile returns the similarities of queries from to to-1 with gallery rows start to end-1.
func (p *pass) tile(w *worker, from, to, start, end int) f32.Matrix {
	s := matrixOn(&w.sims, to-from, end-start)
	f32.MulNT(s, p.q.Slice(from, to), p.g.Slice(start, end))
	return s
}

// turn returns the transpose of a tile.
func (w *worker) turn(s f32.Matrix) f32.Matrix {
	turned := matrixOn(&w.turned, s.Cols, s.Rows)
	f32.Transpose(turned, s)
	return turned
}

// matrixOn returns a matrix on memory that grows when it must. What it holds is left from before.
func matrixOn(memory *[]float32, rows, cols int) f32.Matrix {
	*memory = slices.Grow((*memory)[:0], rows*cols)[:rows*cols]
	return f32.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: *memory}
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
				if from >= n {
					return
				}
				f(&w, from, min(from+p.tiling.rows, n))
			}
		})
	}
	wg.Wait()
}

// whole calls rows for every tile of S: s holds the similarities of queries from and following with gallery rows start and following.
func (p *pass) whole(rows func(w *worker, s f32.Matrix, from, start int)) {
	p.blocks(func(w *worker, from, to int) {
		for start := 0; start < p.g.Rows; start += p.tiling.cols {
			rows(w, p.tile(w, from, to, start, min(start+p.tiling.cols, p.g.Rows)), from, start)
		}
	})
}

// half is whole for a set that searches itself: as S_ij = S_ji to the bit, only tiles that meet the upper half of S are computed. What of a
// tile lies above the blocks on the diagonal also goes to columns, as the similarities of rows from and following with queries start and
// following, which all come later. No two calls at a time are for the same queries.
func (p *pass) half(rows, columns func(w *worker, s f32.Matrix, from, start int)) {
	n, side := p.q.Rows, p.tiling.rows
	held := make([]sync.Mutex, (n+side-1)/side) // who has the queries of a block
	p.blocks(func(w *worker, from, to int) {
		for start := from; start < n; start += p.tiling.cols {
			end := min(start+p.tiling.cols, n)
			s := p.tile(w, from, to, start, end)
			held[from/side].Lock()
			rows(w, s, from, start)
			held[from/side].Unlock()
			for j := max(start, to); j < end; { // the block's own columns have had their rows
				next := min((j/side+1)*side, end)
				held[j/side].Lock()
				columns(w, s.Columns(j-start, next-start), from, j)
				held[j/side].Unlock()
				j = next
			}
		}
	})
}

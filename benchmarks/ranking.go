package benchmarks

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gpwbench/internal/f32"
)

// A tiling says how many queries and how many of the gallery are compared at a time, and on how many goroutines; 0 is one a core.
type tiling struct{ rows, cols, workers int }

var tiles = tiling{rows: 256, cols: 512}

func evaluate(q, g side, self bool, o Options, t tiling) (*Scores, error) {
	for _, k := range o.Ks {
		if k < 1 {
			return nil, fmt.Errorf("benchmarks: Recall@%d: K is at least 1", k)
		}
	}
	if t.workers == 0 {
		t.workers = runtime.GOMAXPROCS(0)
	}
	r := newRanking(q, g, self, o, t)
	r.positives()
	if self {
		r.halves()
	} else {
		r.negatives()
	}
	s := r.scores(o)
	if s.Lonely == s.Queries {
		return nil, errors.New("benchmarks: no query has a positive in the gallery: are these the labels of these embeddings?")
	}
	if o.Clustering {
		c, err := Cluster(q.x, q.labels)
		if err != nil {
			return nil, err
		}
		s.Clustering = &c
	}
	return s, nil
}

// A ranking is what is known of all queries so far, in class order. First come the positives of each; then, against the best of them,
// the negatives are only counted.
type ranking struct {
	q, g   side
	self   bool // query i is gallery row i
	tiling tiling

	lo, hi   []int32   // the gallery rows of the query's class
	best     []float32 // the largest similarity of a positive; +∞ for a lonely query, so that nothing counts
	posEqual []int32   // positives as similar as the best
	above    []int32   // negatives above the best
	equal    []int32   // negatives as similar
	topR     []topR    // with MAP@R
}

func newRanking(q, g side, self bool, o Options, t tiling) *ranking {
	n := len(q.labels)
	r := &ranking{q: q, g: g, self: self, tiling: t}
	counts := make([]int32, 5*n)
	for k, to := range []*[]int32{&r.lo, &r.hi, &r.posEqual, &r.above, &r.equal} {
		*to = counts[k*n : (k+1)*n : (k+1)*n]
	}
	r.best = make([]float32, n)
	if o.MAPAtR {
		r.topR = make([]topR, n)
	}
	lo, hi := 0, 0
	for i, class := range q.labels { // classes ascend on both sides
		for lo < len(g.labels) && g.labels[lo] < class {
			lo++
		}
		for hi = max(hi, lo); hi < len(g.labels) && g.labels[hi] == class; {
			hi++
		}
		r.lo[i], r.hi[i] = int32(lo), int32(hi)
	}
	return r
}

// A worker computes tiles of similarities in memory of its own.
type worker struct {
	sims, turned []float32 // turned only for MAP@R over half of S
}

// tile returns the similarities of queries from to to-1 with gallery rows start to end-1.
func (w *worker) tile(r *ranking, from, to, start, end int) f32.Matrix {
	s := matrixOn(&w.sims, to-from, end-start)
	f32.MulNT(s, r.q.x.Slice(from, to), r.g.x.Slice(start, end))
	return s
}

// matrixOn returns a matrix on memory that grows when it must. What it holds is left from before.
func matrixOn(memory *[]float32, rows, cols int) f32.Matrix {
	*memory = slices.Grow((*memory)[:0], rows*cols)[:rows*cols]
	return f32.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: *memory}
}

// each calls f for n tasks, on all workers.
func (r *ranking) each(n int, f func(w *worker, task int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(r.tiling.workers, n) {
		wg.Go(func() {
			var w worker
			for {
				task := int(next.Add(1)) - 1
				if task >= n {
					return
				}
				f(&w, task)
			}
		})
	}
	wg.Wait()
}

// positives finds the best positive of every query.
func (r *ranking) positives() {
	n := len(r.q.labels)
	r.each(ceil(n, r.tiling.rows), func(w *worker, block int) {
		from := block * r.tiling.rows
		to := min(from+r.tiling.rows, n)
		// Classes ascend, so the segments of all these queries lie between that of the first and that of the last.
		for start := int(r.lo[from]); start < int(r.hi[to-1]); start += r.tiling.cols {
			s := w.tile(r, from, to, start, min(start+r.tiling.cols, int(r.hi[to-1])))
			for i := range s.Rows {
				r.positivesOf(from+i, start, s.Row(i))
			}
		}
		for i := from; i < to; i++ {
			if r.posEqual[i] == 0 {
				r.best[i] = float32(math.Inf(1))
			}
			if r.topR != nil {
				r.topR[i].begin()
			}
		}
	})
}

// positivesOf takes the positives among the similarities of a query with gallery rows start and following.
func (r *ranking) positivesOf(query, start int, row []float32) {
	for j := max(start, int(r.lo[query])); j < min(start+len(row), int(r.hi[query])); j++ {
		if r.self && j == query {
			continue
		}
		s := row[j-start]
		switch {
		case r.posEqual[query] == 0 || s > r.best[query]:
			r.best[query], r.posEqual[query] = s, 1
		case s == r.best[query]:
			r.posEqual[query]++
		}
		if r.topR != nil {
			r.topR[query].positive(s)
		}
	}
}

// negatives counts the negatives of every query, over all of S.
func (r *ranking) negatives() {
	n, m := len(r.q.labels), len(r.g.labels)
	r.each(ceil(n, r.tiling.rows), func(w *worker, block int) {
		from := block * r.tiling.rows
		to := min(from+r.tiling.rows, n)
		for start := 0; start < m; start += r.tiling.cols {
			r.count(w.tile(r, from, to, start, min(start+r.tiling.cols, m)), from, start)
		}
	})
}

// halves counts the negatives of every query over the half of S above its diagonal, cut into rows of blocks: a tile counts for the
// queries of its rows and, as S_ij = S_ji to the bit, for those of its columns.
func (r *ranking) halves() {
	n := len(r.q.labels)
	blocks := ceil(n, r.tiling.rows)
	held := make([]sync.Mutex, blocks) // who counts for the queries of a block
	r.each(blocks, func(w *worker, block int) {
		from := block * r.tiling.rows
		to := min(from+r.tiling.rows, n)
		for start := from; start < n; start += r.tiling.cols {
			end := min(start+r.tiling.cols, n)
			s := w.tile(r, from, to, start, end)
			held[block].Lock()
			r.count(s, from, start)
			held[block].Unlock()
			for j := max(start, to); j < end; { // the block's own columns have had their rows
				other := j / r.tiling.rows
				next := min((other+1)*r.tiling.rows, end)
				held[other].Lock()
				r.countColumns(w, s.Columns(j-start, next-start), from, j)
				held[other].Unlock()
				j = next
			}
		}
	})
}

// count takes the negatives among the similarities of queries from and following with gallery rows start and following.
func (r *ranking) count(s f32.Matrix, from, start int) {
	for i := range s.Rows {
		query, row := from+i, s.Row(i)
		if r.posEqual[query] == 0 {
			continue
		}
		r.countRow(query, row[:min(len(row), max(0, int(r.lo[query])-start))])
		r.countRow(query, row[min(len(row), max(0, int(r.hi[query])-start)):])
	}
}

// countRow takes similarities of a query with negatives.
func (r *ranking) countRow(query int, negatives []float32) {
	above, equal := f32.CountAbove(negatives, r.best[query])
	r.above[query] += int32(above)
	r.equal[query] += int32(equal)
	if r.topR != nil {
		r.topR[query].negatives(negatives)
	}
}

// countColumns takes the negatives among the similarities of rows from and following with the queries start and following, which all
// come after them.
func (r *ranking) countColumns(w *worker, s f32.Matrix, from, start int) {
	if r.topR != nil {
		turned := matrixOn(&w.turned, s.Cols, s.Rows)
		f32.Transpose(turned, s)
		r.count(turned, start, from)
		return
	}
	// Classes ascend, so only the class of the last row can reach into the columns. Its queries count the rows before their class.
	to, end := from+s.Rows, start+s.Cols
	shared := max(start, min(end, int(r.hi[to-1])))
	before := max(from, int(r.lo[to-1]))
	r.countBlock(s.Slice(0, before-from).Columns(0, shared-start), start)
	r.countBlock(s.Columns(shared-start, s.Cols), shared)
}

// countBlock counts for the queries start and following, one a column, in rows that are all negatives.
func (r *ranking) countBlock(s f32.Matrix, start int) {
	end := start + s.Cols
	f32.CountAboveColumns(s, r.best[start:end], r.above[start:end], r.equal[start:end])
}

// scores are the results, in the order of the caller's rows.
func (r *ranking) scores(o Options) *Scores {
	n := len(r.q.labels)
	s := &Scores{Ks: slices.Clone(o.Ks), Queries: n, Above: make([]int32, n), Equal: make([]int32, n), PosEqual: make([]int32, n)}
	if o.MAPAtR {
		s.AP, s.RP = make([]Range, n), make([]Range, n)
	}
	for i, row := range r.q.rows {
		if r.posEqual[i] == 0 {
			s.Above[row] = -1
			s.Lonely++
			continue
		}
		s.Above[row], s.Equal[row], s.PosEqual[row] = r.above[i], r.equal[i], r.posEqual[i]
		if r.equal[i] > 0 {
			s.Ties++
		}
		if o.MAPAtR {
			s.AP[row], s.RP[row] = r.topR[i].precision()
		}
	}
	return s
}

func ceil(a, b int) int { return (a + b - 1) / b }

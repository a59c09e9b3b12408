package benchmarks

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"gpwbench/internal/f32"
)

// Evaluate lets every row of x search all others: the protocol of CUB, Cars and SOP. The rows should be L2-normalised (see
// [Normalize]), as the inner product is the similarity. Results are the same to the bit for any number of cores.
//
// Beside x it takes a copy of x in class order, if its rows are not, and for each core a tile of 256×512 similarities (512 KB);
// with MAP@R also a level of 16 bytes for every positive of the tile's 256 queries. So 60,502 rows need no 60,502² matrix.
func Evaluate(x f32.Matrix, labels []int, o Options) (*Scores, error) {
	if err := checkSide("embeddings", x, labels); err != nil {
		return nil, err
	}
	s := inClassOrder(x, labels)
	return evaluate(s, s, true, o, tiles)
}

// EvaluateGallery lets every row of q search the rows of g, the protocol of In-Shop. Otherwise it is as Evaluate.
func EvaluateGallery(q f32.Matrix, ql []int, g f32.Matrix, gl []int, o Options) (*Scores, error) {
	if err := checkSide("queries", q, ql); err != nil {
		return nil, err
	}
	if err := checkSide("gallery", g, gl); err != nil {
		return nil, err
	}
	if q.Cols != g.Cols {
		return nil, fmt.Errorf("benchmarks: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}
	return evaluate(inClassOrder(q, ql), inClassOrder(g, gl), false, o, tiles)
}

func checkSide(what string, x f32.Matrix, labels []int) error {
	if x.Rows == 0 {
		return fmt.Errorf("benchmarks: no %s: there is nothing to retrieve", what)
	}
	if x.Rows != len(labels) {
		return fmt.Errorf("benchmarks: %s: %d rows, but %d labels: they must agree", what, x.Rows, len(labels))
	}
	return checkFinite(what, x) // NaN is above nothing and would score 100 %
}

// A side is one set of embeddings with its rows in class order, so that the positives of a query are one segment of the gallery
// and its negatives the two segments around it.
type side struct {
	x      f32.Matrix
	labels []int
	rows   []int // the caller's row of each
}

func inClassOrder(x f32.Matrix, labels []int) side {
	rows := make([]int, len(labels))
	for i := range rows {
		rows[i] = i
	}
	if slices.IsSorted(labels) {
		return side{x, labels, rows}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(labels[a], labels[b]) })
	s := side{f32.New(x.Rows, x.Cols), make([]int, len(labels)), rows}
	f32.Gather(s.x, x, rows)
	for i, r := range rows {
		s.labels[i] = labels[r]
	}
	return s
}

// segment returns where the class lies: rows lo to hi-1.
func (s side) segment(class int) (lo, hi int) {
	lo = sort.SearchInts(s.labels, class)
	hi = lo + sort.Search(len(s.labels)-lo, func(i int) bool { return s.labels[lo+i] != class })
	return lo, hi
}

// A tiling says how many queries and how many of the gallery are compared at a time, and on how many goroutines.
type tiling struct{ rows, cols, workers int }

var tiles = tiling{rows: 256, cols: 512}

func evaluate(q, g side, self bool, o Options, t tiling) (*Scores, error) {
	for _, k := range o.Ks {
		if k < 1 {
			return nil, fmt.Errorf("benchmarks: Recall@%d: K is at least 1", k)
		}
	}
	n := len(q.labels)
	s := &Scores{Ks: slices.Clone(o.Ks), Queries: n, Above: make([]int32, n), Equal: make([]int32, n), PosEqual: make([]int32, n)}
	if o.MAPAtR {
		s.AP, s.RP = make([]Range, n), make([]Range, n)
	}
	workers := t.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64 // the first query that no worker has taken
	var wg sync.WaitGroup
	for range min(workers, (n+t.rows-1)/t.rows) {
		wg.Go(func() {
			r := ranker{q: q, g: g, self: self, cols: t.cols, sims: make([]float32, t.rows*t.cols), scores: s}
			for {
				from := int(next.Add(int64(t.rows))) - t.rows
				if from >= n {
					return
				}
				r.rank(from, min(from+t.rows, n))
			}
		})
	}
	wg.Wait()
	for i, above := range s.Above {
		if above < 0 {
			s.Lonely++
		}
		if s.Equal[i] > 0 {
			s.Ties++
		}
	}
	if s.Lonely == n {
		return nil, errors.New("benchmarks: no query has a positive in the gallery: are these the labels of these embeddings?")
	}
	return s, nil
}

// A ranker computes the scores of tiles of queries, one tile after another.
type ranker struct {
	q, g    side
	self    bool // query i is gallery row i
	cols    int
	sims    []float32 // of one tile
	queries []query
	scores  *Scores
}

// A query is what is known of one query so far.
type query struct {
	lo, hi    int // the gallery rows of its class
	best      float32
	positives int
	posEqual  int32
	above     int32
	equal     int32
	topR      topR // with MAP@R
}

// rank scores queries from to to-1: first their positives, then, against the best of them, their negatives.
func (r *ranker) rank(from, to int) {
	mapAtR := r.scores.AP != nil
	r.queries = slices.Grow(r.queries[:0], to-from)[:to-from]
	for i := range r.queries {
		q := &r.queries[i]
		*q = query{topR: topR{levels: q.topR.levels[:0]}}
		q.lo, q.hi = r.g.segment(r.q.labels[from+i])
	}

	// Classes ascend, so the segments of all these queries lie between that of the first and that of the last.
	r.each(from, to, r.queries[0].lo, r.queries[len(r.queries)-1].hi, func(i, start int, row []float32) {
		q := &r.queries[i]
		for j := max(start, q.lo); j < min(start+len(row), q.hi); j++ {
			if r.self && j == from+i {
				continue
			}
			s := row[j-start]
			switch {
			case q.positives == 0 || s > q.best:
				q.best, q.posEqual = s, 1
			case s == q.best:
				q.posEqual++
			}
			q.positives++
			if mapAtR {
				q.topR.positive(s)
			}
		}
	})
	for i := range r.queries {
		r.queries[i].topR.begin()
	}

	r.each(from, to, 0, len(r.g.labels), func(i, start int, row []float32) {
		q := &r.queries[i]
		if q.positives == 0 {
			return
		}
		end := start + len(row)
		for _, negatives := range [][]float32{
			row[:max(0, min(end, q.lo)-start)],
			row[min(len(row), max(0, q.hi-start)):],
		} {
			above, equal := f32.CountAbove(negatives, q.best)
			q.above += int32(above)
			q.equal += int32(equal)
			if mapAtR {
				q.topR.negatives(negatives)
			}
		}
	})

	for i, q := range r.queries {
		row := r.q.rows[from+i]
		if q.positives == 0 {
			r.scores.Above[row] = -1
			continue
		}
		r.scores.Above[row], r.scores.Equal[row], r.scores.PosEqual[row] = q.above, q.equal, q.posEqual
		if mapAtR {
			r.scores.AP[row], r.scores.RP[row] = q.topR.precision()
		}
	}
}

// each calls f with pieces of the similarities of queries from to to-1 to gallery rows lo to hi-1: row holds those of query from+i
// to gallery rows start and following.
func (r *ranker) each(from, to, lo, hi int, f func(i, start int, row []float32)) {
	for start := lo; start < hi; start += r.cols {
		end := min(start+r.cols, hi)
		s := f32.Matrix{Rows: to - from, Cols: end - start, Stride: end - start, Data: r.sims[:(to-from)*(end-start)]}
		f32.MulNT(s, r.q.x.Slice(from, to), r.g.x.Slice(start, end))
		for i := range s.Rows {
			f(i, start, s.Row(i))
		}
	}
}

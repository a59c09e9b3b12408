package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sort"
	"sync"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// Pairs are all pairs of rows of one set ([PairsOf]), each counted once and none of a
// row with itself, or all pairs of a query and a gallery row ([PairsBetween]). Metrics
// that are a function of every pair read them tile by tile, so no N×N matrix is stored.
//
// The rows are numbered in the order of their labels, which [Pairs.Labels] returns in
// that order. So the positives of a query are one segment of the gallery
// ([Pairs.Segment]). Of one set, queries and gallery are the same rows.
//
// The memory beside the vectors is their directions in float32 up to 256 MiB, and 65
// bytes a row. More directions are made for each tile, which costs a few hundredths of
// it.
type Pairs struct {
	pass
	doubles
	self      bool
	heard     func(queries int)
	roundings *roundings
}

// PairsOf returns the pairs of the rows of x. It refuses what [Evaluate] refuses.
func PairsOf(x Vectors, labels []int) (*Pairs, error) {
	if err := checkSide("embeddings", x, labels); err != nil {
		return nil, err
	}
	s := inClassOrder(x, labels)
	return newPairs(s, s, true), nil
}

// PairsBetween returns the pairs of the rows of q with those of g. It refuses what
// [EvaluateGallery] refuses.
func PairsBetween(q Vectors, ql []int, g Vectors, gl []int) (*Pairs, error) {
	if err := checkSide("queries", q, ql); err != nil {
		return nil, err
	}
	if err := checkSide("gallery", g, gl); err != nil {
		return nil, err
	}
	if q.Cols != g.Cols {
		return nil, fmt.Errorf("retrieval: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}
	queries, gallery := bothInClassOrder(q, ql, g, gl)
	return newPairs(queries, gallery, false), nil
}

func newPairs(q, g side, self bool) *Pairs {
	p := &Pairs{pass: newPass(context.Background(), q, g, tiles), doubles: newDoubles(q, g), self: self, roundings: new(roundings)}
	p.fine = true
	return p
}

// Self reports whether the pairs are those of one set.
func (p *Pairs) Self() bool { return p.self }

// Compared has every later pass call f with the number of queries that have newly been
// compared with all others, from several goroutines at a time. f may be nil.
func (p *Pairs) Compared(f func(queries int)) { p.heard = f }

// Cols returns the number of coordinates of a row.
func (p *Pairs) Cols() int { return p.doubles.q.x.Cols }

// Labels returns the labels of queries and gallery, ascending. They must not be
// changed.
func (p *Pairs) Labels() (queries, gallery []int) { return p.doubles.q.labels, p.doubles.g.labels }

// Segment returns the gallery rows from to to-1 that have the label of a query. Of one
// set, the query is one of them.
func (p *Pairs) Segment(query int) (from, to int) {
	labels, label := p.doubles.g.labels, p.doubles.q.labels[query]
	from = sort.SearchInts(labels, label)
	return from, from + sort.Search(len(labels)-from, func(k int) bool { return labels[from+k] > label })
}

// Count returns the numbers of pairs whose labels are equal, and of all others.
func (p *Pairs) Count() (positive, negative int64) {
	labels, gallery := p.Labels()
	all := int64(len(labels)) * int64(len(gallery))
	if p.self {
		all = int64(len(labels)) * int64(len(labels)-1) / 2
	}

	for i := 0; i < len(labels); {
		from, to := p.Segment(i)
		j := i
		for j < len(labels) && labels[j] == labels[i] {
			j++
		}

		n := int64(j-i) * int64(to-from)
		if p.self {
			n = int64(j-i) * int64(j-i-1) / 2
		}
		positive += n
		i = j
	}

	return positive, all - positive
}

// Apart returns t = 1 − S of a query and a gallery row in float64, S being the cosine
// of the rows as given. Rows of the same bits have t = 0. It may be called by several
// goroutines at a time.
func (p *Pairs) Apart(query, row int) float64 { return p.best(query, row).at }

// ApartEach sets ts to [Pairs.Apart] of each pair, to the bit. It takes less time than as
// many calls, where pairs of one query follow each other and rows are not in a cache.
func (p *Pairs) ApartEach(ts []float64, pairs []f32.Pair) {
	x, y := p.doubles.q.given, p.doubles.g.given
	if x.wide != nil || y.wide != nil {
		for k, pair := range pairs {
			ts[k] = p.Apart(int(pair.Query), int(pair.Row))
		}
		return
	}

	const ahead = 2
	wide, query := make([]float64, p.Cols()), int32(-1)
	for k, pair := range pairs {
		if k+ahead < len(pairs) {
			f32.Prefetch(y.narrow.Row(p.doubles.g.rows[pairs[k+ahead].Row]))
		}
		if pair.Query != query {
			query = pair.Query
			for i, v := range x.narrow.Row(p.doubles.q.rows[query]) {
				wide[i] = float64(v)
			}
		}

		sum := f32.DotWide(wide, y.narrow.Row(p.doubles.g.rows[pair.Row]))
		t := p.ofProduct(int(pair.Query), int(pair.Row), sum)
		if t.at < alike {
			t = p.difference(int(pair.Query), int(pair.Row))
		}
		ts[k] = t.at
	}
}

// Radius bounds the error of a t of [Pairs.Apart] (benchmarks/retrieval/doubles.go).
func (p *Pairs) Radius(t float64) float64 { return p.radius(t) }

// Error32 bounds the difference of a similarity of a [PairTile] from the exact one.
func (p *Pairs) Error32() float64 { return p.errors()[0] }

// ErrorFast bounds the difference of f32.FastDot of two directions of [PairRows] from the
// exact similarity.
func (p *Pairs) ErrorFast() float64 { return p.errors()[1] }

// roundings are the bounds of both products, which are computed when they are first asked
// for.
type roundings struct {
	once  sync.Once
	bound [2]float64
}

// errors returns the bounds. Let w_k bound the rounding of product k of a sum. By Cauchy
// and Schwarz, that of Σ x_k·y_k is at most the root of Σ w_k·x_k² times that of Σ
// w_k·y_k². The greatest roots of queries and gallery hold for all pairs. For rows whose
// coordinates are of one size, the bound is half of that for the worst rows.
func (p *Pairs) errors() [2]float64 {
	p.roundings.once.Do(func() {
		for k, weights := range [][]float64{f32.FineWeights(p.Cols()), f32.FastWeights(p.Cols())} {
			greatest := p.greatest(&p.pass.q, weights)
			if p.self {
				greatest *= greatest
			} else {
				greatest *= p.greatest(&p.pass.g, weights)
			}
			p.roundings.bound[k] = errorOf(greatest, p.Cols())
		}
	})
	return p.roundings.bound
}

// greatest returns the greatest root of Σ w_k·x_k² of the directions.
func (p *Pairs) greatest(side *window, weights []float64) float64 {
	var mu sync.Mutex
	greatest := 0.0
	p.parallel(len(side.side.rows), p.tiling.rows, func(w *worker, from, to int) {
		most := 0.0
		rows := side.directions(&w.gallery, from, to)
		for i := range rows.Rows {
			most = max(most, weighted(rows.Row(i), weights))
		}
		mu.Lock()
		defer mu.Unlock()
		greatest = max(greatest, most)
	})

	const own = 1 + 0x1p-30 // of the sum of squares itself
	return math.Sqrt(greatest * own)
}

// weighted returns Σ w_k·x_k², in four chains.
func weighted(x []float32, w []float64) float64 {
	var s0, s1, s2, s3 float64
	for ; len(x) >= 4; x, w = x[4:], w[4:] {
		a, b := (*[4]float32)(x), (*[4]float64)(w)
		s0 += float64(a[0]) * float64(a[0]) * b[0]
		s1 += float64(a[1]) * float64(a[1]) * b[1]
		s2 += float64(a[2]) * float64(a[2]) * b[2]
		s3 += float64(a[3]) * float64(a[3]) * b[3]
	}
	for k, v := range x {
		s0 += float64(v) * float64(v) * w[k]
	}
	return s0 + s1 + s2 + s3
}

// Query writes the direction of a query, a vector of length 1, into to.
func (p *Pairs) Query(query int, to []float64) { p.doubles.q.direction(query, to) }

// A PairTile is a block of queries with a block of gallery rows. Element (i, j) of S is
// the similarity in float32 of query From+i and gallery row Start+j. Of one set, only
// the elements from First(i) on are pairs, because the others are met the other way
// round.
type PairTile struct {
	From, Start int
	S           matrix.Matrix

	self bool
}

// First returns the first column of a row of the tile that is a pair. It may be beyond
// the last one.
func (t PairTile) First(i int) int {
	if !t.self {
		return 0
	}
	return max(0, t.From+i+1-t.Start)
}

// PairRows are a block of queries and a block of gallery rows, as those of a [PairTile]:
// their directions in float32, and no similarities.
type PairRows struct {
	From, Start      int
	Queries, Gallery matrix.Matrix
}

// PairBlock is the number of queries of a block.
const PairBlock = 256

// Tiles calls visitors with every tile. Each goroutine makes its own visitor with
// start, which is called by one goroutine at a time, and a visitor is never called by
// two at a time. The tiles of a block of queries go to one visitor, in the order of
// their columns. The tile is valid during the call.
//
// workers is the number of goroutines, 0 for one a core. When ctx ends, Tiles returns
// its error.
func (p *Pairs) Tiles(ctx context.Context, workers int, start func() func(PairTile)) error {
	return visit(ctx, p, workers, start, func(pass *pass, w *worker, from, to int, visitor func(PairTile)) {
		first := 0
		if p.self {
			first = from
		}
		pass.eachTileOf(w, from, to, first, pass.g.to, func(_ *worker, s matrix.Matrix, from, start int) {
			visitor(PairTile{From: from, Start: start, S: s, self: p.self})
		})
	})
}

// Rows calls visitors with the rows of every tile, and computes no similarities.
// Otherwise it is the same as [Pairs.Tiles].
func (p *Pairs) Rows(ctx context.Context, workers int, start func() func(PairRows)) error {
	return visit(ctx, p, workers, start, func(pass *pass, w *worker, from, to int, visitor func(PairRows)) {
		queries, first := pass.queriesOf(w, from, to), 0
		if p.self {
			first = from
		}
		for ; first < pass.g.to && pass.ctx.Err() == nil; first += pass.tiling.cols {
			end := min(first+pass.tiling.cols, pass.g.to)
			visitor(PairRows{From: from, Start: first, Queries: queries, Gallery: pass.g.directions(&w.gallery, first, end)})
		}
	})
}

// Blocks calls visitors with the queries from to to-1 of every block, and computes no
// similarities. Otherwise it is the same as [Pairs.Tiles].
func (p *Pairs) Blocks(ctx context.Context, workers int, start func() func(from, to int)) error {
	return visit(ctx, p, workers, start, func(_ *pass, _ *worker, from, to int, visitor func(from, to int)) { visitor(from, to) })
}

// visit calls block for every block of queries, with the visitor of the worker.
func visit[V any](ctx context.Context, p *Pairs, workers int, start func() V, block func(pass *pass, w *worker, from, to int, visitor V)) error {
	pass := p.pass
	pass.ctx = cmp.Or(ctx, context.Background())
	pass.tiling.workers, pass.tiling.rows = workers, PairBlock

	var mu sync.Mutex
	visitors := make(map[*worker]V)
	pass.blocks(func(w *worker, from, to int) {
		mu.Lock()
		visitor, ok := visitors[w]
		if !ok {
			visitor = start()
			visitors[w] = visitor
		}
		mu.Unlock()
		block(&pass, w, from, to, visitor)
		if p.heard != nil {
			p.heard(to - from)
		}
	})

	return pass.ctx.Err()
}

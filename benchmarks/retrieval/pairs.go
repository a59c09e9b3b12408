package retrieval

import (
	"cmp"
	"context"
	"fmt"
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
	self  bool
	heard func(queries int)
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
	p := &Pairs{pass: newPass(context.Background(), q, g, tiles), doubles: newDoubles(q, g), self: self}
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

// Radius bounds the error of a t of [Pairs.Apart] (benchmarks/retrieval/doubles.go).
func (p *Pairs) Radius(t float64) float64 { return p.radius(t) }

// Error32 bounds the difference of a similarity of a [PairTile] from the exact one.
func (p *Pairs) Error32() float64 { return errorOf(f32.GammaFine(p.Cols()), p.Cols()) }

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

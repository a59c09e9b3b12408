package train

import (
	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
)

// selected are the rows of a batch that a losses.PairSelector loss looks at, anchors A against candidates C, both of them rows of E: S = A·Cᵀ, so that
//
//	∂L/∂A = G·C        ∂L/∂C = Gᵀ·A
//
// and other rows of ∂L/∂E are 0. For one pair a class that is a small part of the products of the whole batch.
type selected struct {
	loss                losses.PairSelector
	m                   int // rows of the batch
	anchors, candidates selection
	sims                matrix.Matrix // S, then G; with room for those of the whole batch

	all   Step    // what whole returns
	pairs *itself // nil until then
}

// A selection is rows of the batch.
type selection struct {
	rows, labels []int         // which, and their classes
	e, de        matrix.Matrix // their embeddings, and ∂L in these; with room for the whole batch
}

func newSelected(loss losses.PairSelector, m, dim int) *selected {
	return &selected{
		loss: loss, m: m, sims: matrix.New(m, m),
		anchors:    selection{e: matrix.New(m, dim), de: matrix.New(m, dim)},
		candidates: selection{e: matrix.New(m, dim), de: matrix.New(m, dim)},
	}
}

func (b *selected) most() int { return b.m }

func (b *selected) vectors(*chain) (matrix.Matrix, bool) { return b.candidates.e, false }

func (b *selected) compare(c *chain, s *Step) {
	b.anchors.rows, b.candidates.rows = b.loss.SelectRows(b.anchors.rows[:0], b.candidates.rows[:0], s.Labels)
	b.anchors.take(c.e, s.Labels)
	b.candidates.take(c.e, s.Labels)
	b.sims = matrixOn(b.sims, len(b.anchors.rows), len(b.candidates.rows))
	f32.MulNT(b.sims, b.anchors.e, b.candidates.e)
	s.size(b.anchors.labels, b.candidates.labels, nil)
	settleInto(s.S, b.sims, b.anchors.e, b.candidates.e)
}

func (b *selected) learn(c *chain, s *Step) {
	for k, g := range s.G {
		b.sims.Data[k] = float32(g)
	}
	f32.MulNN(b.anchors.de, b.sims, b.candidates.e)
	f32.MulTN(b.candidates.de, b.sims, b.anchors.e)
	clear(c.de.Data)
	b.anchors.give(c.de)
	b.candidates.give(c.de)
}

// take copies the rows of e.
func (x *selection) take(e matrix.Matrix, labels []int) {
	x.labels = x.labels[:0]
	for _, row := range x.rows {
		x.labels = append(x.labels, labels[row])
	}
	x.e, x.de = matrixOn(x.e, len(x.rows), e.Cols), matrixOn(x.de, len(x.rows), e.Cols)
	f32.Gather(x.e, e, x.rows)
}

// give adds ∂L in the rows to that in all.
func (x *selection) give(de matrix.Matrix) {
	for i, row := range x.rows {
		to := de.Row(row)
		for k, v := range x.de.Row(i) {
			to[k] += v
		}
	}
}

// matrixOn returns a matrix on the memory of one that is as large or larger. What it holds is left from before.
func matrixOn(m matrix.Matrix, rows, cols int) matrix.Matrix {
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: m.Data[:rows*cols]}
}

// whole is a step with all pairs of its batch, of which those that are not selected have no weight.
func (b *selected) whole(c *chain, s *Step) Step {
	if b.pairs == nil {
		b.pairs = newItself(b.m)
		b.all = Step{S: make([]float64, b.m*b.m), G: make([]float64, b.m*b.m)}
	}
	b.all.Index, b.all.Loss, b.all.Rows, b.all.Labels = s.Index, s.Loss, s.Rows, s.Labels
	b.pairs.compare(c, &b.all)
	clear(b.all.G)
	for i, row := range b.anchors.rows {
		for j, column := range b.candidates.rows {
			b.all.G[row*b.m+column] = s.G[i*len(b.candidates.rows)+j]
		}
	}
	return b.all
}

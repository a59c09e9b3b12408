package train

import (
	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
)

// selected are the rows of a batch that a losses.PairSelector loss reads, anchors A
// against candidates C, both of them rows of E: S = A·Cᵀ, so that
//
//	∂L/∂A = G·C        ∂L/∂C = Gᵀ·A
//
// and other rows of ∂L/∂E are 0. For one pair a class these are few of the products of
// the whole batch.
type selected struct {
	loss                losses.PairSelector
	m                   int // rows of the batch
	anchors, candidates selection
	sims                matrix.Matrix // S, then G; with room for those of the whole batch

	all   Step     // the result of whole
	pairs *inBatch // nil before the first call of whole
}

// A selection has rows of the batch. Its matrices have room for the whole batch.
type selection struct {
	rows, labels []int         // their indices and classes
	e, de        matrix.Matrix // their embeddings, and ∂L by these
}

func newSelected(loss losses.PairSelector, m, dim int) *selected {
	return &selected{
		loss:       loss,
		m:          m,
		anchors:    selection{e: matrix.New(m, dim), de: matrix.New(m, dim)},
		candidates: selection{e: matrix.New(m, dim), de: matrix.New(m, dim)},
		sims:       matrix.New(m, m),
	}
}

func (b *selected) most() int { return b.m }

func (b *selected) vectors(matrix.Matrix) (matrix.Matrix, bool) { return b.candidates.e, false }

func (b *selected) forward(e matrix.Matrix, s *Step) {
	a, c := &b.anchors, &b.candidates
	a.rows, c.rows = b.loss.SelectRows(a.rows[:0], c.rows[:0], s.Labels)
	a.gather(e, s.Labels)
	c.gather(e, s.Labels)

	b.sims = matrixOn(b.sims, len(a.rows), len(c.rows))
	f32.MulNT(b.sims, a.e, c.e)
	s.size(a.labels, c.labels, nil)
	refineInto(s.S, b.sims, a.e, c.e)
}

func (b *selected) backward(de, _ matrix.Matrix, s *Step) {
	for k, g := range s.G {
		b.sims.Data[k] = float32(g)
	}

	f32.MulNN(b.anchors.de, b.sims, b.candidates.e)
	f32.MulTN(b.candidates.de, b.sims, b.anchors.e)

	for i := range de.Rows {
		clear(de.Row(i))
	}

	b.anchors.scatterAdd(de)
	b.candidates.scatterAdd(de)
}

// gather copies the rows of e.
func (x *selection) gather(e matrix.Matrix, labels []int) {
	x.labels = x.labels[:0]
	for _, row := range x.rows {
		x.labels = append(x.labels, labels[row])
	}

	x.e, x.de = matrixOn(x.e, len(x.rows), e.Cols), matrixOn(x.de, len(x.rows), e.Cols)
	f32.Gather(x.e, e, x.rows)
}

// scatterAdd adds the gradient of the rows to that of the whole batch.
func (x *selection) scatterAdd(de matrix.Matrix) {
	for i, row := range x.rows {
		to := de.Row(row)
		for k, v := range x.de.Row(i) {
			to[k] += v
		}
	}
}

// matrixOn returns a rows×cols matrix in the memory of m, which must have room. Its
// elements are not cleared.
func matrixOn(m matrix.Matrix, rows, cols int) matrix.Matrix {
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: m.Data[:rows*cols]}
}

// whole returns a step with all pairs of its batch. Pairs that are not selected have no
// weight.
func (b *selected) whole(e matrix.Matrix, s *Step) Step {
	if b.pairs == nil {
		b.pairs = newInBatch(b.m)
		b.all = Step{S: make([]float64, b.m*b.m), G: make([]float64, b.m*b.m)}
	}

	b.all.Index, b.all.Loss, b.all.Rows, b.all.Labels = s.Index, s.Loss, s.Rows, s.Labels
	b.pairs.forward(e, &b.all)
	clear(b.all.G)
	columns := b.candidates.rows
	for i, row := range b.anchors.rows {
		for j, column := range columns {
			b.all.G[row*b.m+column] = s.G[i*len(columns)+j]
		}
	}

	return b.all
}

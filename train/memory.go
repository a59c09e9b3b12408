package train

import (
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// memory is the ring of [config.XBM], S = E·Mᵀ. ∂L/∂E = G·M without a term in Gᵀ, because
// the memory is constant.
type memory struct {
	batch  *inBatch // until the end of the warm-up
	warmup int      // steps

	rows   matrix.Matrix // M: size×dim, of which the first used rows are filled
	labels []int         // of the rows
	used   int
	next   int           // the place of the next row
	self   []int         // the places of the batch
	sims   matrix.Matrix // m×used: S, then G
}

func newMemory(c config.Memory, m, dim int) (candidates, error) {
	if c.Size < m {
		return nil, fmt.Errorf("train: memory.size is %d, and a batch has %d rows: "+
			"the memory must hold one", c.Size, m)
	}

	return &memory{
		batch:  newInBatch(m),
		warmup: c.Warmup,
		rows:   matrix.New(c.Size, dim),
		labels: make([]int, c.Size),
		self:   make([]int, m),
		sims:   matrix.New(m, c.Size),
	}, nil
}

func (b *memory) most() int { return len(b.labels) }

func (b *memory) vectors(e matrix.Matrix) (matrix.Matrix, bool) {
	if b.used == 0 { // the warm-up
		return b.batch.vectors(e)
	}
	return b.rows.Slice(0, b.used), false
}

func (b *memory) forward(e matrix.Matrix, s *Step) {
	if s.Index < b.warmup {
		b.batch.forward(e, s)
		return
	}

	b.store(e, s.Labels)
	m, rows := len(s.Labels), b.rows.Slice(0, b.used)
	b.sims = matrixOn(b.sims, m, b.used)
	f32.MulNT(b.sims, e, rows)
	s.size(s.Labels, b.labels[:b.used], b.self)
	refineInto(s.S, b.sims, e, rows)
}

// store replaces the oldest rows by those of a batch.
func (b *memory) store(e matrix.Matrix, labels []int) {
	for i, label := range labels {
		copy(b.rows.Row(b.next), e.Row(i))
		b.labels[b.next], b.self[i] = label, b.next
		b.used = max(b.used, b.next+1)
		b.next = (b.next + 1) % len(b.labels)
	}
}

func (b *memory) backward(de, e matrix.Matrix, s *Step) {
	if s.Index < b.warmup {
		b.batch.backward(de, e, s)
		return
	}

	for k, g := range s.G {
		b.sims.Data[k] = float32(g)
	}
	f32.MulNN(de, b.sims, b.rows.Slice(0, b.used))
}

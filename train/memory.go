package train

import (
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A MemoryConfig says whether anchors are compared with embeddings of earlier batches too. xbm is the cross-batch memory of Wang et al.,
// CVPR 2020: a ring of the Size latest embeddings, with their classes. A step puts its batch in first and then compares, each anchor
// without itself, which is known by its place in the ring; other copies of its image, from steps before, are positives. Embeddings in memory are
// constants, those of the batch as well: the gradient goes to the anchors only.
//
// The first Warmup steps are those of a run without memory, and nothing is remembered in them, as in the authors' code, because embeddings that
// still move fast are stale at once. After them the loss is that of the memory alone, as in pytorch-metric-learning, where the batch takes part as
// its newest part. The authors add the loss of the batch by itself.
type MemoryConfig struct {
	Name   string // none or "", xbm
	Size   int    // rows in memory; a batch at least
	Warmup int    // steps before it is used, 0 or more
}

// memory is the ring, S = E·Mᵀ. ∂L/∂E = G·M, and there is no Gᵀ.
type memory struct {
	batch  *inBatch // until the warm-up is over
	warmup int

	rows   matrix.Matrix // M: size×dim, of which the first used are filled
	labels []int         // of the rows
	used   int
	next   int           // the place of the next row
	self   []int         // the places of the batch
	sims   matrix.Matrix // m×used: S, then G
}

func newMemory(c MemoryConfig, m, dim int) (*memory, error) {
	switch {
	case c.Size < m:
		return nil, fmt.Errorf("train: memory.size is %d, and a batch has %d rows: the memory must hold one", c.Size, m)
	case c.Warmup < 0:
		return nil, fmt.Errorf("train: memory.warmup is %d: it must be 0 steps or more", c.Warmup)
	}
	return &memory{
		batch: newInBatch(m), warmup: c.Warmup,
		rows: matrix.New(c.Size, dim), labels: make([]int, c.Size), self: make([]int, m), sims: matrix.New(m, c.Size),
	}, nil
}

func (b *memory) most() int { return len(b.labels) }

func (b *memory) vectors(c *chain) (matrix.Matrix, bool) {
	if b.used == 0 { // the warm-up
		return b.batch.vectors(c)
	}
	return b.rows.Slice(0, b.used), false
}

func (b *memory) forward(c *chain, s *Step) {
	if s.Index < b.warmup {
		b.batch.forward(c, s)
		return
	}
	for i, label := range s.Labels {
		copy(b.rows.Row(b.next), c.e.Row(i))
		b.labels[b.next], b.self[i] = label, b.next
		b.used = max(b.used, b.next+1)
		b.next = (b.next + 1) % len(b.labels)
	}
	m := len(s.Labels)
	b.sims = matrix.Matrix{Rows: m, Cols: b.used, Stride: b.used, Data: b.sims.Data[:m*b.used]}
	f32.MulNT(b.sims, c.e, b.rows.Slice(0, b.used))
	s.size(s.Labels, b.labels[:b.used], b.self)
	refineInto(s.S, b.sims, c.e, b.rows.Slice(0, b.used))
}

func (b *memory) backward(c *chain, s *Step) {
	if s.Index < b.warmup {
		b.batch.backward(c, s)
		return
	}
	for k, g := range s.G {
		b.sims.Data[k] = float32(g)
	}
	f32.MulNN(c.de, b.sims, b.rows.Slice(0, b.used))
}

package train

import (
	"cmp"
	"errors"
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// candidates are the vectors with which the embeddings E of a batch are compared.
type candidates interface {
	// forward writes S of the embeddings e to s.S, sets the size of s.G, and sets the
	// labels of rows and columns in s. Near pairs of S are refined by refineNear.
	forward(e matrix.Matrix, s *Step)

	// backward turns s.G into ∂L/∂E in de, and moves candidates that are trained.
	backward(de, e matrix.Matrix, s *Step)

	// vectors returns the candidates of the last forward, and whether they are the batch.
	vectors(e matrix.Matrix) (v matrix.Matrix, inBatch bool)

	// most is the largest number of candidates.
	most() int
}

// memories makes the candidates of a [config.Memory], for batches of m embeddings of dim
// coordinates. nil stands for no memory.
var memories = map[string]func(c config.Memory, m, dim int) (candidates, error){
	config.None: nil,
	config.XBM:  newMemory,
}

// newCandidates returns the candidates for a batch of m embeddings: the batch itself,
// unless the configuration has a memory or proxies.
func newCandidates(c Config, loss losses.Loss, m, dim int, labels []int) (candidates, error) {
	bank := c.Memory
	bank.Name = cmp.Or(bank.Name, config.None)
	if err := config.Check("memory", bank); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}

	memory, proxies := memories[bank.Name], c.Proxies.InUse()
	switch {
	case memory != nil && proxies:
		return nil, errors.New("train: a memory holds embeddings of images, " +
			"and proxies stand in their place: leave one of them out")
	case (memory != nil || proxies) && c.Relation == losses.Square:
		return nil, errors.New("train: the loss needs the similarities of its candidates to each other, " +
			"so it takes the batch only: leave memory and proxies out")
	case proxies && c.Traits&losses.ReadsVectorMeans != 0:
		return nil, errors.New("train: the loss reads the vectors of its candidates beside S, " +
			"and proxies learn through S only: leave proxies out")
	case memory != nil:
		return memory(bank, m, dim)
	case proxies:
		return newProxies(c, m, dim, labels)
	}

	return newBatch(loss, m, dim), nil
}

// newBatch returns the candidates for a loss that compares rows of the batch with each
// other. The labels of the batch ascend.
func newBatch(loss losses.Loss, m, dim int) candidates {
	if l, ok := loss.(losses.PairSelector); ok {
		return newSelected(l, m, dim)
	}
	return newInBatch(m)
}

// inBatch has the batch as its own candidates: S = E·Eᵀ, in which E occurs twice, so that
//
//	∂L/∂E = (G + Gᵀ)·E
type inBatch struct {
	sims matrix.Matrix // m×m: S, then G + Gᵀ
	self []int
}

func newInBatch(m int) *inBatch { return &inBatch{sims: matrix.New(m, m), self: sequence(m)} }

func (b *inBatch) most() int { return len(b.self) }

func (b *inBatch) vectors(e matrix.Matrix) (matrix.Matrix, bool) { return e, true }

func (b *inBatch) forward(e matrix.Matrix, s *Step) {
	f32.Gram(b.sims, e)
	refineGram(b.sims, e)

	s.size(s.Labels, s.Labels, b.self)
	for k, v := range b.sims.Data {
		s.S[k] = float64(v)
	}
}

func (b *inBatch) backward(de, e matrix.Matrix, s *Step) {
	f32.AddTranspose(b.sims, s.G)
	f32.MulNN(de, b.sims, e)
}

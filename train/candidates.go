package train

import (
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
)

// Candidates are what the embeddings E of a batch are compared with.
type candidates interface {
	// compare writes S of the embeddings in c into s.S, sizes s.G alike, and says in s
	// what the rows and columns are. S is as settleNear leaves it.
	compare(c *chain, s *Step)
	// learn carries s.G to the embeddings, as ∂L/∂E in c.de, and moves those candidates that are trained.
	learn(c *chain, s *Step)
	// vectors are the candidates of the last compare, and whether they are the batch.
	vectors(c *chain) (v matrix.Matrix, itself bool)
	// most is the largest number of candidates.
	most() int
}

// newCandidates returns what the configuration compares a batch of m embeddings with: the batch itself, unless it says otherwise.
func newCandidates(c Config, loss losses.Loss, m, dim int, labels []int) (candidates, error) {
	memory, proxies := c.Memory.Name == "xbm", c.Proxies.PerClass != 0
	switch {
	case !memory && c.Memory.Name != "" && c.Memory.Name != "none":
		return nil, fmt.Errorf("train: unknown memory %q: use none or xbm", c.Memory.Name)
	case memory && proxies:
		return nil, fmt.Errorf("train: a memory holds embeddings of images, and proxies stand in their place: leave one of them out")
	case (memory || proxies) && c.Relation == losses.Square:
		return nil, fmt.Errorf("train: the loss needs the similarities of its candidates to each other, so it takes the batch only: leave memory and proxies out")
	case proxies && c.Traits&losses.ReadsVectorMeans != 0:
		return nil, fmt.Errorf("train: the loss reads the vectors of its candidates beside S, and proxies learn through S only: leave proxies out")
	case memory:
		return newMemory(c.Memory, m, dim)
	case proxies:
		return newProxies(c, m, dim, labels)
	}
	return newBatch(loss, m, dim), nil
}

// newBatch returns the rows of a batch of ascending labels that the loss compares with each other.
func newBatch(loss losses.Loss, m, dim int) candidates {
	if l, ok := loss.(losses.PairSelector); ok {
		return newSelected(l, m, dim)
	}
	return newItself(m)
}

// itself is the batch as its own candidates: S = E·Eᵀ, of which E is both sides, so that
//
//	∂L/∂E = (G + Gᵀ)·E
type itself struct {
	sims matrix.Matrix // m×m: S, then G + Gᵀ
	self []int
}

func newItself(m int) *itself { return &itself{sims: matrix.New(m, m), self: sequence(m)} }

func (b *itself) most() int { return len(b.self) }

func (b *itself) vectors(c *chain) (matrix.Matrix, bool) { return c.e, true }

func (b *itself) compare(c *chain, s *Step) {
	f32.Gram(b.sims, c.e)
	settleItself(b.sims, c.e)
	s.size(s.Labels, s.Labels, b.self)
	for k, v := range b.sims.Data {
		s.S[k] = float64(v)
	}
}

func (b *itself) learn(c *chain, s *Step) {
	f32.AddTranspose(b.sims, s.G)
	f32.MulNN(c.de, b.sims, c.e)
}

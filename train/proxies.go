package train

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A ProxyConfig says with which learned proxies of the training classes the batch is compared, for the losses of [losses.ProxyLosses]. They
// start as PerClass unit vectors a class, uniform on the sphere, and move by the optimizer of the head, at a rate of their own: the authors of
// Proxy-Anchor take a hundred times the head's (Kim et al., CVPR 2020). Proxies are compared by direction, as embeddings are.
type ProxyConfig struct {
	PerClass int     // 0: no proxies
	LR       float64 // > 0
	Anchors  bool    // the proxies are the anchors and the batch the candidates, as [losses.ProxyAnchor] wants it
}

// proxies are the vectors V, P_j = V_j/‖V_j‖ and S = E·Pᵀ, or its transpose if they are the anchors. With G that of E·Pᵀ,
//
//	∂L/∂E = G·P        ∂L/∂P = Gᵀ·E
type proxies struct {
	anchors   bool
	labels    []int // ascending
	v         matrix.Matrix
	p         matrix.Matrix
	lengths   []float64     // ‖V_j‖
	sims      matrix.Matrix // m×proxies: E·Pᵀ, then G
	dv        matrix.Matrix // ∂L/∂P, then ∂L/∂V in its place
	optimizer optimizer     // nil with head none
}

func newProxies(c Config, m, dim int, labels []int) (*proxies, error) {
	switch {
	case c.Proxies.PerClass < 0:
		return nil, fmt.Errorf("train: proxies.per_class is %d: it must be 1 or more", c.Proxies.PerClass)
	case !(c.Proxies.LR > 0) || math.IsInf(c.Proxies.LR, 0):
		return nil, fmt.Errorf("train: proxies.lr is %v: it must be above 0", c.Proxies.LR)
	}
	b := &proxies{anchors: c.Proxies.Anchors}
	for _, class := range classes(labels) {
		b.labels = append(b.labels, slices.Repeat([]int{class}, c.Proxies.PerClass)...)
	}
	n := len(b.labels)
	b.v, b.p, b.dv, b.sims, b.lengths = matrix.New(n, dim), matrix.New(n, dim), matrix.New(n, dim), matrix.New(m, n), make([]float64, n)
	rng := stream(c.Seed, c.DataKey, "proxies")
	for k := range b.v.Data {
		b.v.Data[k] = float32(rng.NormFloat64())
	}
	for j := range n {
		normalize(b.v.Row(j))
	}
	if c.Head.Name == "none" {
		return b, nil
	}
	o := c.Optimizer
	o.LR = c.Proxies.LR
	var err error
	b.optimizer, err = newOptimizer(o, len(b.v.Data))
	return b, err
}

func (b *proxies) most() int { return len(b.labels) }

func (b *proxies) vectors(*chain) (matrix.Matrix, bool) { return b.p, false }

func (b *proxies) compare(c *chain, s *Step) {
	copy(b.p.Data, b.v.Data)
	for j := range b.lengths {
		b.lengths[j] = normalize(b.p.Row(j))
	}
	f32.MulNT(b.sims, c.e, b.p)
	settleNear(b.sims, c.e, b.p)
	if b.anchors {
		s.size(b.labels, s.Labels, nil)
	} else {
		s.size(s.Labels, b.labels, nil)
	}
	for i := range b.sims.Rows {
		for j, v := range b.sims.Row(i) {
			s.S[b.at(i, j)] = float64(v)
		}
	}
}

func (b *proxies) learn(c *chain, s *Step) {
	for i := range b.sims.Rows {
		row := b.sims.Row(i)
		for j := range row {
			row[j] = float32(s.G[b.at(i, j)])
		}
	}
	f32.MulNN(c.de, b.sims, b.p)
	f32.MulTN(b.dv, b.sims, c.e)
	backThroughLength(b.dv, b.p, b.lengths)
	b.optimizer.step(b.v.Data, b.dv.Data)
}

// at is where the similarity of row i of the batch and proxy j stands in S.
func (b *proxies) at(i, j int) int {
	if b.anchors {
		return j*b.sims.Rows + i
	}
	return i*b.sims.Cols + j
}

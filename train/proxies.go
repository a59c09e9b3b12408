package train

import (
	"fmt"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// proxies are the vectors V of [config.Proxies], P_j = V_j/‖V_j‖ and S = E·Pᵀ, or its
// transpose if they are the anchors. With G as the derivative by E·Pᵀ,
//
//	∂L/∂E = G·P        ∂L/∂P = Gᵀ·E
type proxies struct {
	anchors   bool
	labels    []int         // ascending
	v         matrix.Matrix // proxies×dim
	p         matrix.Matrix // proxies×dim
	lengths   []float64     // ‖V_j‖
	sims      matrix.Matrix // m×proxies: E·Pᵀ, then G
	dv        matrix.Matrix // ∂L/∂P, then ∂L/∂V in its place
	optimizer optimizer     // nil with head none
}

func newProxies(c Config, m, dim int, labels []int) (*proxies, error) {
	if err := config.Require("proxies", c.Proxies, "lr"); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}

	b := &proxies{anchors: c.ProxyAnchors}
	for _, class := range classes(labels) {
		b.labels = append(b.labels, slices.Repeat([]int{class}, c.Proxies.PerClass)...)
	}

	n := len(b.labels)
	b.v, b.p, b.dv = matrix.New(n, dim), matrix.New(n, dim), matrix.New(n, dim)
	b.sims, b.lengths = matrix.New(m, n), make([]float64, n)

	rng := stream(c.Seed, c.DataKey, "proxies")
	for k := range b.v.Data {
		b.v.Data[k] = float32(rng.NormFloat64())
	}

	for j := range n {
		normalize(b.v.Row(j))
	}

	if !c.Head.Trains() {
		return b, nil
	}

	o := c.Optimizer
	o.LR = c.Proxies.LR
	var err error
	b.optimizer, err = newOptimizer(o, len(b.v.Data))
	return b, err
}

func (b *proxies) most() int { return len(b.labels) }

func (b *proxies) vectors(matrix.Matrix) (matrix.Matrix, bool) { return b.p, false }

func (b *proxies) forward(e matrix.Matrix, s *Step) {
	copy(b.p.Data, b.v.Data)
	for j := range b.lengths {
		b.lengths[j] = normalize(b.p.Row(j))
	}

	f32.MulNT(b.sims, e, b.p)
	refineNear(b.sims, e, b.p)

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

func (b *proxies) backward(de, e matrix.Matrix, s *Step) {
	for i := range b.sims.Rows {
		row := b.sims.Row(i)
		for j := range row {
			row[j] = float32(s.G[b.at(i, j)])
		}
	}

	f32.MulNN(de, b.sims, b.p)
	f32.MulTN(b.dv, b.sims, e)
	backThroughLength(b.dv, b.p, b.lengths)
	b.optimizer.step(b.v.Data, b.dv.Data)
}

// at returns the index in S of the similarity of row i of the batch and proxy j.
func (b *proxies) at(i, j int) int {
	if b.anchors {
		return j*b.sims.Rows + i
	}
	return i*b.sims.Cols + j
}

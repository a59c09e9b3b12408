package train

import (
	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A headGraph is the head on a batch of features, forward and backward:
//
//	R = X·Wᵀ        ∂L/∂W = (∂L/∂R)ᵀ·X
//
// [Objective] computes ∂L/∂R from R.
type headGraph struct {
	x  matrix.Matrix // m×features
	dr matrix.Matrix // m×dim: ∂L/∂R
	dw matrix.Matrix // dim×features: ∂L/∂W; no rows with head none
}

func newHeadGraph(m int, w matrix.Matrix, features int) *headGraph {
	h := &headGraph{x: matrix.New(m, features), dw: matrix.New(w.Rows, w.Cols)}
	if w.Rows > 0 {
		h.dr = matrix.New(m, w.Rows)
	}
	return h
}

// backward turns ∂L/∂R, which is in h.dr, into the gradient ∂L/∂W of the weights.
func (h *headGraph) backward() matrix.Matrix {
	f32.MulTN(h.dw, h.dr, h.x)
	return h.dw
}

// outputs writes the outputs R of the head with weights w for the features x to r.
// Without weights they are the features.
func outputs(r, x, w matrix.Matrix) {
	if w.Rows > 0 {
		f32.MulNT(r, x, w)
		return
	}
	copyRows(r, x)
}

func copyRows(to, from matrix.Matrix) {
	for i := range from.Rows {
		copy(to.Row(i), from.Row(i))
	}
}

// backThroughLength replaces ∂L/∂E in d by ∂L/∂R, where E_i = R_i/‖R_i‖ are the rows of
// e:
//
//	∂L/∂R_i = (∂L/∂E_i − (∂L/∂E_i·E_i)·E_i)/‖R_i‖
func backThroughLength(d, e matrix.Matrix, lengths []float64) {
	for i, length := range lengths {
		d, e := d.Row(i), e.Row(i)
		f32.Reject(d, e, f32.Dot(d, e), 1/length)
	}
}

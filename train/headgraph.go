package train

import (
	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A headGraph is the head on a batch of features, forward and backward:
//
//	R = X·Wᵀ        ∂L/∂W = (∂L/∂R)ᵀ·X
//
// and with hidden units H = relu(X·Uᵀ)
//
//	R = X·Wᵀ + H·Vᵀ        ∂L/∂V = (∂L/∂R)ᵀ·H        ∂L/∂H = (∂L/∂R)·V
//	∂L/∂U = (∂L/∂H where H > 0)ᵀ·X
//
// [Objective] computes ∂L/∂R from R.
type headGraph struct {
	x  matrix.Matrix // m×features
	dr matrix.Matrix // m×dim: ∂L/∂R

	dw       Weights   // ∂L/∂W, ∂L/∂U and ∂L/∂V
	gradient []float32 // the same in one piece

	units hiddenUnits   // without rows for a head that has none
	dh    matrix.Matrix // m×hidden: ∂L/∂H
}

// hiddenUnits has the memory of the hidden units of some rows.
type hiddenUnits struct {
	h      matrix.Matrix // rows×hidden: H
	branch matrix.Matrix // rows×dim: H·Vᵀ, where X·Wᵀ is added to it
}

func newHiddenUnits(rows int, w Weights) (u hiddenUnits) {
	if w.U.Rows > 0 {
		u.h = matrix.New(rows, w.U.Rows)
	}
	if w.U.Rows > 0 && w.W.Rows > 0 {
		u.branch = matrix.New(rows, w.V.Rows)
	}
	return u
}

// slice has the memory of the first n rows.
func (u hiddenUnits) slice(n int) hiddenUnits {
	u.h.Rows = min(u.h.Rows, n)
	u.branch.Rows = min(u.branch.Rows, n)
	return u
}

func newHeadGraph(m int, w Weights, features int) *headGraph {
	h := &headGraph{x: matrix.New(m, features), units: newHiddenUnits(m, w)}
	if w.trains() {
		h.dr = matrix.New(m, w.Dim(features))
		h.gradient = make([]float32, w.size())
		h.dw = w.on(h.gradient)
	}
	if w.U.Rows > 0 {
		h.dh = matrix.New(m, w.U.Rows)
	}
	return h
}

// forward writes the outputs R of the head with weights w for the features in h.x to r.
func (h *headGraph) forward(r matrix.Matrix, w Weights) { h.units.outputs(r, h.x, w) }

// backward turns ∂L/∂R, which is in h.dr, into the gradient of the weights w, with which
// forward was called.
func (h *headGraph) backward(w Weights) []float32 {
	if w.W.Rows > 0 {
		f32.MulTN(h.dw.W, h.dr, h.x)
	}
	if w.U.Rows == 0 {
		return h.gradient
	}

	f32.MulTN(h.dw.V, h.dr, h.units.h)
	f32.MulNN(h.dh, h.dr, w.V)
	for k, v := range h.units.h.Data {
		if v == 0 {
			h.dh.Data[k] = 0
		}
	}
	f32.MulTN(h.dw.U, h.dh, h.x)
	return h.gradient
}

// outputs writes the outputs R of the head with weights w for the features x to r, in the
// memory of u. Without weights they are the features.
func (u hiddenUnits) outputs(r, x matrix.Matrix, w Weights) {
	switch {
	case !w.trains():
		copyRows(r, x)
		return
	case w.U.Rows == 0:
		f32.MulNT(r, x, w.W)
		return
	}

	f32.MulNT(u.h, x, w.U)
	for i := range u.h.Rows {
		row := u.h.Row(i)
		for k, v := range row {
			if v < 0 { // NaN stays
				row[k] = 0
			}
		}
	}

	if w.W.Rows == 0 {
		f32.MulNT(r, u.h, w.V)
		return
	}

	f32.MulNT(r, x, w.W)
	f32.MulNT(u.branch, u.h, w.V)
	for i := range r.Rows {
		row := r.Row(i)
		for k, v := range u.branch.Row(i) {
			row[k] += v
		}
	}
}

// outputBlock is the number of rows of which outputs holds the hidden units at once.
const outputBlock = 512

// outputs writes the outputs R of the head with weights w for the features x to r. Beside
// them it holds the hidden units of a block of rows.
func outputs(r, x matrix.Matrix, w Weights) {
	if w.U.Rows == 0 {
		hiddenUnits{}.outputs(r, x, w)
		return
	}

	units := newHiddenUnits(min(outputBlock, x.Rows), w)
	for from := 0; from < x.Rows; from += outputBlock {
		to := min(from+outputBlock, x.Rows)
		units.slice(to-from).outputs(r.Slice(from, to), x.Slice(from, to), w)
	}
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

package train

import (
	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A chain is the way from a batch of features to its embeddings and back:
//
//	R = X·Wᵀ        E_i = R_i/‖R_i‖
type chain struct {
	x       matrix.Matrix // m×features
	e       matrix.Matrix // m×dim: R, then E in its place
	lengths []float64     // m: ‖R_i‖
	de      matrix.Matrix // m×dim: ∂L/∂E, then ∂L/∂R in its place
	dw      matrix.Matrix // dim×features: ∂L/∂W
}

func newChain(m, features, dim int) *chain {
	return &chain{
		x: matrix.New(m, features), e: matrix.New(m, dim), lengths: make([]float64, m), de: matrix.New(m, dim), dw: matrix.New(dim, features),
	}
}

// forward writes c.e for the features in c.x and weights w, as embed does.
func (c *chain) forward(w matrix.Matrix) { embed(c.e, c.x, w, c.lengths) }

// embed writes the embeddings of the features x under the weights w to e, and the lengths that they had before they were normalised; without weights the
// features are the embeddings. Rows of length zero or not finite are left as they are, for the caller to see in lengths.
func embed(e, x, w matrix.Matrix, lengths []float64) {
	outputs(e, x, w)
	for i := range lengths {
		lengths[i] = normalize(e.Row(i))
	}
}

// outputs writes the outputs of the head, which are not normalised.
func outputs(r, x, w matrix.Matrix) {
	if w.Rows > 0 {
		f32.MulNT(r, x, w)
		return
	}
	for i := range x.Rows {
		copy(r.Row(i), x.Row(i))
	}
}

// backward carries ∂L/∂E, which the candidates left in c.de, to the weights, and returns ∂L/∂W = (∂L/∂R)ᵀ·X.
func (c *chain) backward() matrix.Matrix {
	backThroughLength(c.de, c.e, c.lengths)
	f32.MulTN(c.dw, c.de, c.x)
	return c.dw
}

// backThroughLength turns ∂L/∂E in d, E_i = R_i/‖R_i‖ being rows of e, into
//
//	∂L/∂R_i = (∂L/∂E_i − (∂L/∂E_i·E_i)·E_i)/‖R_i‖
func backThroughLength(d, e matrix.Matrix, lengths []float64) {
	for i, length := range lengths {
		d, e := d.Row(i), e.Row(i)
		f32.Reject(d, e, f32.Dot(d, e), 1/length)
	}
}

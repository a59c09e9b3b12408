package train

import (
	"gpwbench/internal/f32"
)

// A chain is the way from a batch of features to its similarities and back:
//
//	R = X·Wᵀ        E_i = R_i/‖R_i‖        S = E·Eᵀ
type chain struct {
	x       f32.Matrix // m×features
	e       f32.Matrix // m×dim: R, then E in its place
	lengths []float64  // m: ‖R_i‖
	sims    f32.Matrix // m×m: S, then G + Gᵀ
	de      f32.Matrix // m×dim: ∂L/∂E, then ∂L/∂R in its place
	dw      f32.Matrix // dim×features: ∂L/∂W
}

func newChain(m, features, dim int) *chain {
	return &chain{
		x: f32.New(m, features), e: f32.New(m, dim), lengths: make([]float64, m), sims: f32.New(m, m), de: f32.New(m, dim),
		dw: f32.New(dim, features),
	}
}

// forward writes S for the features in c.x and weights w; without weights the features are the embeddings. Rows of length zero or
// not finite are left as they are, for the caller to see in c.lengths.
func (c *chain) forward(w f32.Matrix, s []float64) {
	if w.Rows == 0 {
		for i := range c.x.Rows {
			copy(c.e.Row(i), c.x.Row(i))
		}
	} else {
		f32.MulNT(c.e, c.x, w)
	}
	for i := range c.lengths {
		c.lengths[i] = normalize(c.e.Row(i))
	}
	f32.Gram(c.sims, c.e)
	for k, v := range c.sims.Data {
		s[k] = float64(v)
	}
}

// backward carries G = ∂L/∂S, of the similarities that forward wrote, to the weights, and returns ∂L/∂W:
//
//	∂L/∂E = (G + Gᵀ)·E        ∂L/∂R_i = (∂L/∂E_i − (∂L/∂E_i·E_i)·E_i)/‖R_i‖        ∂L/∂W = (∂L/∂R)ᵀ·X
func (c *chain) backward(g []float64) f32.Matrix {
	m := len(c.lengths)
	for i := range m {
		row := c.sims.Row(i)
		for j := range row {
			row[j] = float32(g[i*m+j] + g[j*m+i])
		}
	}
	f32.MulNN(c.de, c.sims, c.e)
	for i, length := range c.lengths {
		d, e := c.de.Row(i), c.e.Row(i)
		along := dot(d, e)
		for k, v := range d {
			d[k] = float32((float64(v) - along*float64(e[k])) / length)
		}
	}
	f32.MulTN(c.dw, c.de, c.x)
	return c.dw
}

package train

import (
	"fmt"

	"gpwbench/matrix"
)

// Weights are the weights of a head. The head maps features x to
//
//	none      x
//	linear    W·x
//	residual  W·x + V·relu(U·x)
//	mlp       V·relu(U·x)
//
// A part that a head lacks is a matrix without rows.
type Weights struct {
	W matrix.Matrix // dim×features
	U matrix.Matrix // hidden×features
	V matrix.Matrix // dim×hidden
}

// Dim is the number of dimensions of the outputs for so many features.
func (w Weights) Dim(features int) int {
	switch {
	case w.W.Rows > 0:
		return w.W.Rows
	case w.V.Rows > 0:
		return w.V.Rows
	}
	return features
}

// Clone returns a copy.
func (w Weights) Clone() Weights { return Weights{w.W.Clone(), w.U.Clone(), w.V.Clone()} }

// trains reports whether there are weights.
func (w Weights) trains() bool { return w.W.Rows > 0 || w.V.Rows > 0 }

// Check returns an error for weights that do not fit each other or the features.
func (w Weights) Check(features int) error {
	for k, m := range []matrix.Matrix{w.W, w.U, w.V} {
		if err := checkMatrix("the weights "+"WUV"[k:k+1], m); err != nil {
			return err
		}
	}
	for _, m := range []matrix.Matrix{w.W, w.U} {
		if m.Rows == 0 {
			continue
		}
		if err := checkColumns("a head", features, m.Cols); err != nil {
			return err
		}
	}
	if w.U.Rows != w.V.Cols && w.U.Rows+w.V.Rows > 0 || w.W.Rows > 0 && w.V.Rows > 0 && w.W.Rows != w.V.Rows || w.U.Rows > 0 && w.V.Rows == 0 {
		return fmt.Errorf("train: the weights W %d×%d, U %d×%d and V %d×%d are of no head: "+
			"V·relu(U·x) must have the dimensions of W·x",
			w.W.Rows, w.W.Cols, w.U.Rows, w.U.Cols, w.V.Rows, w.V.Cols)
	}
	return nil
}

// on returns weights of the same shapes in the memory of data, one matrix after the
// other. They must have no gaps between rows.
func (w Weights) on(data []float32) Weights {
	for _, m := range []*matrix.Matrix{&w.W, &w.U, &w.V} {
		n := m.Rows * m.Cols
		m.Stride, m.Data = m.Cols, data[:n:n]
		data = data[n:]
	}
	return w
}

// size is the number of weights.
func (w Weights) size() int {
	return w.W.Rows*w.W.Cols + w.U.Rows*w.U.Cols + w.V.Rows*w.V.Cols
}

// joined returns the weights in one piece of memory, as an optimizer takes them, and that
// memory. It is that of W where there is nothing else.
func (w Weights) joined() (Weights, []float32) {
	if w.U.Rows == 0 {
		return w, w.W.Data
	}

	data := make([]float32, w.size())
	to := w.on(data)
	copyRows(to.W, w.W)
	copyRows(to.U, w.U)
	copyRows(to.V, w.V)
	return to, data
}

package train

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"gpwbench/matrix"
)

// A HeadConfig says what is trained on the features: nothing (none), or a linear map without offset, y = W·x with W of Dim×features.
// Whether the features are centred is for [FitPreprocess] to say.
//
// The weights start at
//
//	identity    1 on the diagonal; with Dim below the features' it keeps the first Dim of them
//	pca         the first Dim rows of Start, a [PCA] of the training features
//	orthogonal  random orthonormal rows, uniform over all such matrices
//	whitened    Start, a [Whitening] of the training features; Dim is the features'
//
// The mean of Start is not used: the head has no offset.
type HeadConfig struct {
	Name string // none, linear
	Dim  int    // of the embeddings; 0: as the features; not above
	Init string // identity, pca, orthogonal, whitened

	// Start is the fitted map of Init pca and whitened, prepared once for a data set.
	Start *Linear

	// DecayToInit pulls the weights to where they started, decoupled from the gradient: before each step of the optimizer,
	// w −= lr·DecayToInit·(w − w₀). It is AdamW's weight decay with w₀ in place of zero.
	DecayToInit float64
}

// initialWeights returns W of a linear head over the given number of features.
func (c HeadConfig) initialWeights(features int, rng *rand.Rand) (matrix.Matrix, error) {
	dim := c.Dim
	if dim == 0 {
		dim = features
	}
	switch {
	case dim < 0 || dim > features:
		return matrix.Matrix{}, fmt.Errorf("train: head.dim is %d for %d features: take 1 to %d, or leave it out for all", c.Dim, features, features)
	case !(c.DecayToInit >= 0) || math.IsInf(c.DecayToInit, 0):
		return matrix.Matrix{}, fmt.Errorf("train: head.decay_to_init is %v: it must be 0 or more", c.DecayToInit)
	case c.Init == "whitened" && dim < features:
		return matrix.Matrix{}, fmt.Errorf("train: head.dim is %d, and a whitened start keeps all %d features: leave dim out, or start from pca", dim, features)
	}
	switch c.Init {
	case "identity":
		w := matrix.New(dim, features)
		for i := range dim {
			w.Row(i)[i] = 1
		}
		return w, nil
	case "orthogonal":
		return orthonormal(dim, features, rng)
	case "pca", "whitened":
		switch {
		case c.Start == nil:
			return matrix.Matrix{}, fmt.Errorf("train: head.init %s needs a fitted map, and none is given", c.Init)
		case c.Start.W.Cols != features || c.Start.W.Rows < dim:
			return matrix.Matrix{}, fmt.Errorf("train: head.init %s is a map of %d features to %d, and the head of %d to %d", c.Init, c.Start.W.Cols, c.Start.W.Rows, features, dim)
		}
		return c.Start.W.Slice(0, dim).Clone(), nil
	}
	return matrix.Matrix{}, fmt.Errorf("train: unknown head.init %q: use identity, pca, orthogonal or whitened", c.Init)
}

// orthonormal returns rows×cols random orthonormal rows, rows ≤ cols. A matrix A of normal variates is as likely as any rotation of
// it, and so is L⁻¹·A, whose rows are orthonormal if A·Aᵀ = L·Lᵀ: the rows of A after Gram and Schmidt.
func orthonormal(rows, cols int, rng *rand.Rand) (matrix.Matrix, error) {
	a := mat.NewDense(rows, cols, nil)
	for k := range a.RawMatrix().Data {
		a.RawMatrix().Data[k] = rng.NormFloat64()
	}
	var gram mat.Dense
	gram.Mul(a, a.T())
	var root mat.Cholesky
	if !root.Factorize(mat.NewSymDense(rows, gram.RawMatrix().Data)) {
		return matrix.Matrix{}, errors.New("train: the random start of the head has dependent rows: take another seed")
	}
	var lower mat.TriDense
	root.LTo(&lower)
	var q mat.Dense
	if err := q.Solve(&lower, a); err != nil {
		return matrix.Matrix{}, fmt.Errorf("train: the random start of the head has dependent rows: take another seed: %w", err)
	}
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: toFloat32(q.RawMatrix().Data)}, nil
}

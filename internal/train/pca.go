package train

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gpwbench/internal/f32"
)

// PCA returns the projection of the centred rows of x onto their first dim principal components, by descending variance. The rows
// of W are orthonormal. The sign of a component, which is arbitrary, is such that its entry of largest magnitude is positive. dim is
// 1 to the features' dimension, and less than the number of rows: beyond that there is no variance.
func PCA(x f32.Matrix, dim int) (*Linear, error) {
	if err := checkFeatures(x); err != nil {
		return nil, err
	}
	if most := min(x.Cols, x.Rows-1); dim < 1 || dim > most {
		return nil, fmt.Errorf("train: a PCA of %d rows of %d features to %d dimensions: take 1 to %d", x.Rows, x.Cols, dim, most)
	}
	means := columnMeans(x)
	d := x.Cols
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(d, scatter(x, func(int) []float64 { return means })), true) {
		return nil, fmt.Errorf("train: the PCA of %d rows of %d features did not converge", x.Rows, d)
	}
	var vectors mat.Dense // a column each, by ascending eigenvalue
	eigen.VectorsTo(&vectors)
	w := f32.New(dim, d)
	for i := range dim {
		row := w.Row(i)
		sign, largest := 1.0, 0.0
		for k := range d {
			if v := vectors.At(k, d-1-i); math.Abs(v) > largest {
				largest, sign = math.Abs(v), math.Copysign(1, v)
			}
		}
		for k := range d {
			row[k] = float32(sign * vectors.At(k, d-1-i))
		}
	}
	return &Linear{Mean: narrow(means), W: w}, nil
}

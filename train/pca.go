package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// PCA returns the projection of the centred rows of x onto their first dim principal
// components, by descending variance. The rows of W, dim×features, are orthonormal. The
// sign of a component is arbitrary; here its entry of largest magnitude is positive.
//
// dim is from 1 to the number of features, and less than the number of rows, because
// further components have no variance. Another dim, and rows that are empty or not
// finite, are errors.
func PCA(x matrix.Matrix, dim int) (*Linear, error) {
	if err := checkFeatures(x); err != nil {
		return nil, err
	}
	if most := min(x.Cols, x.Rows-1); dim < 1 || dim > most {
		return nil, fmt.Errorf("train: a PCA of %d rows of %d features to %d dimensions: "+
			"take 1 to %d", x.Rows, x.Cols, dim, most)
	}

	means := columnMeans(x)
	d := x.Cols
	vectors := scatterMatrix(x, func(int) []float64 { return means })
	variances, ok := eigen(d, vectors)
	if !ok {
		return nil, fmt.Errorf("train: the PCA of %d rows of %d features did not converge", x.Rows, d)
	}

	order := make([]int, d)
	for k := range order {
		order[k] = k
	}

	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(variances[b], variances[a])
	})

	w := matrix.New(dim, d)
	for i, column := range order[:dim] {
		sign, largest := 1.0, 0.0
		for k := range d {
			if v := vectors[k*d+column]; math.Abs(v) > largest {
				largest, sign = math.Abs(v), math.Copysign(1, v)
			}
		}

		for k := range d {
			w.Row(i)[k] = float32(sign * vectors[k*d+column])
		}
	}

	return &Linear{Mean: f32.Narrow(means), W: w}, nil
}

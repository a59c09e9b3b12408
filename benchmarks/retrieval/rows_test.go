package retrieval

import "gpwbench/matrix"

func rowsOf(rows ...[]float32) matrix.Matrix {
	x := matrix.New(len(rows), len(rows[0]))
	for i, row := range rows {
		copy(x.Row(i), row)
	}
	return x
}

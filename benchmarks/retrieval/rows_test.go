package retrieval

import "gpwbench/matrix"

func rowsOf(rows ...[]float32) matrix.Matrix {
	x := matrix.New(len(rows), len(rows[0]))
	for i, row := range rows {
		copy(x.Row(i), row)
	}
	return x
}

// float64s is [Float64] of numbers that fit.
func float64s(rows, cols int, data []float64) Vectors {
	v, err := Float64(rows, cols, data)
	if err != nil {
		panic(err)
	}
	return v
}

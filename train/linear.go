package train

import (
	"errors"
	"fmt"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A Linear is the map y = W·(x − mean) from rows of W.Cols features to rows of W.Rows. It
// is plain data and can be stored in a file. [PCA] and [Whitening] fit one.
type Linear struct {
	Mean []float32     // W.Cols; nil for none
	W    matrix.Matrix // outputs×features
}

// Apply returns the mapped rows of x, x.Rows×W.Rows in new memory. Rows with another
// number of features than W.Cols are an error.
func (l *Linear) Apply(x matrix.Matrix) (matrix.Matrix, error) {
	if err := l.checkApply(x); err != nil { // before there is room for as much
		return matrix.Matrix{}, err
	}
	y := matrix.New(x.Rows, l.W.Rows)
	return y, l.ApplyTo(y, x)
}

// ApplyTo sets y, x.Rows×W.Rows, to what [Linear.Apply] returns. Its errors are those of
// Apply, and another shape of y.
func (l *Linear) ApplyTo(y, x matrix.Matrix) error {
	if err := l.checkApply(x); err != nil {
		return err
	}
	if err := checkRoom(y, x.Rows, l.W.Rows); err != nil {
		return err
	}
	if l.Mean == nil {
		f32.MulNT(y, x, l.W)
		return nil
	}

	centred := matrix.New(min(x.Rows, blockRows), x.Cols)
	for from := 0; from < x.Rows; from += blockRows {
		to := min(from+blockRows, x.Rows)
		block := centred.Slice(0, to-from)
		for i := range block.Rows {
			row := block.Row(i)
			for k, v := range x.Row(from + i) {
				row[k] = v - l.Mean[k]
			}
		}

		f32.MulNT(y.Slice(from, to), block, l.W)
	}
	return nil
}

// checkApply refuses a map that is none, and rows that it cannot map.
func (l *Linear) checkApply(x matrix.Matrix) error {
	if l == nil {
		return errors.New("train: no linear map to apply; PCA and Whitening fit one")
	}
	if err := l.check(); err != nil {
		return err
	}
	if err := checkMatrix("the features", x); err != nil {
		return err
	}
	return checkColumns("a linear map", x.Cols, l.W.Cols)
}

// check returns an error for a map with invalid data.
func (l *Linear) check() error {
	if err := checkMatrix("a linear map", l.W); err != nil {
		return err
	}
	if l.Mean != nil && len(l.Mean) != l.W.Cols {
		return fmt.Errorf("train: a linear map of %d features has a mean of %d: they must agree",
			l.W.Cols, len(l.Mean))
	}
	return nil
}

// blockRows is the number of rows that are centred at a time, and summed in float32
// before they are added to a float64 sum.
const blockRows = 256

// scatterMatrix returns Σ_i (x_i − c_i)(x_i − c_i)ᵀ, row-major Cols×Cols, where centre
// returns c_i. The products of blockRows rows are summed in float32, and these sums in
// float64, which keeps the error within 1e-6 of its largest entries.
func scatterMatrix(x matrix.Matrix, centre func(row int) []float64) []float64 {
	d := x.Cols
	sum := make([]float64, d*d)
	centred, product := matrix.New(min(x.Rows, blockRows), d), matrix.New(d, d)

	for from := 0; from < x.Rows; from += blockRows {
		block := centred.Slice(0, min(blockRows, x.Rows-from))
		for i := range block.Rows {
			row, c := block.Row(i), centre(from+i)
			for k, v := range x.Row(from + i) {
				row[k] = float32(float64(v) - c[k])
			}
		}

		f32.MulTN(product, block, block)
		for k, v := range product.Data {
			sum[k] += float64(v)
		}
	}

	return sum
}

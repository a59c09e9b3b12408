package arrays

import (
	"errors"
	"fmt"
)

// EachRow passes the rows of a rows×cols matrix in their order, without loss of digits,
// and never holds more than a part of them. A row may be used until visit returns. An
// error of visit ends the reading and is returned as it is. Refused is a matrix that does
// not lie in its file row after row, as of a table, of MATLAB, or transposed.
func (a *Array) EachRow(visit func(i int, row []float64) error) error {
	if err := a.checkMatrix(); err != nil {
		return a.file.wrap(a, err)
	}
	n := count(a.Shape)
	switch {
	case a.open == nil || a.strides != nil && !isContiguous(a.Shape, a.strides):
		return a.file.wrap(a, errors.New("does not lie in the file row after row: save a contiguous copy"))
	case n < 0 || n > a.stored && n > 0:
		return a.file.wrap(a, fmt.Errorf("has the shape %s, more than the %d elements that the file holds for it: save a contiguous copy", shapeText(a.Shape), a.stored))
	case n == 0:
		return nil
	}

	cols := a.Shape[1]
	row := make([]float64, 0, cols)
	part := make([]float64, min(n, chunk/a.dtype.size))
	var refused error
	err := stream(a, n, func(at int, src []byte) error {
		values := part[:len(src)/a.dtype.size]
		if err := decodeFloats(values, src, a.dtype); err != nil {
			return err
		}
		for i := at / cols; len(values) > 0; {
			take := min(cols-len(row), len(values))
			row, values = append(row, values[:take]...), values[take:]
			if len(row) < cols {
				return nil
			}
			if refused = visit(i, row); refused != nil {
				return refused
			}
			i, row = i+1, row[:0]
		}
		return nil
	})
	if refused != nil {
		return refused
	}
	return a.file.wrap(a, err)
}

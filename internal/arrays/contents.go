package arrays

import "slices"

// Contents returns the features and the labels of a file, each nil where it has none. In
// a table that has both, the features are without the label column. Labels may be floats
// here: see [Array.Numbers]. Several arrays that can be one of them are an error, which
// asks for a name.
func (f *File) Contents() (x, y *Array, err error) {
	if f.selector != "" || len(f.Arrays) == 1 {
		a := f.Arrays[0]
		if f.selector != "" {
			if a, err = f.named(); err != nil {
				return nil, nil, err
			}
		}
		switch {
		case a.isMatrix():
			return a, nil, nil
		case a.isVector(), a.isNumbers():
			return nil, a, nil
		}
		return nil, nil, nil
	}

	if slices.ContainsFunc(f.Arrays, (*Array).isMatrix) {
		if x, err = f.Features(); err != nil {
			return nil, nil, err
		}
	}
	if slices.ContainsFunc(f.Arrays, (*Array).isVector) {
		if y, err = f.Labels(); err != nil {
			return nil, nil, err
		}
	}
	if x == nil || y == nil {
		return x, y, nil
	}
	if f.table != nil && y.inTable {
		x = f.table.matrix(y.place)
		return x, y, nil
	}
	x, err = f.orient(x, count(y.Shape))
	return x, y, err
}

// isNumbers says whether the array is a vector of floats, as labels should not be.
func (a *Array) isNumbers() bool {
	s := a.Shape
	return (a.dtype.kind == floating || a.dtype.kind == brain) && a.open != nil &&
		(len(s) == 1 || len(s) == 2 && (s[1] == 1 || s[0] == 1 && a.columnMajor))
}

// Numbers reads a vector of floats, as labels that went through float arithmetic are.
func (a *Array) Numbers() ([]float64, error) {
	if !a.isNumbers() {
		return nil, a.file.wrap(a, a.intsRefused())
	}
	data, err := floats[float64](a, a.floats64)
	return data, a.file.wrap(a, err)
}

// Order says how the elements lie in the file: "little-endian", "big-endian" or "" where
// that has no meaning, and "by columns" where it is a matrix that lies column after
// column.
func (a *Array) Order() (bytes, order string) {
	switch {
	case a.open == nil || a.dtype.kind == opaque:
		return "", ""
	case a.dtype.big:
		bytes = "big-endian"
	case a.dtype.size > 1:
		bytes = "little-endian"
	}
	if len(a.Shape) == 2 && a.strides != nil && a.strides[0] == 1 && a.strides[1] == a.Shape[0] && a.Shape[1] > 1 {
		order = "by columns"
	}
	return bytes, order
}

// LabelFile is the file of the labels of a pair.
func (p *Pair) LabelFile() *File { return p.files[0] }

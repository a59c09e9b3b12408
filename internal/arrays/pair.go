package arrays

import "fmt"

// A Pair is features and the labels of their rows, of one file or of two.
type Pair struct {
	X, Y  *Array
	files []*File
}

// OpenPair opens features and their labels. In a table that has both, the features are
// without the label column. A matrix of MATLAB with a column for each label is
// transposed.
func OpenPair(features, labels string) (p *Pair, err error) {
	p = &Pair{}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()

	y, err := Open(labels)
	if err != nil {
		return p, err
	}
	p.files = append(p.files, y)
	if p.Y, err = y.Labels(); err != nil {
		return p, err
	}

	x, err := Open(features)
	if err != nil {
		return p, err
	}
	p.files = append(p.files, x)
	if p.X, err = x.Features(); err != nil {
		return p, err
	}
	if x.table != nil && x.Path == y.Path && p.Y.inTable && x.selector == "" {
		if p.X = x.table.matrix(p.Y.place); p.X == nil {
			return p, x.wrap(nil, fmt.Errorf("has no columns of numbers beside the labels in column %s", x.table.called(p.Y.place)))
		}
	}
	p.X, err = x.orient(p.X, count(p.Y.Shape))
	return p, err
}

// OpenRows opens features without labels. The caller closes the file.
func OpenRows(path string) (*Array, *File, error) {
	f, err := Open(path)
	if err != nil {
		return nil, nil, err
	}
	a, err := f.Features()
	if err == nil && a.columnMajor && f.selector == "" {
		if y, failed := f.Labels(); failed == nil && y != a {
			a, err = f.orient(a, count(y.Shape))
		}
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return a, f, nil
}

// OpenFeatures opens the features of n rows whose labels are known. A matrix of MATLAB
// with a column for each is transposed. The caller closes the file.
func OpenFeatures(path string, n int) (*Array, *File, error) {
	f, err := Open(path)
	if err != nil {
		return nil, nil, err
	}
	a, err := f.Features()
	if err == nil {
		a, err = f.orient(a, n)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return a, f, nil
}

// Close closes the files.
func (p *Pair) Close() {
	for _, f := range p.files {
		f.Close()
	}
}

// orient transposes a matrix of MATLAB that has n columns and another number of rows.
// Where it has n of both, the user has to name it.
func (f *File) orient(a *Array, n int) (*Array, error) {
	if !a.columnMajor || a.transposed || len(a.Shape) != 2 || a.Shape[1] != n {
		return a, nil
	}
	if a.Shape[0] != n {
		return a.T(), nil
	}
	if f.selector == "" && n > 1 {
		return nil, f.wrap(a, fmt.Errorf("has %d rows and as many columns, and a sample may be in either: give %s:%s, or %s:%s.T if it is a column", n, f.Path, a.Name, f.Path, a.Name))
	}
	return a, nil
}

package datasets

import (
	"fmt"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
	"gpwbench/matrix"
)

// A Naming gives integers to labels that are strings, 0, 1, … in order of first
// appearance. Files that are read with one Naming share them, as the queries and the
// gallery of one evaluation must. The zero value has no names.
type Naming struct {
	Names []string // by label; nil where labels are integers

	labels   map[string]int
	integers string // a file whose labels are integers
}

// LoadVectors is [LoadVectors] with the names of the files before. Labels that are
// integers in one file and strings in another are refused.
func (n *Naming) LoadVectors(vectorsPath, labelsPath string) (retrieval.Vectors, []int, error) {
	p, err := arrays.OpenPair(vectorsPath, labelsPath)
	if err != nil {
		return retrieval.Vectors{}, nil, err
	}
	defer p.Close()

	labels, err := n.read(labelsPath, p.Y)
	if err != nil {
		return retrieval.Vectors{}, nil, err
	}
	rows, cols, narrow, wide, err := p.X.Rows()
	if err != nil {
		return retrieval.Vectors{}, nil, err
	}
	if err := checkCounts(vectorsPath, rows, cols, labelsPath, len(labels)); err != nil {
		return retrieval.Vectors{}, nil, err
	}

	v := retrieval.Float32(matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: narrow})
	if wide != nil {
		if v, err = retrieval.Float64(rows, cols, wide); err != nil {
			return retrieval.Vectors{}, nil, err
		}
	}
	return v, labels, v.Check(vectorsPath)
}

// read reads labels as integers.
func (n *Naming) read(path string, a *arrays.Array) ([]int, error) {
	ints, names, err := a.Labels()
	switch {
	case err != nil:
		return nil, err
	case ints != nil && n.Names != nil:
		return nil, fmt.Errorf("datasets: the labels of %s are integers, those of the file before are strings such as %q: they must be of one kind", path, n.Names[0])
	case ints != nil:
		n.integers = path
		return ints, nil
	case n.integers != "":
		return nil, fmt.Errorf("datasets: the labels of %s are strings, those of %s are integers: they must be of one kind", path, n.integers)
	}

	if n.labels == nil {
		n.labels = map[string]int{}
	}
	ints = make([]int, len(names))
	for i, name := range names {
		label, known := n.labels[name]
		if !known {
			label = len(n.Names)
			n.labels[name], n.Names = label, append(n.Names, name)
		}
		ints[i] = label
	}
	return ints, nil
}

package datasets

import (
	"fmt"
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
	"gpwbench/matrix"
)

// A Naming gives integers to labels that are strings, 0, 1, … in order of first
// appearance. Files that are read with one Naming share them, as the queries and the
// gallery of one evaluation must. The zero value has no names.
type Naming struct {
	Names []string // by label; nil where labels are integers

	// Maps has the rows of large files, if they are not to be copied.
	Maps *arrays.Maps

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
	rows, cols, narrow, wide, err := n.Maps.Rows(p.X)
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

// LoadLabels reads the labels of a file, integers or strings.
func (n *Naming) LoadLabels(path string) ([]int, error) {
	f, err := arrays.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	y, err := f.Labels()
	if err != nil {
		return nil, err
	}
	return n.read(path, y)
}

// NamingOf is a naming that gave these names to labels 0, 1, …; nil where labels are
// integers.
func NamingOf(names []string) *Naming {
	n := &Naming{Names: names, labels: make(map[string]int, len(names))}
	for label, name := range names {
		n.labels[name] = label
	}
	return n
}

// Label returns the label that a text names, and false where no file has it.
func (n *Naming) Label(text string) (int, bool) {
	if n.Names != nil {
		label, known := n.labels[text]
		return label, known
	}
	label, err := strconv.Atoi(text)
	return label, err == nil
}

// Split returns the labels of each row whose name is several with a separator between.
// Spaces around a label are no part of it, and an empty one is none. Integers are one
// label each.
func (n *Naming) Split(labels []int, separator string) [][]int {
	places := map[string]int{}
	parts := make([][]int, len(n.Names))
	for i, name := range n.Names {
		for part := range strings.SplitSeq(name, separator) {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			if _, known := places[part]; !known {
				places[part] = len(places)
			}
			parts[i] = append(parts[i], places[part])
		}
	}

	sets := make([][]int, len(labels))
	for i, label := range labels {
		if n.Names == nil {
			sets[i] = []int{label}
		} else {
			sets[i] = parts[label]
		}
	}
	return sets
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

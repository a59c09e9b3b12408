package datasets

import (
	"fmt"

	"gpwbench/matrix"
)

// LoadLabels reads N labels, integers or strings, as a data set without features: its X
// has N rows of no columns. The error of a missing file satisfies errors.Is(err,
// fs.ErrNotExist).
func LoadLabels(name, path string) (*Dataset, error) {
	var naming Naming
	labels, err := naming.LoadLabels(path)
	if err != nil {
		return nil, err
	}
	if len(labels) == 0 {
		return nil, fmt.Errorf("datasets: %s has no labels: there is nothing to retrieve", path)
	}
	x := matrix.New(len(labels), 0)
	return &Dataset{Name: name, X: x, Labels: labels, Names: naming.Names, Provenance: baseName(path), Checksum: checksum(x, labels)}, nil
}

// AllTest makes every row a test row; they search each other.
func AllTest(labels []int) Split {
	s := Split{GalleryIsQuery: true, Query: make([]int, len(labels))}
	for row := range labels {
		s.Query[row] = row
	}
	s.Gallery = s.Query
	return s
}

// PartitionTest is [ByPartition] where nothing is trained: it needs no training rows.
func PartitionTest(labels, part []int) (Split, error) {
	s, err := divide(labels, part)
	if err == nil && (len(s.Query) == 0 || len(s.Gallery) == 0) {
		err = fmt.Errorf("datasets: the partition has %d query and %d gallery rows: it needs some of each", len(s.Query), len(s.Gallery))
	}
	return s, err
}

// Test returns the test rows, ascending: queries and gallery, each row once.
func (s Split) Test() []int {
	if s.GalleryIsQuery {
		return s.Query
	}
	var rows []int
	query, gallery := s.Query, s.Gallery
	for len(query) > 0 && len(gallery) > 0 {
		if query[0] < gallery[0] {
			rows, query = append(rows, query[0]), query[1:]
		} else {
			rows, gallery = append(rows, gallery[0]), gallery[1:]
		}
	}
	return append(append(rows, query...), gallery...)
}

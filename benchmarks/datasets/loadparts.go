package datasets

import (
	"fmt"

	"gpwbench/internal/arrays"
	"gpwbench/matrix"
)

// LoadFeatures is [Load] where the labels are known, from an annotation that errors call
// labelsFrom. Names are those of the classes, or nil.
func LoadFeatures(name, path, labelsFrom string, labels []int, names []string) (*Dataset, error) {
	a, f, err := arrays.OpenFeatures(path, len(labels))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x, err := narrowed(path, a, labelsFrom, len(labels))
	if err != nil {
		return nil, err
	}
	d, err := NewDataset(name, path, x, labels)
	if err != nil {
		return nil, err
	}
	d.Provenance, d.Names = baseName(path), names
	return d, nil
}

// PartFiles are the files of the rows of one part.
type PartFiles struct {
	Part             int    // TrainPart, …
	Features, Labels string // Features "" where there are labels alone
}

// LoadParts reads a data set whose parts have files of their own, in the formats of
// [Load], one part below the other, and says which part each row is of. Labels that are
// strings stand for the same classes in all of them. Either all parts have features or
// none.
func LoadParts(name string, parts []PartFiles) (*Dataset, []int, error) {
	if len(parts) == 0 || parts[0].Features == "" {
		return loadLabelParts(name, parts)
	}
	var naming Naming
	var labels, part []int
	read := make([]matrix.Matrix, len(parts))
	for k, p := range parts {
		x, y, err := naming.load(p.Features, p.Labels)
		if err == nil {
			err = checkVectors(p.Features, x)
		}
		if err != nil {
			return nil, nil, err
		}
		if x.Cols != read[0].Cols && k > 0 {
			return nil, nil, fmt.Errorf("datasets: %s has %d dimensions, %s %d: the parts must be of one network", p.Features, x.Cols, parts[0].Features, read[0].Cols)
		}
		read[k], labels = x, append(labels, y...)
		for range y {
			part = append(part, p.Part)
		}
	}

	all, err := newFeatures(len(labels), read[0].Cols)
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	at := 0
	for k, x := range read {
		for i := range x.Rows {
			copy(all.Row(at+i), x.Row(i))
		}
		at, read[k] = at+x.Rows, matrix.Matrix{} // the collector may have it
	}
	d, err := NewDataset(name, parts[0].Features, all, labels)
	if err != nil {
		return nil, nil, err
	}
	d.Provenance, d.Names = baseName(parts[0].Features), naming.Names
	return d, part, nil
}

// loadLabelParts is LoadParts of labels alone.
func loadLabelParts(name string, parts []PartFiles) (*Dataset, []int, error) {
	var naming Naming
	var labels, part []int
	for _, p := range parts {
		f, err := arrays.Open(p.Labels)
		if err != nil {
			return nil, nil, err
		}
		y, err := naming.readFile(f, p.Labels)
		f.Close()
		if err != nil {
			return nil, nil, err
		}
		labels = append(labels, y...)
		for range y {
			part = append(part, p.Part)
		}
	}
	if len(labels) == 0 {
		return nil, nil, fmt.Errorf("datasets: %s has no labels: there is nothing to retrieve", name)
	}
	return FromLabels(name, baseName(parts[0].Labels), labels, naming.Names), part, nil
}

// readFile reads the labels of a file.
func (n *Naming) readFile(f *arrays.File, path string) ([]int, error) {
	y, err := f.Labels()
	if err != nil {
		return nil, err
	}
	return n.read(path, y)
}

package arrays

import (
	"fmt"
	"slices"
	"strings"
)

// Names that arrays of features and of labels usually have, in lower case.
var (
	featureNames = []string{"features", "embeddings", "feats", "feat", "feature", "embedding", "embs", "emb", "vectors", "x", "data", "arr_0"}
	labelNames   = []string{"labels", "label", "targets", "target", "y", "classes", "class", "class_id", "label_id", "arr_1"}
)

// Features chooses the matrix that the path names, or the one that is meant: with a usual
// name (features, embeddings, feats, x, arr_0 and others), or the only matrix there is.
func (f *File) Features() (*Array, error) {
	return f.choose(featureNames, (*Array).isMatrix, "rows of features")
}

// Labels chooses the labels that the path names, or those that are meant: with a usual
// name (labels, targets, y, class and others), or the only array of one integer or string
// a row.
func (f *File) Labels() (*Array, error) {
	return f.choose(labelNames, (*Array).isVector, "labels")
}

func (f *File) choose(usual []string, fits func(*Array) bool, what string) (*Array, error) {
	if f.selector != "" {
		return f.named()
	}
	if len(f.Arrays) == 1 {
		return f.Arrays[0], nil
	}
	if k := slices.IndexFunc(f.Arrays, func(a *Array) bool { return a.isLabels && fits(a) }); k >= 0 {
		return f.Arrays[k], nil
	}

	var fitting, named []*Array
	for _, a := range f.Arrays {
		if !fits(a) {
			continue
		}
		fitting = append(fitting, a)
		if slices.Contains(usual, strings.ToLower(lastPart(a.Name))) {
			named = append(named, a)
		}
	}
	switch {
	case len(named) == 1:
		return named[0], nil
	case len(named) == 0 && len(fitting) == 1:
		return fitting[0], nil
	case len(fitting) == 0:
		return nil, f.wrap(nil, fmt.Errorf("has no array that can be %s; it holds %s", what, f.describe(f.Arrays)))
	}
	if len(named) == 0 {
		named = fitting
	}
	return nil, f.wrap(nil, fmt.Errorf("has several arrays that can be %s, %s: name one, as %s:%s", what, f.describe(named), f.Path, named[0].Name))
}

// named is the array that the path names.
func (f *File) named() (*Array, error) {
	name, transposed := strings.CutSuffix(f.selector, ".T")
	if a := f.lookup(f.selector); a != nil {
		return a, nil
	}
	if transposed {
		if name == "" && len(f.Arrays) == 1 {
			return f.Arrays[0].T(), nil
		}
		if a := f.lookup(name); a != nil {
			return a.T(), nil
		}
	}
	if f.Metadata == nil && len(f.Arrays) == 1 && f.Arrays[0].Name == "" {
		return nil, f.wrap(nil, fmt.Errorf("holds one array without a name, and none called %q: leave out :%s", f.selector, f.selector))
	}
	return nil, f.wrap(nil, fmt.Errorf("has no array %q; it holds %s", f.selector, f.describe(f.Arrays)))
}

func (f *File) lookup(name string) *Array {
	for _, a := range f.Arrays {
		if a.Name == name {
			return a
		}
	}
	if f.table != nil {
		return f.table.named(name)
	}
	return nil
}

// describe lists arrays with their types and shapes, at most a dozen.
func (f *File) describe(of []*Array) string {
	if len(of) == 0 {
		return "no arrays"
	}
	var all []string
	for _, a := range of[:min(len(of), 12)] {
		all = append(all, fmt.Sprintf("%s (%s %s)", a.Name, a.Type, shapeText(a.Shape)))
	}
	text := strings.Join(all, ", ")
	if more := len(of) - len(all); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// lastPart is what follows the last point of a nested name.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

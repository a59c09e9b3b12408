package arrays

import (
	"fmt"
	"slices"
	"strings"
)

// Names that arrays of features, of labels and of partitions usually have, in lower case.
var (
	featureNames   = []string{"features", "embeddings", "feats", "feat", "feature", "embedding", "embs", "emb", "vectors", "x", "data", "arr_0"}
	labelNames     = []string{"labels", "label", "targets", "target", "y", "classes", "class", "class_id", "label_id", "arr_1"}
	partitionNames = []string{"partition", "split", "part", "subset", "arr_2"}
)

// A role is what an array is wanted for.
type role struct {
	what  string
	usual []string // names
	fits  func(*Array) bool
	rival func(chosen, other *Array) bool // may be meant in place of one with a usual name; nil for none
}

// Features chooses the matrix that the path names, or the one that is meant: with a usual
// name (features, embeddings, feats, x, arr_0 and others), or the only matrix there is.
// Where another matrix of floats has as many rows, a usual name does not decide: the
// error lists them.
func (f *File) Features() (*Array, error) {
	return f.choose(role{"rows of features", featureNames, (*Array).isMatrix, (*Array).isAsLikely})
}

// Labels chooses the labels that the path names, or those that are meant: with a usual
// name (labels, targets, y, class and others), or the only array of one integer or string
// a row.
func (f *File) Labels() (*Array, error) {
	if f.selector == "" && len(f.Arrays) > 1 {
		if k := slices.IndexFunc(f.Arrays, func(a *Array) bool { return a.isLabels && a.isVector() }); k >= 0 {
			return f.Arrays[k], nil
		}
	}
	return f.choose(role{"labels", labelNames, (*Array).isVector, nil})
}

// Partition chooses the partition that the path names, or the one that is meant: with a
// usual name (partition, split, part, subset), or the only array of one integer or string
// a row that is not called as labels are.
func (f *File) Partition() (*Array, error) {
	fits := func(a *Array) bool { return a.isVector() && !hasName(labelNames, a) }
	if f.table != nil && !f.table.header { // of a path and a word, say: its columns have no names
		fits = func(a *Array) bool { return a.isVector() && a.isLabels }
	}
	return f.choose(role{"a partition", partitionNames, fits, nil})
}

func hasName(usual []string, a *Array) bool {
	return slices.Contains(usual, strings.ToLower(lastPart(a.Name)))
}

// isAsLikely reports whether another array may be the features as well: a matrix of
// floats with as many rows, and not single columns side by side.
func (a *Array) isAsLikely(b *Array) bool {
	if b.dtype.integer() || b.isVector() || a.joined || b.joined {
		return false
	}
	return b.Shape[0] == a.Shape[0] || a.columnMajor && b.Shape[1] == a.Shape[1]
}

func (f *File) choose(r role) (*Array, error) {
	if f.selector != "" {
		return f.named()
	}
	if len(f.Arrays) == 1 {
		return f.Arrays[0], nil
	}

	var fitting, named []*Array
	for _, a := range f.Arrays {
		if !r.fits(a) {
			continue
		}
		fitting = append(fitting, a)
		if hasName(r.usual, a) {
			named = append(named, a)
		}
	}
	if len(named) == 1 && r.rival != nil {
		fitting = slices.DeleteFunc(fitting, func(b *Array) bool { return b != named[0] && !r.rival(named[0], b) })
	}
	switch {
	case len(named) == 1 && (r.rival == nil || len(fitting) == 1):
		return named[0], nil
	case len(named) == 0 && len(fitting) == 1:
		return fitting[0], nil
	case len(fitting) == 0:
		return nil, f.wrap(nil, fmt.Errorf("has no array that can be %s; it holds %s%s", r.what, f.describe(f.Arrays), f.rawAdvice()))
	}
	return nil, f.wrap(nil, fmt.Errorf("has several arrays that can be %s, %s: name one, as %s:%s or %s:%s",
		r.what, f.describe(fitting), f.Path, fitting[0].Name, f.Path, fitting[1].Name))
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
	return nil, f.wrap(nil, fmt.Errorf("has no array %q; it holds %s: name one of them, as %s:%s", f.selector, f.describe(f.Arrays), f.Path, f.Arrays[0].Name))
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

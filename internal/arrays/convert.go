package arrays

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A Writer is a format that arrays are written in.
type Writer struct {
	Format     string
	Extensions []string // the first is the usual one
	Keeps      string   // in a phrase for help: what the format can hold

	// write writes what is given, and returns in sentences what the format cannot keep.
	// It checks what it can before anything is written.
	write func(w io.Writer, s *Source) (notes []string, err error)
}

// Writers are the formats that are written. A format is a file and a line here.
var Writers = []Writer{npyWriter, npzWriter, safetensorsWriter, csvWriter, vecsWriter, omlWriter}

// WriterFor returns the format of that name, or the one of the path's extension if the
// name is "".
func WriterFor(path, format string) (Writer, error) {
	lower := strings.ToLower(path)
	best := Writer{}
	longest := 0
	var names, extensions []string
	for _, w := range Writers {
		if w.Format == format {
			return w, nil
		}
		names, extensions = append(names, w.Format), append(extensions, w.Extensions...)
		for _, e := range w.Extensions {
			if strings.HasSuffix(lower, e) && len(e) > longest {
				best, longest = w, len(e)
			}
		}
	}
	switch {
	case format != "":
		return best, fmt.Errorf("arrays: no format %q is written; known: %s", format, strings.Join(names, ", "))
	case longest == 0:
		return best, fmt.Errorf("arrays: %s has no extension of a format that is written: use one of %s", path, strings.Join(extensions, ", "))
	}
	return best, nil
}

// A Source is what is converted: the arrays of a file, and which of them are features and
// labels.
type Source struct {
	Arrays   []*Array // those that are written, in their order
	X, Y     *Array   // features and labels among them; nil where there are none
	Metadata map[string]string

	// Of lists of images: a path and a part of each row. Nil where nothing says them.
	Paths []string
	Parts []int // 0 train, 1 query, 2 gallery, 3 query and gallery

	path  string // of the file to write, whose extension may say a type
	notes []string
	files []*File
}

// OpenSource opens a file to be converted: the one array that the path names, or all of
// them, with the labels of another file if labels names one.
func OpenSource(in, labels string) (s *Source, err error) {
	s = &Source{}
	defer func() {
		if err != nil {
			s.Close()
			s = nil
		}
	}()

	if labels != "" {
		p, err := OpenPair(in, labels)
		if err != nil {
			return s, err
		}
		s.files = p.files
		s.X, s.Y, s.Arrays = p.X, p.Y, []*Array{p.X, p.Y}
		if n, rows := count(p.Y.Shape), p.X.Shape; len(rows) == 2 && rows[0] != n {
			return s, fmt.Errorf("arrays: %s has %d rows, %s %d labels: they must agree", in, rows[0], labels, n)
		}
		return s, nil
	}

	f, err := Open(in)
	if err != nil {
		return s, err
	}
	s.files = []*File{f}
	if f.selector == "" {
		return s, s.takeAll(f)
	}
	a, err := f.named()
	if err != nil {
		return s, err
	}
	if s.X, s.Y, err = f.Contents(); s.X != nil {
		a = s.X
	} else if s.Y != nil {
		a = s.Y
	}
	s.Arrays = []*Array{a}
	return s, err
}

// takeAll takes all arrays of a file that can be read.
func (s *Source) takeAll(f *File) error {
	s.Metadata = f.Metadata
	x, y, err := f.Contents()
	if err != nil { // several may be features; a format that needs one asks for a name
		x, y = nil, nil
	}
	s.X, s.Y = x, y
	for _, a := range f.Arrays {
		switch {
		case x != nil && a.Name == x.Name && !a.inTable: // without the labels, or transposed
			s.Arrays = append(s.Arrays, x)
		case f.table != nil && a.place == -1: // a column of integers, which stands there too
		case a.dtype.kind == text && a.strings != nil:
			s.Arrays = append(s.Arrays, a.withGaps(y))
		default:
			if _, failed := a.Copied(a.Name); failed != nil {
				s.notes = append(s.notes, fmt.Sprintf("%s is left out: %s of the shape %s is not converted", a.Name, a.Type, shapeText(a.Shape)))
				continue
			}
			s.Arrays = append(s.Arrays, a)
		}
	}
	if len(s.Arrays) == 0 {
		return f.wrap(nil, errors.New("holds no array that can be converted"))
	}
	return nil
}

// withGaps is the array with its empty strings, such as those of is_query in training
// rows of OML's CSV. Those of the labels y are refused.
func (a *Array) withGaps(y *Array) *Array {
	if a == y || a.gappy == nil {
		return a
	}
	b := *a
	b.strings = a.gappy
	return &b
}

// Close closes the files.
func (s *Source) Close() {
	for _, f := range s.files {
		f.Close()
	}
}

// Convert writes the source to w in a format, and returns in sentences what of it is not
// kept. The path is that of the file, for its extension. The caller removes what is
// incomplete after an error.
func (s *Source) Convert(w io.Writer, format Writer, path string) (notes []string, err error) {
	s.path = path
	notes, err = format.write(w, s)
	if s.Metadata != nil && len(s.Metadata) > 0 && format.Format != safetensorsWriter.Format {
		notes = append(notes, fmt.Sprintf("the metadata of the file are left out: %s holds none", format.Format))
	}
	return append(slices.Clone(s.notes), notes...), err
}

// nameOf is the name under which an array is written.
func (s *Source) nameOf(a *Array) string {
	switch {
	case a == s.X && (a.Name == "" || a.inTable || len(s.files) > 1):
		return "features"
	case a == s.Y && (a.Name == "" || a.inTable || len(s.files) > 1):
		return "labels"
	case a.Name == "":
		return "array"
	}
	return a.Name
}

// one is the array for a format that holds one: the only one, or the features.
func (s *Source) one(format string) (a *Array, notes []string, err error) {
	switch {
	case len(s.Arrays) == 1:
		return s.Arrays[0], nil, nil
	case s.X == nil:
		var names []string
		for _, a := range s.Arrays {
			names = append(names, s.nameOf(a))
		}
		return nil, nil, fmt.Errorf("%s holds one array, and there are %d, %s: name one, as FILE:NAME", format, len(s.Arrays), strings.Join(names, ", "))
	}
	for _, a := range s.Arrays {
		if a != s.X {
			notes = append(notes, fmt.Sprintf("%s is left out: %s holds one array; write it to a file of its own by its name, as FILE:NAME", s.nameOf(a), format))
		}
	}
	return s.X, notes, nil
}

// tensor is an array as it is written. Labels of MATLAB, whose numbers are floats, become
// integers.
func (s *Source) tensor(a *Array) (t Tensor, notes []string, err error) {
	name := s.nameOf(a)
	if a != s.Y || !a.whole || a.dtype.kind != floating {
		t, err = a.Copied(name)
		return t, nil, err
	}
	labels, _, err := a.Labels()
	return NewTensor(name, []int{len(labels)}, int64s64(labels)), []string{fmt.Sprintf("%s of the type %s become int64", name, a.Type)}, err
}

// numbered are labels as integers: as they are, or strings in order of first appearance.
func numbered(y *Array) (labels []int, names []string, err error) {
	labels, words, err := y.Labels()
	if err != nil || words == nil {
		return labels, nil, err
	}
	labels, names = NumberWords(words)
	return labels, names, nil
}

// NumberWords numbers classes that have names, 0, 1, … in order of first appearance, and
// returns the names in that order.
func NumberWords(words []string) (labels []int, names []string) {
	known := map[string]int{}
	labels = make([]int, len(words))
	for i, w := range words {
		label, seen := known[w]
		if !seen {
			label = len(names)
			known[w], names = label, append(names, w)
		}
		labels[i] = label
	}
	return labels, names
}

// extension is that of the file to write, in lower case.
func (s *Source) extension() string { return strings.ToLower(filepath.Ext(s.path)) }

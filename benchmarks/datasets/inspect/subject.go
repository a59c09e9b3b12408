package inspect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets/layouts"
	"gpwbench/internal/arrays"
)

// An Array describes one array of a file.
type Array struct {
	File  string `json:"file"`
	Name  string `json:"name"` // "" where the format has no names
	Shape []int  `json:"shape"`
	Type  string `json:"type"`            // NumPy's name, or a phrase
	Bytes string `json:"bytes,omitempty"` // little-endian or big-endian, where it matters
	Order string `json:"order,omitempty"` // "by columns" where a matrix lies so
}

// A Subject is the features of a file, their labels, or both, and what is measured of
// them.
type Subject struct {
	Path       string // of the features, or of labels alone
	LabelsPath string // "" if they are in the file of the features, or if there are none
	Format     string
	Arrays     []Array

	X          *Rows    // nil for labels alone
	Labels     []int    // nil without labels; they may be more or fewer than the rows
	Names      []string // of the labels 0, 1, … that are strings
	LabelType  string
	FloatLabel bool  // the labels are whole numbers that are stored as floats
	Part       []int // 0 train, 1 query, 2 gallery, 3 test; nil without a partition

	Differs string // how an annotation differs from the published counts

	maps     *arrays.Maps
	stats    *measured // empty without features
	index    *index
	copies   []copied
	classes  []int
	sizes    []int
	near     []pair
	buffers  [2][]float64
	in, over *Summary // similarities of pairs within classes, and between them
}

// New returns the subject of rows in memory. Labels may be nil.
func New(path string, x *Rows, labels []int) *Subject {
	return &Subject{Path: path, X: x, Labels: labels}
}

// A Naming numbers labels that are strings, so that those of several files compare.
type naming struct {
	of    map[string]int
	names []string
}

func (n *naming) number(words []string) []int {
	labels := make([]int, len(words))
	for i, w := range words {
		l, known := n.of[w]
		if !known {
			l = len(n.names)
			n.of[w], n.names = l, append(n.names, w)
		}
		labels[i] = l
	}
	return labels
}

// Open reads files. The k-th of labels, which may be fewer than paths, has the labels of
// the k-th path; where there is none, they are those in the file itself. A path of labels
// alone behind a path of features without labels is taken for their labels, if they are
// as many. Rows of large files lie in maps, if it is not nil.
func Open(maps *arrays.Maps, paths, labels []string) ([]*Subject, error) {
	if len(labels) > len(paths) {
		return nil, fmt.Errorf("inspect: %d files of labels for %d of features: give one for each", len(labels), len(paths))
	}
	names := &naming{of: map[string]int{}}
	var all []*Subject
	for k, path := range paths {
		s := &Subject{Path: path, maps: maps}
		err := s.read(path, names)
		if err == nil && k < len(labels) {
			err = s.readLabels(labels[k], names)
		}
		if err != nil {
			return nil, err
		}

		if last := len(all) - 1; last >= 0 && len(labels) == 0 && s.X == nil && all[last].X != nil && all[last].Labels == nil {
			before := all[last]
			before.takeLabels(s, path)
			continue
		}
		all = append(all, s)
	}
	for _, s := range all {
		s.Names = names.names
		if !strings.HasPrefix(s.LabelType, "strings") {
			s.Names = nil
		}
	}
	return all, nil
}

// annotation reads a folder or a list of a data set as it is distributed, or returns
// nil.
func annotation(path string) *layouts.Annotation {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() && strings.ToLower(filepath.Ext(path)) != ".txt" {
		return nil
	}
	a, err := layouts.Read(path)
	if err != nil {
		return nil
	}
	return a
}

// asLayout is the error of a folder that is of no layout, or of a damaged or incomplete
// one, and err of a file. The error of a folder of arrays, such as a stand-in that was
// written to files, names them.
func asLayout(path string, err error) error {
	info, failed := os.Stat(path)
	if failed != nil || !info.IsDir() {
		return err
	}
	if _, failed = layouts.Read(path); failed == nil {
		return err
	}
	if !errors.Is(failed, layouts.ErrUnknown) {
		return failed
	}
	entries, _ := os.ReadDir(path) // an unreadable folder is the error of the layouts
	var found []string
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); slices.Contains(ofArrays, ext) && !e.IsDir() {
			found = append(found, filepath.Join(path, e.Name()))
		}
	}
	if len(found) == 0 {
		return failed
	}
	more := ""
	if most := 8; len(found) > most {
		found, more = found[:most], " …"
	}
	return fmt.Errorf("inspect: %s is a folder of arrays: name the files that belong together, of %s%s", path, strings.Join(found, ", "), more)
}

var ofArrays = []string{".npy", ".npz", ".safetensors", ".fvecs", ".bvecs", ".ivecs", ".mat", ".pt", ".pth", ".parquet"}

// takeAnnotation takes the classes and the parts of an annotation. Its images are in the
// order of the rows.
func (s *Subject) takeAnnotation(a *layouts.Annotation, names *naming) {
	s.Labels, s.Part, s.Differs, s.LabelType = a.Labels, a.Parts, a.Difference(), "int64"
	if a.Names == nil {
		return
	}
	words := make([]string, len(a.Labels))
	for i, l := range a.Labels {
		words[i] = a.Names[l]
	}
	s.Labels, s.LabelType = names.number(words), "strings"
}

func (s *Subject) takeLabels(from *Subject, path string) {
	s.LabelsPath, s.Labels, s.LabelType, s.FloatLabel = path, from.Labels, from.LabelType, from.FloatLabel
	s.Part, s.Differs = from.Part, from.Differs
	s.Arrays = append(s.Arrays, from.Arrays...)
}

// read reads what a file has.
func (s *Subject) read(path string, names *naming) error {
	if a := annotation(path); a != nil {
		s.Format = a.Layout
		s.takeAnnotation(a, names)
		return nil
	}
	f, err := arrays.Open(path)
	if err != nil {
		return asLayout(path, err)
	}
	defer f.Close()
	s.describe(f)
	x, y, err := f.Contents()
	if err != nil {
		return err
	}
	if x == nil && y == nil {
		for _, a := range s.Arrays { // which two bytes without a meaning may be
			if strings.Contains(a.Type, "bfloat16") {
				return fmt.Errorf("%s: %s: holds %s: if they are bfloat16, give %s:bfloat16", f.Format, f.Path, s.list(), strings.TrimSuffix(f.Path+":"+a.Name, ":"))
			}
		}
		return fmt.Errorf("%s: %s: holds neither rows of features nor labels, but %s: name an array, as %s:NAME", f.Format, f.Path, s.list(), f.Path)
	}
	if x == nil { // OML's list has the parts of its images too
		if a, err := layouts.Read(path); err == nil && a.Parts != nil {
			s.Format = a.Layout
			s.takeAnnotation(a, names)
			return nil
		}
		return s.takeArray(y, names)
	}
	if s.X, err = readRows(s.maps, x); err != nil {
		return err
	}
	return s.takeArray(y, names)
}

// readLabels reads the labels of a file of their own, in place of those beside the
// features.
func (s *Subject) readLabels(path string, names *naming) error {
	if s.X == nil {
		return fmt.Errorf("inspect: %s holds labels and no features, and %s is given as its labels: give the file of features", s.Path, path)
	}
	if a := annotation(path); a != nil {
		s.LabelsPath = path
		s.takeAnnotation(a, names)
		return nil
	}
	p, err := arrays.OpenPair(s.Path, path)
	if err == nil {
		defer p.Close()
		s.X = nil // the collector may have what was read before the labels were known
		if s.X, err = readRows(s.maps, p.X); err != nil {
			return err
		}
		if file, _ := arrays.Split(path); !s.holds(file) {
			s.describe(p.LabelFile())
		}
		s.LabelsPath = path
		return s.takeArray(p.Y, names)
	}

	// Floats are no labels there.
	f, failed := arrays.Open(path)
	if failed != nil {
		return asLayout(path, failed)
	}
	defer f.Close()
	_, y, failed := f.Contents()
	if failed != nil || y == nil {
		return err
	}
	s.describe(f)
	s.LabelsPath = path
	return s.takeArray(y, names)
}

func (s *Subject) holds(file string) bool {
	for _, a := range s.Arrays {
		if a.File == file {
			return true
		}
	}
	return false
}

// takeArray reads labels, of floats too where they are whole.
func (s *Subject) takeArray(y *arrays.Array, names *naming) error {
	if y == nil {
		return nil
	}
	s.LabelType = y.Type
	ints, words, err := y.Labels()
	if words != nil {
		ints = names.number(words)
	}
	if err == nil {
		s.Labels = ints
		return nil
	}

	numbers, failed := y.Numbers()
	if failed != nil {
		return err
	}
	s.FloatLabel = true
	s.Labels = make([]int, len(numbers))
	for i, v := range numbers {
		if s.Labels[i] = int(v); float64(s.Labels[i]) != v {
			return fmt.Errorf("%w; row %d holds %v, which is no integer", err, i, v)
		}
	}
	return nil
}

// mostListed bounds the arrays of a file that a report lists.
const mostListed = 50

func (s *Subject) describe(f *arrays.File) {
	if s.Format == "" {
		s.Format = f.Format
	}
	for _, a := range f.Arrays[:min(len(f.Arrays), mostListed)] {
		d := Array{File: f.Path, Name: a.Name, Shape: a.Shape, Type: a.Type}
		d.Bytes, d.Order = a.Order()
		s.Arrays = append(s.Arrays, d)
	}
}

func (s *Subject) list() string {
	var all []string
	for _, a := range s.Arrays {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", a.Name, a.Type, shapeText(a.Shape))))
	}
	return strings.Join(all, ", ")
}

// Inspect measures the subjects and applies all checks. A nil ctx never ends.
func Inspect(ctx context.Context, subjects []*Subject, seed uint64) (*Report, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	r := &Report{Seed: seed, Files: []*File{}, Findings: []Finding{}}
	for k, s := range subjects {
		if err := s.measure(ctx, seed); err != nil {
			return nil, err
		}
		r.Files = append(r.Files, s.file())
		for _, c := range Checks {
			if c.One != nil {
				r.add(c, s.Path, c.One(s))
			}
			for _, before := range subjects[:k] {
				if c.Two != nil {
					r.add(c, before.Path+", "+s.Path, c.Two(before, s))
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// measure measures once what the checks read.
func (s *Subject) measure(ctx context.Context, seed uint64) (err error) {
	s.classes, s.sizes = counts(s.Labels)
	if s.stats = new(measured); s.X == nil {
		return nil
	}
	s.stats = s.X.measure()
	s.index, s.copies = s.X.copiesIn(s.stats.valid)
	if s.Labels == nil || s.X.D == 0 {
		return nil
	}
	within, between := s.similarities(seed)
	s.in, s.over = summarise(within), summarise(between)
	s.near, err = s.X.nearestPairs(ctx, s.stats.valid, seed)
	return err
}

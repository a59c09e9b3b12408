package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets/layouts"
)

// A Set is a list of images with what is known of each. Slices are by image.
type Set struct {
	Root   string   // the folder that paths are relative to
	Paths  []string // with slashes
	Labels []int    // nil if images have no classes
	Names  []string // of the labels 0, 1, …; nil if labels have no names
	Parts  []int    // parts of package datasets; nil if the images are not divided

	Layout    string // the name of the layout; "" for a folder without classes
	Benchmark string // the benchmark it is, or ""
	Remark    string // how a benchmark's counts differ from the published ones, or ""
}

// Find lists the images at a path: a layout that package layouts knows, or a folder of
// images without classes, in the order of their names.
func Find(path string) (*Set, error) {
	s, err := flat(path)
	if s != nil || err != nil {
		return s, err
	}

	a, err := layouts.Read(path)
	if err != nil {
		return nil, err
	}
	root, err := a.Folder()
	if err != nil {
		return nil, err
	}
	return &Set{
		Root: root, Paths: a.Paths, Labels: a.Labels, Names: a.Names, Parts: a.Parts,
		Layout: a.Layout, Benchmark: a.Benchmark, Remark: a.Difference(),
	}, nil
}

// pictures are the names of files that are decoded.
var pictures = regexp.MustCompile(`(?i)\.(jpe?g|png)$`)

// flat lists a folder without folders in it, and returns nil if path is something else.
// Names that begin with a point are left out.
func flat(path string) (*Set, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}

	s := &Set{Root: path}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(path, e.Name()))
		switch {
		case err == nil && info.IsDir():
			return nil, nil
		case pictures.MatchString(e.Name()):
			s.Paths = append(s.Paths, e.Name())
		}
	}
	if len(s.Paths) == 0 {
		if len(entries) > 0 { // lists of a layout whose images are elsewhere
			return nil, nil
		}
		return nil, fmt.Errorf("%s is empty: name a folder of .jpg or .png files, or one with a folder of them for each class", path)
	}
	slices.Sort(s.Paths)
	return s, nil
}

// file is the path of an image.
func (s *Set) file(image int) string {
	p := filepath.FromSlash(s.Paths[image])
	return filepath.Join(s.Root, strings.TrimPrefix(p, filepath.VolumeName(p)))
}

// without returns the set of all other images.
func (s *Set) without(skipped []Skipped) *Set {
	left := map[int]bool{}
	for _, i := range skipped {
		left[i.Image] = true
	}
	t := *s
	t.Paths = others(s.Paths, left)
	t.Labels, t.Parts = others(s.Labels, left), others(s.Parts, left)
	return &t
}

// others are the elements whose index is not left out; nil stays nil.
func others[T any](all []T, left map[int]bool) []T {
	if len(left) == 0 {
		return all
	}
	var some []T
	for k, v := range all {
		if !left[k] {
			some = append(some, v)
		}
	}
	return some
}

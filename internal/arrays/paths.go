package arrays

import (
	"fmt"
	"strings"
)

// pathNames are names that paths of images usually have, in lower case, the likeliest
// first.
var pathNames = []string{"path", "paths", "rel_path", "image_path", "filepath", "filename", "file_name", "file", "files", "filenames", "image", "images", "image_name", "img", "fname", "names", "name"}

// Paths reads the strings that the path names, or those that are meant: with a usual name
// (path, filename, image and others), or the only array of strings.
func (f *File) Paths() ([]string, error) {
	a, err := f.choosePaths()
	if err != nil {
		return nil, err
	}
	ints, paths, err := a.Labels()
	if err == nil && ints != nil {
		err = f.wrap(a, fmt.Errorf("holds integers of the shape %s, want the path of each row", shapeText(a.Shape)))
	}
	return paths, err
}

func (f *File) choosePaths() (*Array, error) {
	if f.selector != "" {
		return f.named()
	}
	var found []*Array
	for _, a := range f.Arrays {
		if a.dtype.kind == text && a.checkVector() == nil {
			found = append(found, a)
		}
	}
	for _, name := range pathNames {
		for _, a := range found {
			if strings.ToLower(lastPart(a.Name)) == name {
				return a, nil
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, f.wrap(nil, fmt.Errorf("has no strings, and paths of images are wanted; it holds %s", f.describe(f.Arrays)))
	}
	return nil, f.wrap(nil, fmt.Errorf("has several arrays of strings, %s: name that of the paths, as %s:%s", f.describe(found), f.Path, found[0].Name))
}

package extract

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/input"
)

// An Image is a file and its class.
type Image struct {
	Path  string // below the root, with slashes
	Label string // "" without a class
}

// endings are those of files that can be decoded, and otherEndings those of images that
// cannot.
var (
	endings      = []string{".jpg", ".jpeg", ".png"}
	otherEndings = []string{".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".avif", ".ppm", ".pgm", ".jp2"}
)

// Folder lists the images below root. Its folders are the classes, with images in them
// and in folders below; a root that holds images and no folders has images without a
// class. The order is that of torchvision's ImageFolder: classes by name, in them folders
// by path, in these files by name, all compared byte by byte. Names that begin with a
// point are left out. Links are followed.
//
// unread counts images of other kinds, by their ending.
func Folder(root string) (images []Image, unread map[string]int, err error) {
	w := walk{root: root, unread: map[string]int{}}
	info, err := os.Stat(root)
	if err != nil {
		return nil, nil, err
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("%s is no folder: name the folder of the images", root)
	}
	if err := w.folder("", []fs.FileInfo{info}); err != nil {
		return nil, nil, err
	}

	loose := slices.IndexFunc(w.images, func(i Image) bool { return i.Label == "" })
	switch {
	case len(w.images) == 0:
		return nil, nil, fmt.Errorf("%s holds no .jpg, .jpeg or .png%s: name the folder that has a folder for each class", root, w.others())
	case loose >= 0 && slices.ContainsFunc(w.images, func(i Image) bool { return i.Label != "" }):
		return nil, nil, fmt.Errorf("%s is beside folders of classes: move it into one of them, or give a list of paths and labels", filepath.Join(root, w.images[loose].Path))
	}
	slices.SortFunc(w.images, inFolders)
	return w.images, w.unread, nil
}

// inFolders is the order of [Folder].
func inFolders(a, b Image) int {
	if c := strings.Compare(a.Label, b.Label); c != 0 {
		return c
	}
	if c := strings.Compare(path.Dir(a.Path), path.Dir(b.Path)); c != 0 {
		return c
	}
	return strings.Compare(a.Path, b.Path)
}

// A walk lists a tree.
type walk struct {
	root   string
	images []Image
	unread map[string]int
}

// others says which images there are that cannot be decoded.
func (w *walk) others() string {
	for _, ending := range otherEndings {
		if n := w.unread[ending]; n > 0 {
			return fmt.Sprintf(", and %d %s, which have to be converted", n, ending)
		}
	}
	return ""
}

// folder lists the folder at a path below the root. above are the folders that contain
// it, itself the last: a link to one of them would never end.
func (w *walk) folder(at string, above []fs.FileInfo) error {
	entries, err := os.ReadDir(filepath.Join(w.root, filepath.FromSlash(at)))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		below := path.Join(at, e.Name())
		info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(below)))
		if err != nil {
			return fmt.Errorf("%w; remove the link, or mount what it points to", err)
		}

		switch {
		case !info.IsDir():
			w.file(below)
			continue
		case slices.ContainsFunc(above, func(f fs.FileInfo) bool { return os.SameFile(f, info) }):
			return fmt.Errorf("%s leads to a folder that contains it: remove the link", filepath.Join(w.root, below))
		}
		if err := w.folder(below, append(slices.Clip(above), info)); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) file(at string) {
	ending := strings.ToLower(path.Ext(at))
	switch {
	case slices.Contains(endings, ending):
		label, _, inClass := strings.Cut(at, "/")
		if !inClass {
			label = ""
		}
		w.images = append(w.images, Image{Path: at, Label: label})
	case slices.Contains(otherEndings, ending):
		w.unread[ending]++
	}
}

// List reads which images there are, in the order of the lines: a path, or a path and a
// label, divided by commas or tabs. A first line that names columns path and label
// chooses among any number of columns. Paths are those below a root, or absolute. Every
// line has a label or none has.
func List(file string) ([]Image, error) {
	text, err := input.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if first, _, _ := strings.Cut(string(text), "\n"); strings.Contains(first, "\t") {
		r.Comma = '\t'
	}

	var images []Image
	at := columns{path: 0, label: 1, named: false}
	for n := 0; ; n++ {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w: want a path, or a path and a label, in a line", file, err)
		}
		line, _ := r.FieldPos(0)
		if n == 0 && at.header(fields) {
			continue
		}
		i, err := at.image(fields)
		if err == nil && len(images) > 0 && (i.Label == "") != (images[0].Label == "") {
			err = errors.New("some lines have a label and others have none: give all of them one, or none")
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", file, line, err)
		}
		images = append(images, i)
	}
	if len(images) == 0 {
		return nil, fmt.Errorf("%s lists no images: want a path, or a path and a label, in a line", file)
	}
	return images, nil
}

// columns says where a line has path and label.
type columns struct {
	path, label int // label is −1 without a column of labels
	named       bool
}

// header reads the names of columns, if there are any.
func (c *columns) header(fields []string) bool {
	at := slices.IndexFunc(fields, func(f string) bool { return strings.EqualFold(strings.TrimSpace(f), "path") })
	if at < 0 {
		return false
	}
	c.path, c.named = at, true
	c.label = slices.IndexFunc(fields, func(f string) bool { return strings.EqualFold(strings.TrimSpace(f), "label") })
	return true
}

func (c *columns) image(fields []string) (Image, error) {
	if !c.named && len(fields) > 2 {
		return Image{}, fmt.Errorf("has %d fields: want a path, or a path and a label; a first line with path and label says which columns they are", len(fields))
	}
	if c.path >= len(fields) || strings.TrimSpace(fields[c.path]) == "" {
		return Image{}, errors.New("has no path")
	}
	i := Image{Path: filepath.ToSlash(strings.TrimSpace(fields[c.path]))}
	if c.label >= 0 && c.label < len(fields) {
		i.Label = strings.TrimSpace(fields[c.label])
	}
	return i, nil
}

// Labels numbers the classes of images. Labels that are integers, all of them, stay; other
// ones are numbered 0, 1, … in order of first appearance, and names has them by number.
// Both are nil if images have no classes.
func Labels(images []Image) (labels []int64, names []string) {
	if len(images) == 0 || images[0].Label == "" {
		return nil, nil
	}
	labels = make([]int64, len(images))
	integers := true
	for k, i := range images {
		var err error
		if labels[k], err = strconv.ParseInt(i.Label, 10, 64); err != nil {
			integers = false
			break
		}
	}
	if integers {
		return labels, nil
	}

	numbers := map[string]int64{}
	for k, i := range images {
		n, known := numbers[i.Label]
		if !known {
			n = int64(len(names))
			numbers[i.Label], names = n, append(names, i.Label)
		}
		labels[k] = n
	}
	return labels, names
}

package layouts

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
)

// pathLabels is a list of lines path,label, as the code of the Multi-Similarity loss reads
// it, in one file, or in a folder with a file for each part: train.txt with test.txt, or
// with query.txt and gallery.txt. A comma, a tab or spaces separate.
var pathLabels = Layout{
	Name:  "path,label lists",
	Files: "train.txt and test.txt, or train.txt, query.txt and gallery.txt",
	Read: func(p Place) (*Annotation, error) {
		if p.File != "" {
			path := filepath.Join(p.Dir, p.File)
			if !isPathLabels(path) {
				return nil, nil
			}
			a := &Annotation{folders: []string{p.Dir}}
			classes, err := a.addPathLabels(path, nil)
			a.Labels, a.Names = numbersOrNames(classes)
			return a, err
		}
		return readPartLists(p)
	},
}

// readPartLists reads a list of each part.
func readPartLists(p Place) (*Annotation, error) {
	a := &Annotation{folders: []string{p.Dir, filepath.Join(p.Dir, "images")}}
	var classes []string
	for part, name := range datasets.PartNames {
		path := p.Find([]string{name + ".txt", name + ".csv"})
		if path == "" || !isPathLabels(path) {
			continue
		}
		more, err := a.addPathLabels(path, classes)
		if err != nil {
			return nil, err
		}
		for range len(more) - len(classes) {
			a.Parts = append(a.Parts, part)
		}
		classes = more
	}
	if len(a.Files) == 0 {
		return nil, nil
	}
	a.Labels, a.Names = numbersOrNames(classes)

	has := func(part int) bool { return slices.Contains(a.Parts, part) }
	switch query, gallery := has(datasets.QueryPart), has(datasets.GalleryPart); {
	case query != gallery:
		return nil, noOther(a.Files[len(a.Files)-1], map[bool]string{true: "gallery", false: "query"}[query])
	case !query && !has(datasets.TestPart):
		return nil, noOther(a.Files[0], "test")
	}
	return a, nil
}

// noOther says that the list of a part is missing.
func noOther(path, part string) error {
	return fmt.Errorf("%s is there, and no list of the %s images beside it: copy both into one folder", path, part)
}

var (
	imagePath  = regexp.MustCompile(`(?i)/|\\|\.(jpe?g|png|bmp|gif|webp|tiff?|ppm|pgm)$`)
	pathHeader = []string{"path", "filepath", "file", "filename", "file_name", "image", "image_path", "img", "fname", "name"}
)

// isPathLabels reports whether a file begins with a path and a label, or with the names of
// such columns.
func isPathLabels(path string) bool {
	first, err := firstLines(path, 1)
	if err != nil || len(first) == 0 {
		return false
	}
	name, label, ok := cutLabel(strings.TrimSpace(first[0]))
	return ok && label != "" && (imagePath.MatchString(name) || isPathHeader(name))
}

func isPathHeader(name string) bool { return slices.Contains(pathHeader, strings.ToLower(name)) }

// cutLabel divides a line before its label, which is behind the last comma, tab or space.
func cutLabel(line string) (path, label string, ok bool) {
	for _, separator := range []string{"\t", ",", " "} {
		if at := strings.LastIndex(line, separator); at >= 0 {
			return strings.TrimRight(line[:at], separator), strings.TrimSpace(line[at+1:]), true
		}
	}
	return "", "", false
}

// addPathLabels reads the images of a list, and appends their classes.
func (a *Annotation) addPathLabels(path string, classes []string) ([]string, error) {
	l, err := readList(path)
	if err != nil {
		return nil, err
	}
	for i, line := range l.lines {
		name, label, ok := cutLabel(line)
		switch {
		case i == 0 && ok && isPathHeader(name):
			continue
		case !ok || label == "" || name == "":
			return nil, l.wrong(i, "holds %.60q, want path,label: the file may be cut short", line)
		case strings.ContainsRune(name, ','):
			return nil, l.wrong(i, "holds %.60q, which has more fields than path,label: give a list of these alone", line)
		}
		a.Paths, classes = append(a.Paths, slashed(name)), append(classes, label)
	}
	a.Files = append(a.Files, path)
	return classes, nil
}

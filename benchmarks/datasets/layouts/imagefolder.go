package layouts

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/internal/arrays"
)

// imageFolder is a tree with a folder of images for each class, whose name is that of
// the class. Where the folders are train, test, query, gallery and the like, each is
// such a tree. Classes and images are in the order of torchvision's ImageFolder, so that
// features that were extracted with it are in the order of the annotation.
var imageFolder = Layout{
	Name:  "ImageFolder tree",
	Files: "a folder of images for each class, or train/ and test/ of such",
	Read: func(p Place) (*Annotation, error) {
		if p.File != "" {
			return nil, nil
		}
		folders, err := subfolders(p.Dir)
		if err != nil || len(folders) == 0 {
			return nil, err
		}
		if len(folders) == 1 && folders[0] == "images" { // as in CUB, without its lists
			p.Dir = filepath.Join(p.Dir, "images")
		}

		a := &Annotation{Files: []string{p.Dir}, folders: []string{p.Dir}}
		if a.dividesByFolder(folders) {
			return a, a.addParts(p.Dir, folders)
		}
		classes, err := a.addTree(p.Dir, "", nil)
		if err != nil || len(a.Paths) == 0 {
			return nil, err
		}
		a.Labels, a.Names = arrays.NumberWords(classes)
		if len(a.Names) == 200 && strings.HasPrefix(a.Names[0], "001.Black_footed_Albatross") && len(a.Paths) == cub2010Images {
			return nil, fmt.Errorf("%s has %s", p.Dir, is2010)
		}
		return a, nil
	},
}

// dividesByFolder reports whether all folders are parts, and more than one.
func (a *Annotation) dividesByFolder(folders []string) bool {
	for _, name := range folders {
		if _, ok := arrays.ParsePart(name); !ok {
			return false
		}
	}
	return len(folders) > 1
}

// addParts reads a tree of each part. A class has the same name in all of them.
func (a *Annotation) addParts(dir string, folders []string) error {
	var classes []string
	test := ""
	for _, name := range folders {
		part, _ := arrays.ParsePart(name)
		if part == datasets.TestPart {
			if test != "" {
				return fmt.Errorf("%s has the folders %s and %s, and either may be the test: give a folder without one of them", dir, test, name)
			}
			test = name
		}

		more, err := a.addTree(filepath.Join(dir, name), name, classes)
		if err != nil {
			return err
		}
		for range len(more) - len(classes) {
			a.Parts = append(a.Parts, part)
		}
		classes = more
	}
	a.Labels, a.Names = arrays.NumberWords(classes)
	return nil
}

// subfolders are the names of the folders in dir, ascending, without hidden ones.
func subfolders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && info.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, e.Name())
		}
	}
	return all, nil
}

// images are the extensions of torchvision's IMG_EXTENSIONS.
var images = regexp.MustCompile(`(?i)\.(jpe?g|png|ppm|bmp|pgm|tiff?|webp)$`)

// addTree reads the classes below a folder, and appends the class of each image. Paths
// begin with prefix.
func (a *Annotation) addTree(root, prefix string, classes []string) ([]string, error) {
	folders, err := subfolders(root)
	if err != nil {
		return nil, err
	}
	for _, class := range folders {
		below := map[string][]string{} // images by folder
		err := filepath.WalkDir(filepath.Join(root, class), func(file string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && images.MatchString(e.Name()) {
				rel, _ := filepath.Rel(root, file) // is below it
				dir := path.Dir(filepath.ToSlash(rel))
				below[dir] = append(below[dir], e.Name())
			}
			return err
		})
		if err != nil {
			return nil, err
		}

		var dirs []string
		for dir := range below {
			dirs = append(dirs, dir)
		}
		slices.Sort(dirs)
		for _, dir := range dirs {
			slices.Sort(below[dir])
			for _, name := range below[dir] {
				a.Paths, classes = append(a.Paths, path.Join(prefix, dir, name)), append(classes, class)
			}
		}
	}
	return classes, nil
}

package layouts

import (
	"errors"
	"fmt"
	"path/filepath"

	"gpwbench/benchmarks/names"
)

// cub is CUB-200-2011 as its authors distribute it (Wah et al., CNS-TR-2011-001). Papers
// on metric learning train on the classes 1 to 100; train_test_split.txt, which divides
// the images of every class, is not read.
var cub = Layout{
	Name:  "CUB_200_2011",
	Files: "images.txt, image_class_labels.txt",
	Read: func(p Place) (*Annotation, error) {
		if p.File == "image_class_labels.txt" {
			p.File = "images.txt"
		}
		images := p.Find([]string{"images.txt"}, "CUB_200_2011")
		if images == "" {
			return nil, nil
		}
		return readCUB(images)
	},
}

var cubName = names.CUB200.Name

func readCUB(images string) (*Annotation, error) {
	dir := filepath.Dir(images)
	paths, order, err := readCUBList(images, "an image's number and its path")
	if err != nil {
		return nil, err
	}
	b := benchmark(cubName)
	labelsFile := filepath.Join(dir, "image_class_labels.txt")
	l, err := readList(labelsFile)
	if err != nil {
		return nil, fmt.Errorf("%w; it stands beside images.txt in the data set", err)
	}

	classes := make(map[string]int, len(l.lines))
	for i := range l.lines {
		f, err := l.fields(i, 2, "an image's number and its class")
		if err != nil {
			return nil, err
		}
		class, err := l.integer(i, f[1], "class", 1, b.Classes)
		if err != nil {
			return nil, err
		}
		classes[f[0]] = class
	}

	a := &Annotation{Files: []string{images, labelsFile}, Benchmark: cubName, folders: []string{filepath.Join(dir, "images"), dir}}
	for _, id := range order {
		class, ok := classes[id]
		if !ok {
			return nil, fmt.Errorf("%s has no class of image %s, %s: it is cut short or of another version; %s has %d images, %s %d", labelsFile, id, paths[id], images, len(order), labelsFile, len(classes))
		}
		a.Paths, a.Labels = append(a.Paths, paths[id]), append(a.Labels, class-1)
	}
	if len(classes) != len(order) {
		return nil, fmt.Errorf("%s has classes of %d images, and %s has %d images: one of them is cut short or of another version", labelsFile, len(classes), images, len(order))
	}

	a.Parts = byClass(a.Labels, b.TrainClasses)
	return a, a.readCUBClasses(filepath.Join(dir, "classes.txt"), b.Classes)
}

// readCUBList reads lines of a number and a text, by the numbers, which may have zeros
// before them.
func readCUBList(path, want string) (texts map[string]string, order []string, err error) {
	l, err := readList(path)
	if err != nil {
		return nil, nil, err
	}
	texts = make(map[string]string, len(l.lines))
	for i := range l.lines {
		f, err := l.fields(i, 2, want)
		if err != nil {
			return nil, nil, err
		}
		if _, twice := texts[f[0]]; twice {
			return nil, nil, l.wrong(i, "has the number %.40s, which a line before it has: copy the file again", f[0])
		}
		texts[f[0]], order = slashed(f[1]), append(order, f[0])
	}
	return texts, order, nil
}

// readCUBClasses names the classes, where their list is there.
func (a *Annotation) readCUBClasses(path string, classes int) error {
	p := Place{Dir: filepath.Dir(path)}
	if p.Find([]string{filepath.Base(path)}) == "" {
		return nil
	}
	texts, _, err := readCUBList(path, "a class and its name")
	if err != nil {
		return err
	}
	a.Names = make([]string, classes)
	for class := range a.Names {
		name, ok := texts[fmt.Sprint(class+1)]
		if !ok {
			return fmt.Errorf("%s has no class %d of %d: copy it again", path, class+1, classes)
		}
		a.Names[class] = name
	}
	return nil
}

// The data set of 2010 has the same 200 classes and fewer images, of which only some are
// in that of 2011.
const (
	cub2010Images = 6033
	is2010        = "6033 images of 200 birds are CUB-200 of 2010: papers use CUB-200-2011 of 11788 images, CUB_200_2011.tgz"
)

// cub2010 recognises the lists of CUB-200 of 2010, to refuse them by name.
var cub2010 = Layout{
	Name: "CUB-200",
	Read: func(p Place) (*Annotation, error) {
		files := p.Find([]string{"files.txt"}, "lists")
		if files == "" || !begins(files, "001.Black_footed_Albatross/") {
			return nil, nil
		}
		return nil, errors.New(files + ": " + is2010)
	},
}

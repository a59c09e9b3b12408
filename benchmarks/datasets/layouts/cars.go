package layouts

import (
	"fmt"
	"path/filepath"

	"gpwbench/benchmarks/names"
	"gpwbench/internal/arrays"
)

// cars is Cars-196 with one annotation for all images (Krause et al., 3dRR 2013):
// cars_annos.mat beside car_ims/. Papers on metric learning train on the classes 1 to 98;
// the field test of the annotation, which divides the images of every class, is not used.
var cars = Layout{
	Name:  "Cars-196",
	Files: "cars_annos.mat",
	Read: func(p Place) (*Annotation, error) {
		path := p.Find([]string{"cars_annos.mat"}, "devkit")
		if path == "" {
			return nil, nil
		}
		a := newCars(filepath.Dir(path))
		if err := a.addCars(path, "relative_im_path", ""); err != nil {
			return nil, err
		}
		return a, a.nameCars(path)
	},
}

// carsDevkit is Cars-196 with the annotations of its two official halves, which papers
// take together.
var carsDevkit = Layout{
	Name:  "Cars-196 devkit",
	Files: "cars_train_annos.mat, cars_test_annos_withlabels.mat",
	Read: func(p Place) (*Annotation, error) {
		const train, test, unlabelled = "cars_train_annos.mat", "cars_test_annos_withlabels.mat", "cars_test_annos.mat"
		if p.File == train || p.File == test || p.File == unlabelled {
			p.File = ""
		}
		first := p.Find([]string{train}, "devkit")
		second := p.Find([]string{test}, "devkit", "..")
		switch {
		case first == "" && second == "":
			return nil, nil
		case first == "":
			return nil, fmt.Errorf("%s is there, and no %s: papers take both halves together", second, train)
		case second == "" && p.Find([]string{unlabelled}, "devkit") != "":
			return nil, fmt.Errorf("%s has no classes: get %s, which is distributed apart", p.Find([]string{unlabelled}, "devkit"), test)
		case second == "":
			return nil, fmt.Errorf("%s is there, and no %s: papers take both halves together", first, test)
		}

		a := newCars(filepath.Dir(first))
		a.folders = append(a.folders, filepath.Dir(filepath.Dir(first)))
		if err := a.addCars(first, "fname", "cars_train/"); err != nil {
			return nil, err
		}
		if err := a.addCars(second, "fname", "cars_test/"); err != nil {
			return nil, err
		}
		if meta := p.Find([]string{"cars_meta.mat"}, "devkit"); meta != "" {
			return a, a.nameCars(meta)
		}
		return a, nil
	},
}

func newCars(dir string) *Annotation {
	return &Annotation{Benchmark: names.Cars196.Name, folders: []string{dir}}
}

// addCars reads the structures annotations of a file of MATLAB, whose field has the path
// of an image below a folder.
func (a *Annotation) addCars(path, field, folder string) error {
	f, err := arrays.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, images, err := matField(f, "annotations."+field)
	if err != nil {
		return err
	}
	classes, _, err := matField(f, "annotations.class")
	if err != nil {
		return err
	}
	if len(images) != len(classes) || classes == nil || images == nil {
		return fmt.Errorf("%s has %d paths and %d classes in annotations, want strings and as many numbers: it is of another version", path, len(images), len(classes))
	}

	b := benchmark(a.Benchmark)
	for i, class := range classes {
		if class < 1 || class > b.Classes {
			return fmt.Errorf("%s: image %d, %s, has the class %d, want 1 to %d: copy the file again", path, i+1, images[i], class, b.Classes)
		}
		a.Paths, a.Labels = append(a.Paths, folder+slashed(images[i])), append(a.Labels, class-1)
	}
	a.Files = append(a.Files, path)
	a.Parts = byClass(a.Labels, b.TrainClasses)
	return nil
}

// nameCars reads the names of the classes.
func (a *Annotation) nameCars(path string) error {
	f, err := arrays.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, classes, err := matField(f, "class_names")
	if err != nil {
		return err
	}
	if want := benchmark(a.Benchmark).Classes; len(classes) != want {
		return fmt.Errorf("%s names %d classes, want %d: copy it again", path, len(classes), want)
	}
	a.Names = classes
	return nil
}

// matField reads an array of whole numbers or of strings.
func matField(f *arrays.File, name string) (ints []int, texts []string, err error) {
	for _, a := range f.Arrays {
		if a.Name == name {
			return a.Labels()
		}
	}
	return nil, nil, fmt.Errorf("%s has no %s: it is of another version", f.Path, name)
}

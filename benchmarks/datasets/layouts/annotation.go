package layouts

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
)

// An Annotation says what the images of a data set are. Slices are by image, in the order
// of the annotation.
type Annotation struct {
	Layout string   // the Name of its layout
	Files  []string // that were read

	Paths  []string // of the images as the annotation has them, with slashes, no two equal
	Labels []int    // classes
	Names  []string // of the labels 0, 1, …; nil where labels are numbers without names

	// Parts are the parts of package datasets: train, query, gallery or test. They are
	// nil where the annotation does not divide the images.
	Parts []int

	// Benchmark is the benchmark whose layout this is, "" for none. Its images are
	// divided as papers on metric learning divide them, by class.
	Benchmark string

	folders []string // in one of which the images should be
}

// check refuses an annotation without images and one that lists an image twice.
func (a *Annotation) check() error {
	if len(a.Paths) == 0 {
		return fmt.Errorf("%s %w", strings.Join(a.Files, ", "), errNoImages)
	}
	seen := make(map[string]int, len(a.Paths))
	for i, path := range a.Paths {
		if first, twice := seen[path]; twice {
			return fmt.Errorf("%s lists %s twice, as image %d and %d: remove one", strings.Join(a.Files, ", "), path, first+1, i+1)
		}
		seen[path] = i
	}
	return nil
}

// Folder returns the folder that the paths of the images are relative to, and an error
// if the first image is in none of those where it should be. It is the root of the file
// system for absolute paths, unless they begin at the folder of the data set.
func (a *Annotation) Folder() (string, error) {
	first := filepath.FromSlash(a.Paths[0])
	for _, dir := range a.folders {
		if _, err := os.Stat(filepath.Join(dir, first)); err == nil {
			return dir, nil
		}
	}
	if !filepath.IsAbs(first) {
		return "", fmt.Errorf("layouts: %s: the image %s is in none of %s: unpack the images there", a.Layout, first, strings.Join(a.folders, ", "))
	}
	if _, err := os.Stat(first); err != nil {
		return "", fmt.Errorf("layouts: %s: there is no image %s, nor one of this path below %s: write the paths of this machine", a.Layout, first, strings.Join(a.folders, ", "))
	}
	return filepath.VolumeName(first) + string(filepath.Separator), nil
}

// A partCount is how many images and classes a part has.
type partCount struct{ images, classes int }

// count counts the images of a part.
func (a *Annotation) count(part int) (c partCount) {
	classes := map[int]bool{}
	for i, p := range a.Parts {
		if p == part {
			c.images++
			classes[a.Labels[i]] = true
		}
	}
	c.classes = len(classes)
	return c
}

// Difference says in one phrase how the counts differ from the published ones of the
// benchmark, with what may be the cause. It is empty if they agree, and without a
// benchmark.
func (a *Annotation) Difference() string {
	b, err := datasets.Lookup(a.Benchmark)
	if err != nil {
		return ""
	}

	var differ []string
	compare := func(part int, images, classes int) {
		have, want := a.count(part), partCount{images, classes}
		if have != want {
			differ = append(differ, fmt.Sprintf("%d %s images of %d classes, published are %d of %d", have.images, datasets.PartNames[part], have.classes, want.images, want.classes))
		}
	}
	compare(datasets.TrainPart, b.TrainRows, b.TrainClasses)
	if test := b.Classes - b.TrainClasses; b.QueryRows > 0 {
		compare(datasets.QueryPart, b.QueryRows, test)
		compare(datasets.GalleryPart, b.TestRows-b.QueryRows, test)
	} else {
		compare(datasets.TestPart, b.TestRows, test)
	}
	if len(differ) == 0 {
		return ""
	}

	text := strings.Join(differ, "; ")
	if len(a.Paths) == cub2010Images && a.Benchmark == cubName {
		return text + "; " + is2010
	}
	return text
}

// byClass divides images by their labels: those below n train, the others are the test.
func byClass(labels []int, n int) []int {
	parts := make([]int, len(labels))
	for i, l := range labels {
		if l >= n {
			parts[i] = datasets.TestPart
		}
	}
	return parts
}

// benchmark returns the counts of a benchmark, which is one of datasets.Benchmarks.
func benchmark(name string) datasets.Benchmark {
	return datasets.Benchmarks[slices.IndexFunc(datasets.Benchmarks, func(b datasets.Benchmark) bool { return b.Name == name })]
}

// slashed is a path with slashes, without what a folder of its own would be called.
func slashed(path string) string {
	return strings.TrimPrefix(strings.ReplaceAll(path, `\`, "/"), "./")
}

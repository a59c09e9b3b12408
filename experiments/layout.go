package experiments

import (
	"fmt"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/datasets/layouts"
	"gpwbench/benchmarks/names"
	"gpwbench/experiments/spec"
)

// filesOfLayout are the files that a data set names beside features, labels and
// partition, and how to get them.
func filesOfLayout(d *spec.Dataset) []neededFile {
	var all []neededFile
	add := func(path string, kind fileKind, rows string) {
		if path != "" {
			all = append(all, neededFile{path, kind, rows})
		}
	}
	add(d.Layout, asDistributed, "")
	add(d.Paths, asPaths, ", of the image of each row")
	for part, f := range d.Separate.Each() {
		name := datasets.PartNames[part]
		add(f.Features, asFeatures, ", one row an image: "+name)
		add(f.Labels, asLabels, ", the class of each row: "+name)
	}
	return all
}

// readParts reads a data set whose parts have files of their own.
func readParts(d *spec.Dataset) (*datasets.Dataset, []int, error) {
	var parts []datasets.PartFiles
	for part, f := range d.Separate.Each() {
		if f.Labels == "" {
			continue
		}
		features, _ := expand(f.Features)
		labels, _ := expand(f.Labels)
		parts = append(parts, datasets.PartFiles{Part: part, Features: features, Labels: labels})
	}
	return datasets.LoadParts(d.Name, parts)
}

// readLayout reads an annotation and the features of its images. The rows stay in the
// order of the features. The split of d becomes what the layout says, and parts are those
// of the rows where it divides them.
func readLayout(d *spec.Dataset) (data *datasets.Dataset, parts []int, told []string, err error) {
	path, _ := expand(d.Layout)
	a, err := layouts.Read(path)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := splitOfLayout(d, a); err != nil {
		return nil, nil, nil, err
	}

	labels, parts := a.Labels, a.Parts
	if d.Paths != "" {
		if labels, parts, told, err = alignLayout(d, a); err != nil {
			return nil, nil, nil, err
		}
	}
	if b, _ := names.Find(d.Split.Name); !b.Partition && d.Split.Name != spec.Partitioned {
		parts = nil // the classes divide
	}
	if d.LabelsOnly() {
		return datasets.FromLabels(d.Name, a.Layout, labels, a.Names), parts, told, nil
	}

	features, _ := expand(d.Features)
	data, err = datasets.LoadFeatures(d.Name, features, d.Layout, labels, a.Names)
	if err != nil && d.Paths == "" {
		err = fmt.Errorf("%w%s", err, orderAdvice(err))
	}
	return data, parts, told, err
}

// orderAdvice is what to do about rows that are not as many as the images.
func orderAdvice(err error) string {
	if !strings.Contains(err.Error(), "they must agree") {
		return ""
	}
	return "; rows without paths are taken in the order of the annotation: give paths, a file of the path of each row's image, where they are in another or only some"
}

// alignLayout finds the label and the part of each row from the paths of the images.
func alignLayout(d *spec.Dataset, a *layouts.Annotation) (labels, parts []int, told []string, err error) {
	path, _ := expand(d.Paths)
	rows, err := layouts.ReadPaths(path)
	if err != nil {
		return nil, nil, nil, err
	}
	found, err := layouts.Align(a, rows)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", d.Paths, err)
	}
	labels = make([]int, len(rows))
	if a.Parts != nil {
		parts = make([]int, len(rows))
	}
	for row, image := range found.Image {
		labels[row] = a.Labels[image]
		if parts != nil {
			parts[row] = a.Parts[image]
		}
	}
	return labels, parts, found.Notes, nil
}

// splitOfLayout makes the split of d that which the layout says, where the spec leaves it
// to the layout. Lists that are not those of the benchmark are refused then: a truncated
// list gives figures that look right.
func splitOfLayout(d *spec.Dataset, a *layouts.Annotation) error {
	switch {
	case d.Split.Name == spec.Partitioned && !d.Divided() && a.Parts == nil:
		return fmt.Errorf("the layout %s (%s) does not divide its images; leave out split: %s, or give a partition", d.Layout, a.Layout, d.Split)
	case d.Split.Name != spec.AsDistributed:
		return nil
	case a.Benchmark != "":
		if differ := a.Difference(); differ != "" {
			return fmt.Errorf("%s (%s): %s; copy the annotation again, or, if it is another data set in this form, give split: %s, its own lists, or %s", d.Layout, a.Layout, differ, spec.Partitioned, spec.Half)
		}
		d.Split = spec.Split{Name: a.Benchmark}
	case a.Parts != nil:
		d.Split = spec.Split{Name: spec.Partitioned}
	case d.LabelsOnly():
		d.Split = spec.Split{Name: spec.All}
	default:
		d.Split = spec.Split{Name: spec.Half}
	}
	return nil
}

// leak is how many test classes train, where something of the user divides the rows.
func (s *loadedDataset) leak() datasets.Leak {
	if !s.divided {
		return datasets.Leak{}
	}
	return s.split.Leak(s.data.Labels)
}

// leakNote tells classes that are in training and in the test. They are allowed:
// closed-set protocols have them. But figures of seen classes are not those of papers,
// and where the user did not mean it, nothing else shows it.
func (s *loadedDataset) leakNote() []string {
	leak := s.leak()
	if leak.Classes == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d test classes are training classes too, first %s; figures of classes that were trained on are higher, and papers on metric learning have none",
		leak.Classes, leak.TestClasses, s.data.ClassName(leak.First))}
}

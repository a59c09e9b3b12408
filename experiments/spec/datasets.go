package spec

import (
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"gpwbench/benchmarks/names"
)

// datasets reads the key datasets. Each data set starts from the spec's settings.
func (d *decoder) datasets(n *yaml.Node, base Settings, at places) []Dataset {
	var all []Dataset
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		d.add(n, "datasets must be a list with at least one data set, such as [{name: cub, synthetic: cub}]")
		return nil
	}

	seen := map[string]bool{}
	d.list(n, "datasets", func(e *yaml.Node) {
		s := Dataset{Scale: 1, Split: Split{Name: Half}, Settings: base}
		s.Preprocess = append([]string{}, base.Preprocess...)
		own := maps.Clone(at)
		fields := []field{
			d.identifierField("name", &s.Name),
			d.pathField("features", &s.Features),
			d.pathField("labels", &s.Labels),
			d.pathField("layout", &s.Layout),
			d.pathField("paths", &s.Paths),
			{"partition", func(n *yaml.Node) { d.partition(n, &s.Partition, &s.Rows) }},
			{"ignore", func(n *yaml.Node) { own["ignore"], s.Ignore = placeOf(n), d.ignored(n) }},
			{"groups", func(n *yaml.Node) {
				own["groups"] = placeOf(n)
				d.pathField("groups", &s.Groups).read(n)
			}},
			{"split", func(n *yaml.Node) { d.split(n, &s.Split) }},
			d.enumField("synthetic", &s.Synthetic, names.StandIns()...),
			d.floatField("scale", &s.Scale, share),
		}

		fields = append(fields, s.Separate.fields(d)...)
		d.mapping(e, "a data set", append(fields, d.settings(&s.Settings, &own)...)...)
		if s.Name == "" && lookup(e, "name") == nil {
			d.add(e, "a data set needs a name")
		}
		if seen[s.Name] && s.Name != "" {
			d.add(e, "a second data set is named %s; every name stands for one", s.Name)
		}
		seen[s.Name] = true
		d.checkSource(e, &s)
		d.checkRules(e, &s)
		for key, p := range own {
			d.places[fmt.Sprintf("datasets.%d.%s", len(all), key)] = p
		}
		all = append(all, s)
	})

	return all
}

// checkSource refuses a data set with no source or with contradicting ones, and divides
// one that does not say how.
func (d *decoder) checkSource(n *yaml.Node, s *Dataset) {
	has := func(key string) bool { return lookup(n, key) != nil }
	separate := slices.ContainsFunc(partKeys, has)
	switch {
	case has("scale") && !has("synthetic"):
		d.add(lookup(n, "scale"), "scale is of a stand-in; there is none without synthetic")
		return
	case separate:
		d.checkSeparate(n, s)
	case has("layout"):
		d.checkLayout(n, s)
	case has("paths"):
		d.add(lookup(n, "paths"), "paths align rows with a layout; give layout, the annotation as it is distributed")
		return
	case !has("features") && !has("synthetic") && !has("labels"):
		d.add(n, "a data set needs features and labels (npy files), labels alone to evaluate embeddings on, or synthetic for a stand-in")
		return
	case has("features") != has("labels") && (has("features") || has("synthetic")):
		d.add(n, "features and labels go together: rows of a matrix and the class of each")
		return
	}
	d.checkSplit(n, s)
}

// checkSeparate checks the files of parts.
func (d *decoder) checkSeparate(n *yaml.Node, s *Dataset) {
	for _, key := range pathKeys {
		if other := lookup(n, key); other != nil && key != "groups" {
			d.add(other, "train, query, gallery and test have files of their own; leave out %s, or them", key)
			return
		}
	}
	has := func(f Files) bool { return f != Files{} }
	all := s.Separate
	features := 0
	parts := 0
	for _, f := range all.Each() {
		if has(f) {
			parts++
		}
		if f.Features != "" {
			features++
		}
	}

	switch {
	case has(all.Test) && (has(all.Query) || has(all.Gallery)):
		d.add(n, "test rows search each other, and query searches gallery; give test, or query and gallery")
	case !has(all.Test) && has(all.Query) != has(all.Gallery):
		d.add(n, "query and gallery go together; where the test rows search each other, name them test")
	case !has(all.Test) && !has(all.Query):
		d.add(n, "train needs test beside it, or query and gallery: the rows to evaluate on")
	case features > 0 && features < parts:
		d.add(n, "train, query, gallery and test need features each, or none of them where rows of embeddings alone are evaluated")
	case features == 0 && s.Synthetic != "":
		d.add(n, "train, query, gallery and test need features where a stand-in may run in their place")
	case features > 0 && !has(all.Train):
		d.add(n, "a data set of features needs train, the rows to train on, beside its test rows; without features only rows of embeddings are evaluated")
	}
}

// checkLayout checks what stands beside a layout.
func (d *decoder) checkLayout(n *yaml.Node, s *Dataset) {
	switch {
	case lookup(n, "labels") != nil:
		d.add(lookup(n, "labels"), "layout has the labels; leave one of them out")
	case s.Paths != "" && s.Features == "":
		d.add(lookup(n, "paths"), "paths are of the rows of features; there are none")
	case s.Synthetic != "" && s.Features == "":
		d.add(n, "layout needs features where a stand-in may run in its place")
	}
}

// checkSplit holds the split against what divides the rows.
func (d *decoder) checkSplit(n *yaml.Node, s *Dataset) {
	partition, split := lookup(n, "partition"), lookup(n, "split")
	b, _ := names.Find(s.Split.Name)
	byItself := b.Partition || s.Split.Name == Partitioned
	layout := s.Layout != ""
	switch {
	case split == nil:
		s.Split = s.defaultSplit()
		if partition != nil && !s.HasFiles() {
			d.add(partition, "partition divides the rows of files; a stand-in is divided as its benchmark")
		}
	case s.Split.Name == All && !s.LabelsOnly():
		d.add(split, "split %s is of a data set of labels alone, on which nothing is trained; of features take %s", s.Split.Name, Half)
	case s.Split.Name == AsDistributed && !layout:
		d.add(split, "split %s is that of a layout; give layout, the annotation as it is distributed", s.Split.Name)
	case byItself && s.HasFiles() && !s.Divided() && !layout:
		d.add(split, "split %s needs partition: an npy of integers, 0 train, 1 query, 2 gallery, one a row", s.Split.Name)
	case !byItself && partition != nil:
		d.add(partition, "partition divides the rows by itself, and split %s does otherwise; leave one of them out", s.Split)
	case !byItself && s.Divided():
		d.add(split, "the files of train and test divide the rows by themselves, and split %s does otherwise; leave one of them out", s.Split)
	case s.Split.Name == Partitioned && !s.HasFiles():
		d.add(split, "split %s is of files; a stand-in is divided as its benchmark", s.Split.Name)
	}
}

// defaultSplit is the split of a data set that gives none.
func (d *Dataset) defaultSplit() Split {
	switch {
	case d.Divided():
		return Split{Name: Partitioned}
	case d.Layout != "":
		return Split{Name: AsDistributed}
	case d.LabelsOnly():
		return Split{Name: All}
	case !d.HasFiles() && d.Synthetic != "":
		return Split{Name: names.OfStandIn(d.Synthetic).Name}
	}
	return Split{Name: Half}
}

// The names of splits that are no benchmark's.
const (
	Half          = "half"      // the first half of the classes trains
	Partitioned   = "partition" // what the data set says: a partition, rows or files of each part
	AsDistributed = "layout"    // that of papers on the layout's benchmark, or what the layout says
	All           = "all"       // every row is a test row, of labels alone
)

// split reads half, a benchmark's own split, another word, or {train_classes: n}.
func (d *decoder) split(n *yaml.Node, s *Split) {
	if n.Kind == yaml.MappingNode {
		*s = Split{}
		d.mapping(n, "split", d.intField("train_classes", &s.TrainClasses, 1, maxInt))
		return
	}
	d.oneOf(n, "split", &s.Name, append([]string{Half, All, Partitioned, AsDistributed}, names.All()...))
}

func (s Split) String() string {
	if s.Name != "" {
		return s.Name
	}
	return fmt.Sprintf("first %d classes", s.TrainClasses)
}

package spec

import (
	"fmt"
	"maps"

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
			d.stringField("features", &s.Features),
			d.stringField("labels", &s.Labels),
			d.stringField("partition", &s.Partition),
			{"split", func(n *yaml.Node) { d.split(n, &s.Split) }},
			d.enumField("synthetic", &s.Synthetic, names.StandIns()...),
			d.floatField("scale", &s.Scale, share),
		}

		d.mapping(e, "a data set", append(fields, d.settings(&s.Settings, &own)...)...)
		if s.Name == "" && lookup(e, "name") == nil {
			d.add(e, "a data set needs a name")
		}
		if seen[s.Name] && s.Name != "" {
			d.add(e, "a second data set is named %s; every name stands for one", s.Name)
		}
		seen[s.Name] = true
		d.checkSource(e, &s)
		for key, p := range own {
			d.places[fmt.Sprintf("datasets.%d.%s", len(all), key)] = p
		}
		all = append(all, s)
	})

	return all
}

// checkSource refuses a data set with no source or with contradicting ones.
func (d *decoder) checkSource(n *yaml.Node, s *Dataset) {
	has := func(key string) bool { return lookup(n, key) != nil }
	b, _ := names.Find(s.Split.Name)
	partitioned := b.Partition

	switch {
	case !has("features") && !has("synthetic") && !has("labels"):
		d.add(n, "a data set needs features and labels (npy files), labels alone to evaluate embeddings on, or synthetic for a stand-in")
	case !has("features") && !has("synthetic"):
		d.labelsOnly(n, s)
		return
	case s.Split.Name == All || s.Split.Name == Partitioned:
		d.add(lookup(n, "split"), "split %s is of a data set of labels alone, on which nothing is trained; of features take %s", s.Split.Name, Half)
	case has("features") != has("labels"):
		d.add(n, "features and labels go together: rows of a matrix and the class of each")
	case has("scale") && !has("synthetic"):
		d.add(lookup(n, "scale"), "scale is of a stand-in; there is none without synthetic")
	case partitioned && has("features") && !has("partition"):
		d.add(n, "split %s needs partition: an npy of integers, 0 train, 1 query, 2 gallery, one a row", s.Split.Name)
	case has("partition") && !partitioned:
		d.add(lookup(n, "partition"), "partition is of split %s", names.InShop.Name)
	}

	if !has("split") && !has("features") && s.Synthetic != "" {
		s.Split = Split{Name: names.OfStandIn(s.Synthetic).Name}
	}
}

// labelsOnly checks a data set of labels alone, and divides it where it does not say how.
func (d *decoder) labelsOnly(n *yaml.Node, s *Dataset) {
	partition, split := lookup(n, "partition"), lookup(n, "split")
	b, _ := names.Find(s.Split.Name)
	divided := b.Partition || s.Split.Name == Partitioned
	switch {
	case lookup(n, "scale") != nil:
		d.add(lookup(n, "scale"), "scale is of a stand-in; there is none without synthetic")
	case split == nil && partition == nil:
		s.Split = Split{Name: All}
	case split == nil:
		s.Split = Split{Name: Partitioned}
	case divided && partition == nil:
		d.add(split, "split %s needs partition: an npy of integers, 0 train, 1 query, 2 gallery, one a row", s.Split.Name)
	case !divided && partition != nil:
		d.add(partition, "partition divides the rows by itself, and split %s does otherwise; leave one of them out", s.Split)
	}
}

// The names of splits that are no benchmark's.
const (
	Half = "half" // the first half of the classes trains

	// Of a data set of labels alone.
	All         = "all"       // every row is a test row
	Partitioned = "partition" // query and gallery, by a file
)

// split reads half, a benchmark's own split, one of labels alone, or {train_classes: n}.
func (d *decoder) split(n *yaml.Node, s *Split) {
	if n.Kind == yaml.MappingNode {
		*s = Split{}
		d.mapping(n, "split", d.intField("train_classes", &s.TrainClasses, 1, maxInt))
		return
	}
	d.oneOf(n, "split", &s.Name, append([]string{Half, All, Partitioned}, names.All()...))
}

func (s Split) String() string {
	if s.Name != "" {
		return s.Name
	}
	return fmt.Sprintf("first %d classes", s.TrainClasses)
}

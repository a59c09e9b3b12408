package spec

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

func dataset(t *testing.T, text string) (Dataset, error) {
	t.Helper()
	rows := "[contrastive]"
	if !strings.Contains(text, "features") && !strings.Contains(text, "synthetic") {
		rows = "[{label: A, embeddings: e.npy}]"
	}
	s, err := Parse("s.yaml", []byte("name: a\ndatasets: [{name: d, "+text+"}]\nlosses: "+rows+"\n"), nil, losses.Catalogue)
	if err != nil {
		return Dataset{}, err
	}

	// What a program builds is written and read as the same.
	built := s.Clone()
	built.origin = nil
	again, err := built.Checked()
	if err != nil || !reflect.DeepEqual(again.Datasets, s.Datasets) {
		t.Errorf("%s: written and read it is %+v, error %v", text, again, err)
	}
	return s.Datasets[0], nil
}

func TestDivisions(t *testing.T) {
	for text, split := range map[string]string{
		"features: x, labels: y":                                        Half,
		"features: x, labels: y, partition: p.npy":                      Partitioned,
		"features: x, labels: y, partition: p.npy, split: partition":    Partitioned,
		"features: x, labels: y, partition: p.npy, split: inshop":       "inshop",
		"features: x, labels: y, partition: {train: 0:10, test: 10:20}": Partitioned,
		"features: x, layout: CUB":                                      AsDistributed,
		"features: x, layout: CUB, paths: p.txt, split: layout":         AsDistributed,
		"features: x, layout: CUB, split: partition":                    Partitioned,
		"features: x, layout: CUB, split: half":                         Half,
		"features: x, layout: CUB, partition: p.npy":                    Partitioned,
		"layout: CUB": AsDistributed,
		"layout: CUB, features: x, synthetic: cub":                        AsDistributed,
		"train: {features: x, labels: y}, test: {features: v, labels: w}": Partitioned,
		"query: {labels: y}, gallery: {labels: w}":                        Partitioned,
		"test: {labels: y}": Partitioned,
		"synthetic: inshop": "inshop",
		"labels: y":         All,
		"labels: y, partition: {query: [0:1, 2:3], gallery: [1:2]}":              Partitioned,
		"features: x, labels: y, synthetic: inshop, split: inshop, partition: p": "inshop",
	} {
		if d, err := dataset(t, text); err != nil || d.Split.Name != split {
			t.Errorf("%s: split %s, error %v, want %s", text, d.Split, err, split)
		}
	}
}

func TestDivisionsThatContradict(t *testing.T) {
	const x = "features: x, labels: y"
	for text, want := range map[string]string{
		x + ", partition: p, split: half":       "partition divides the rows by itself, and split half does otherwise",
		x + ", split: partition":                "split partition needs partition",
		x + ", split: layout":                   "split layout is that of a layout; give layout",
		x + ", split: all":                      "split all is of a data set of labels alone",
		x + ", layout: CUB":                     "layout has the labels; leave one of them out",
		x + ", paths: p":                        "paths align rows with a layout; give layout",
		"layout: CUB, paths: p":                 "paths are of the rows of features; there are none",
		"layout: CUB, synthetic: cub":           "layout needs features where a stand-in may run in its place",
		"synthetic: inshop, partition: p":       "partition divides the rows of files; a stand-in is divided as its benchmark",
		x + ", train: {features: x, labels: y}": "train, query, gallery and test have files of their own; leave out features, or them",
		"train: {features: x, labels: y}":       "train needs test beside it, or query and gallery",
		"train: {features: x, labels: y}, query: {features: x, labels: y}":             "query and gallery go together",
		"test: {features: x, labels: y}":                                               "a data set of features needs train",
		"train: {features: x, labels: y}, test: {labels: y}":                           "need features each, or none of them",
		"train: {features: x}, test: {labels: y}":                                      "train needs labels, the class of each of its rows",
		"test: {labels: y}, query: {labels: y}, gallery: {labels: y}":                  "test rows search each other, and query searches gallery",
		"train: {features: x, labels: y}, test: {features: x, labels: y}, split: half": "the files of train and test divide the rows by themselves",
		x + ", partition: {train: 5:5, test: 0:2}":                                     "5:5 are no rows; 5, the row behind the last, must be above 5",
		x + ", partition: {train: first}":                                              `"first" are no rows; write from:to`,
		x + ", partition: {}":                                                          "partition needs rows of its parts, such as {train: 0:100, test: 100:200}",
		x + ", partition: {validation: 0:5}":                                           `unknown key "validation" in partition`,
	} {
		if _, err := dataset(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
}

func TestRanges(t *testing.T) {
	got, err := Ranges{Train: "0:2,5:6", Query: "2:3", Gallery: "3:5"}.Partition(6)
	if err != nil || !slices.Equal(got, []int{0, 0, 1, 2, 2, 0}) {
		t.Errorf("%v, error %v", got, err)
	}
	for want, r := range map[string]Ranges{
		"the partition has row 1 in train and in test; each row is in one part":          {Train: "0:2", Test: "1:3"},
		"the partition has 1 rows in no part, first row 2 of 3; each row is in one part": {Train: "0:1", Test: "1:2"},
		"the partition has the rows 1:4 of test, and there are 3 rows":                   {Train: "0:1", Test: "1:4"},
	} {
		if _, err := r.Partition(3); err == nil || err.Error() != want {
			t.Errorf("%+v: error %v, want %s", r, err, want)
		}
	}
}

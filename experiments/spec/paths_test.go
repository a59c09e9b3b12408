package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/losses"
)

const pathsSpec = `name: a
datasets:
  - {name: one, features: x.npz:feats, labels: $GPW_DATA/y.npy, partition: ~/p.npy} # kept
  - {name: two, train: {features: t.npy, labels: /abs/t.npy}, test: {features: ../v.npy, labels: w.npy}}
losses: [contrastive]
`

// Relative paths are relative to the spec, those of overrides to the working directory,
// and variables and ~ to neither.
func TestPathsAreRelativeToTheSpec(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("specs/s.yaml", []byte(pathsSpec), []string{"datasets.two.test.labels=mine/w.npy"}, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	one, two := s.Datasets[0], s.Datasets[1].Separate
	if one.Features != "specs/x.npz:feats" || one.Labels != "$GPW_DATA/y.npy" || one.Partition != "~/p.npy" {
		t.Errorf("%s, %s, %s", one.Features, one.Labels, one.Partition)
	}
	if two.Train.Features != "specs/t.npy" || two.Train.Labels != "/abs/t.npy" || two.Test.Features != "v.npy" || two.Test.Labels != filepath.Join(wd, "mine/w.npy") {
		t.Errorf("%+v", two)
	}

	// The copy means the same files wherever it is.
	text, err := s.Resolved()
	if err != nil {
		t.Fatal(err)
	}
	copied, err := Parse("results/runs/a/spec.yaml", text, nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	for k, d := range copied.Datasets {
		for i, pair := range [][2]string{
			{d.Features, s.Datasets[k].Features}, {d.Labels, s.Datasets[k].Labels}, {d.Partition, s.Datasets[k].Partition},
			{d.Separate.Train.Features, s.Datasets[k].Separate.Train.Features}, {d.Separate.Test.Features, s.Datasets[k].Separate.Test.Features},
			{d.Separate.Test.Labels, s.Datasets[k].Separate.Test.Labels},
		} {
			want := pair[1]
			if isRelative(want) {
				want = filepath.Join(wd, want)
			}
			if pair[0] != want {
				t.Errorf("data set %d, path %d: the copy has %s, want %s", k, i, pair[0], want)
			}
		}
	}
	if !strings.Contains(string(text), "# kept") {
		t.Errorf("the copy lacks the comment:\n%s", text)
	}
}

// A spec without relative paths keeps its text, and one in the working directory its
// paths.
func TestPathsThatStay(t *testing.T) {
	const source = "name:   a\ndatasets: [{name: one, features: $X/x.npy, labels: /y.npy}]\nlosses: [contrastive]\n"
	s, err := Parse("specs/s.yaml", []byte(source), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := s.Resolved(); err != nil || string(text) != source {
		t.Errorf("%s, error %v", text, err)
	}
	s, err = Parse("s.yaml", []byte(pathsSpec), nil, losses.Catalogue)
	if err != nil || s.Datasets[0].Features != "x.npz:feats" || s.Datasets[1].Separate.Test.Features != "../v.npy" {
		t.Errorf("%+v, error %v", s.Datasets, err)
	}
}

func TestEmbeddingsAreRelativeToTheSpec(t *testing.T) {
	s, err := Parse("specs/s.yaml", []byte("name: a\ndatasets: [{name: one, labels: y.npy}]\nlosses: [{label: A, embeddings: runs/a_{seed}.npy}]\n"), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Elsewhere[0].Embeddings; got != "specs/runs/a_{seed}.npy" {
		t.Error(got)
	}
	text, err := s.Resolved()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Parse("s.yaml", text, nil, losses.Catalogue); err != nil || !strings.HasSuffix(again.Elsewhere[0].Embeddings, "/specs/runs/a_{seed}.npy") {
		t.Errorf("%s, error %v", text, err)
	}
}

package experiments

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/experiments/spec"
	"gpwbench/matrix"
	"gpwbench/results"
)

// refused loads a spec as a run does, and returns the error of what it refuses before it
// makes a folder.
func refused(t *testing.T, s *spec.Spec) error {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "folder")
	_, err := Run(t.Context(), s, dir, Options{Workers: 1, Progress: &silence{}})
	if _, found := os.Stat(dir); err != nil && found == nil {
		t.Error("a folder is made")
	}
	return err
}

// Settings that do not fit the data are refused before anything runs and before there is
// a folder, each with its place and what to do.
//
// The sizes of memory are those of S: a batch of 4·3000 rows has 144·10⁶ pairs, of 52
// bytes each, which is 7.0 GiB, and of 44 bytes in each of two snapshots, 11.8 GiB; one
// of 12 rows against 10⁷ in memory 1.2·10⁸ pairs, 5.8 GiB, and 0.3 GiB for the rows of 8
// dimensions; 12 against 6 classes of 10⁶ proxies 0.72·10⁸ pairs, 3.5 GiB, and 0.9 GiB
// for five numbers of each proxy's 8 dimensions.
func TestSettingsThatDoNotFit(t *testing.T) {
	for _, c := range []struct{ overrides, want string }{
		{"sampler.classes=7", "sampler.classes=7: a batch has 7 classes, and the training split of tiny has 6; lower sampler.classes"},
		{"head.dim=9", "head.dim=9: the head is to have 9 dimensions, the features of tiny have 8; lower head.dim, or leave it out for all"},
		{"head.dim=10000000", "head.dim=10000000: the head is to have 10000000 dimensions, the features of tiny have 8; lower head.dim, or leave it out for all"},
		{"memory={name: xbm, size: 5}", "memory={name: xbm, size: 5}: memory.size is 5, and a batch of tiny has 12 rows; the memory must hold one"},
		{"memory={name: xbm, warmup: 10}", "memory={name: xbm, warmup: 10}: memory.warmup is 10, and tiny trains for 10 steps, so that the memory would never be used; lower it"},
		{"sampler={name: uniform, classes: 5, per_class: 8}", "sampler={name: uniform, classes: 5, per_class: 8}: a batch has 5·8 rows, and the training split of tiny has 36; lower sampler.classes or sampler.per_class"},
		{"datasets.tiny.split={train_classes: 1}", "s.yaml:4:20: the training split of tiny has 1 class, so that no pair is negative; a loss needs two or more: give the training more classes by split, or leave out the losses"},
		{"baselines={name: pca, dim: 9}", "baselines={name: pca, dim: 9}: pca of tiny is to have 9 dimensions, and 36 training rows of 8 features have at most 8; leave it out of the baselines"},
		{"sampler.per_class=3000", "sampler.per_class=3000: a run of Contrastive on tiny takes about 18.8 GiB of memory, and one may take 4 GiB; lower sampler.per_class"},
		{"memory={name: xbm, size: 10000000}", "memory={name: xbm, size: 10000000}: a run of Contrastive on tiny takes about 6.1 GiB of memory, and one may take 4 GiB; lower memory.size"},
		{"losses={name: proxy_anchor, proxies: {per_class: 1000000}}", "losses={name: proxy_anchor, proxies: {per_class: 1000000}}: a run of Proxy-Anchor on tiny takes about 4.4 GiB of memory, and one may take 4 GiB; lower proxies.per_class"},
	} {
		s := tinySpec(t, append([]string{c.overrides}, map[bool][]string{false: {"losses=contrastive"}}[strings.HasPrefix(c.overrides, "losses")]...)...)
		var e *spec.SpecError
		if err := refused(t, s); !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("%s: error\n%v, want\n%s", c.overrides, err, c.want)
		}
	}
}

// Snapshots of many steps are memory too: a batch of 600 rows has 360,000 pairs of 44
// bytes a step, and 300 steps of them take 4.4 GiB.
func TestSnapshotsThatDoNotFit(t *testing.T) {
	var at []string
	for k := range 300 {
		at = append(at, fmt.Sprint(k))
	}
	err := refused(t, tinySpec(t, "losses=contrastive", "steps=300", "sampler.per_class=150", "weights.at="+strings.Join(at, ",")))
	if err == nil || !strings.HasSuffix(err.Error(), "a run of Contrastive on tiny takes about 4.4 GiB of memory, and one may take 4 GiB; lower the number of steps in weights.at") {
		t.Errorf("error %v", err)
	}
}

// A test split that can only give 0 % or 100 %, or nothing, is refused with what it
// holds.
func TestTestRowsThatMeasureNothing(t *testing.T) {
	for _, c := range []struct {
		labels, partition []int
		want              string
	}{
		{[]int{0, 0, 1, 1, 2, 3, 4, 5}, nil, "d: no query has a positive: the 4 test rows of 4 classes have one row a class; put classes of two rows or more into the test"},
		{[]int{0, 0, 1, 1, 2, 2, 2, 2}, nil, "d: no query has a negative among the 4 test rows of 1 class, and so Recall@K is 100 % of any embedding; put more classes into the test"},
		{[]int{0, 0, 1, 1, 2, 3, 4, 5}, []int{0, 0, 0, 0, 1, 1, 2, 2},
			"d: no query has a positive: the 2 queries are of 2 classes, and none of these is among the 2 test gallery rows of 2 classes; query and gallery must share classes"},
		{[]int{0, 0, 1, 1, 2, 3, 2, 2}, []int{0, 0, 0, 0, 1, 1, 2, 2}, "d: no query has a negative among the 2 test gallery rows of 1 class"},
		{[]int{0, 0, 1, 1, 2, 3, 2, 3}, []int{0, 0, 0, 0, 1, 1, 2, 2}, ""},
		{[]int{0, 0, 1, 1, 2, 3, 3, 4}, nil, ""},
	} {
		split, err := datasets.ByClasses(c.labels, 2)
		if c.partition != nil {
			split, err = datasets.ByPartition(c.labels, c.partition)
		}
		if err != nil {
			t.Fatal(err)
		}
		data := datasets.Dataset{X: matrix.New(len(c.labels), 1), Labels: c.labels}
		src := loadedDataset{spec: &spec.Dataset{Name: "d"}, data: &data, split: split}
		src.divideRows()
		if err := src.checkTest(); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("labels %v, partition %v: error %v, want %q", c.labels, c.partition, err, c.want)
		}
	}
}

// Training classes of one row give positives that are copies: their rows say so, and a
// baseline that needs two different rows of a class is left out aloud, unless the spec
// names it.
func TestClassesOfOneImage(t *testing.T) {
	features := writeNPY(t, "x.npy", []int{9, 2}, []float32{1, 0, 0, 1, 1, 1, 2, 1, 1, 3, 1, 5, 1, 6, 7, 1, 8, 1})
	labels := writeNPY(t, "y.npy", []int{9}, []int64{0, 1, 2, 3, 4, 5, 5, 6, 6})
	source := fmt.Sprintf(`name: s
datasets: [{name: d, features: %s, labels: %s, split: {train_classes: 5}}]
losses: [contrastive]
sampler: {classes: 4, per_class: 2}
metrics: {recall_at: [1]}
seeds: 1
steps: 2
`, features, labels)

	s, err := parseSpec(source)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out, err := runInto(t.Context(), t, dir, s, 1, &silence{})
	if err != nil || len(out.Failed) > 0 || out.Runs != 4 {
		t.Fatalf("outcome %+v, error %v, want four runs: frozen, PCA, the untrained head and the loss", out, err)
	}
	want := []string{
		"5 of 5 training classes have one row: their only positives are copies of it",
		"the baseline whitening is left out: it needs a training class with two different rows, and there is none",
	}

	for _, r := range records(t, dir) {
		if r.Kind == results.KindLoss && !slices.Equal(r.Warnings, want) {
			t.Errorf("%s: warnings %q, want %q", r.Label, r.Warnings, want)
		}
	}

	for override, want := range map[string]string{
		"baselines=whitening": "baselines=whitening: whitening of d needs a training class with two different rows, and there is none; leave it out of the baselines",
		"head.init=whitened":  "head.init=whitened: the start whitened of the head needs a training class with two different rows, and there is none; take another head.init or head.dim",
	} {
		if s, err = parseSpec(source, override); err != nil {
			t.Fatal(err)
		}
		if err := refused(t, s); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", override, err, want)
		}
	}
}

// What preprocessing cannot take is refused before there is a folder: one line, that of
// the data set.
func TestPreprocessThatDoesNotFit(t *testing.T) {
	err := refused(t, tinySpec(t, "preprocess=sqrt"))
	if err == nil || !strings.HasPrefix(err.Error(), "tiny: train: preprocess: sqrt needs features ≥ 0") || strings.Contains(err.Error(), "\n") {
		t.Errorf("square roots of negative features: error %v", err)
	}
}

// Words in a partition that are none of its own are refused, and not numbered.
func TestPartitionOfWords(t *testing.T) {
	features, labels := tiny(t)
	d := spec.Dataset{Name: "d", Features: features, Labels: labels, Partition: "../internal/npy/testdata/strings.npy", Split: spec.Split{Name: "inshop"}}
	_, err := load(&d)
	const want = `d: npy: ../internal/npy/testdata/strings.npy: has "jay" in row 0 of the partition: use train, query, gallery or test, or 0, 1, 2, 3`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

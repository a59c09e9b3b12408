package experiments

import (
	"slices"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/experiments/spec"
	"gpwbench/matrix"
	"gpwbench/results"
)

// The covariance of 20,000 features has 4·10⁸ numbers, and three of its size take 8.9
// GiB: default baselines are left out aloud, a given one is refused.
func TestBaselineThatDoesNotFit(t *testing.T) {
	const why = "takes 8.9 GiB for 20000 features, and a run may take 4 GiB"
	for _, c := range []struct {
		baselines       []string
		remarks, wrongs []string
	}{
		{nil, []string{"the baseline pca is left out: it " + why, "the baseline whitening is left out: it " + why}, nil},
		{[]string{"baselines=frozen"}, nil, nil},
		{[]string{"baselines=pca"}, nil, []string{"baselines=pca: pca of d " + why + "; leave it out of the baselines"}},
	} {
		src := &loadedDataset{spec: &spec.Dataset{Name: "d"}, data: &datasets.Dataset{X: matrix.Matrix{Cols: 20000}}, info: results.DatasetInfo{Dim: 20000, TrainRows: 9000}}
		s, err := parseSpec(smallSpec, c.baselines...)
		if err != nil {
			t.Fatal(err)
		}
		f := fitting{spec: s, source: src}
		if f.baselines(); !slices.Equal(src.remarks, c.remarks) || !slices.Equal(f.Problems, c.wrongs) {
			t.Errorf("%q: remarks %q and errors %q, want %q and %q", c.baselines, src.remarks, f.Problems, c.remarks, c.wrongs)
		}
	}
}

package datasets

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"gpwbench/benchmarks/retrieval"
)

// dataDir is $GPW_DATA, which, if relative, is so to the root of the module. Without it the test is skipped.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("GPW_DATA")
	if dir == "" {
		t.Skip("needs real features: set GPW_DATA to their directory")
	}
	if filepath.IsAbs(dir) {
		return dir
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, dir)
		}
		if parent := filepath.Dir(root); parent != root {
			root = parent
			continue
		}
		t.Fatal("no go.mod above the test")
	}
}

// Recall@1, 2, 4, 8 of frozen features, in percent, as the README beside each set of features gives it to one decimal.
func TestRealFeatures(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		name         string
		trainClasses int
		trainRows    int
		testRows     int
		want         []float64
	}{
		{"cars196_train_mobilenetv2", 98, 4052, 4092, []float64{40.6, 51.7, 62.9, 74.0}},
		{"cub50_mobilenetv2", 25, 1402, 1487, []float64{68.4, 78.1, 87.6, 95.0}},
	} {
		d, err := Load(c.name, filepath.Join(dir, c.name, "features.npy"), filepath.Join(dir, c.name, "labels.npy"))
		if err != nil {
			t.Fatal(err)
		}
		split, err := ByClasses(d.Labels, c.trainClasses)
		if err != nil {
			t.Fatal(err)
		}
		if len(split.Train) != c.trainRows || len(split.Query) != c.testRows {
			t.Errorf("%s: %d training and %d test rows, want %d and %d", c.name, len(split.Train), len(split.Query), c.trainRows, c.testRows)
		}
		x, labels, err := d.Take(split.Query)
		if err != nil {
			t.Fatal(err)
		}
		s, err := retrieval.Evaluate(t.Context(), retrieval.Float32(x), labels, retrieval.Options{Ks: []int{1, 2, 4, 8}, MAPAtR: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range s.Ks {
			if got := 100 * s.Recall(k); math.Abs(got-c.want[i]) > 0.05 {
				t.Errorf("%s: Recall@%d %.2f %%, want %.1f", c.name, k, got, c.want[i])
			}
		}
		ap, _ := s.MAPAtR()
		rp, _ := s.RPrecision()
		t.Logf("%s: MAP@R %.2f %%, R-precision %.2f %%, %d of %d queries tied, %d lonely", c.name, 100*ap.Expected, 100*rp.Expected, s.Ties, s.Queries, s.WithoutPositives)
	}
}

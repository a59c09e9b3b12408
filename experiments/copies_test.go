package experiments

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"gpwbench/analysis"
)

// Copies that fill small classes have no weight in a loss of distances: of 12 classes 8
// train, half of them with two rows, and a batch takes four a class. At 1 − 2⁻²⁴, the
// next similarity below 1 in float32, a copy would have the slope 1/d = 2,896 beside
// others of about 1, and the mass of a step would be its own.
func TestCopiesHaveNoMass(t *testing.T) {
	const dim = 24
	r := rand.New(rand.NewPCG(31, 32))
	var x []float32
	var y []int64
	for class := range 12 {
		rows := 6
		if class < 8 && class%2 == 0 {
			rows = 2
		}
		for range rows {
			for range dim {
				x = append(x, float32(r.NormFloat64()))
			}
			x[len(x)-dim+class] += 2
			y = append(y, int64(class))
		}
	}

	features, labels := writeNPY(t, "x.npy", []int{len(y), dim}, x), writeNPY(t, "y.npy", []int{len(y)}, y)
	s, err := parseSpec(fmt.Sprintf("name: copies\ndatasets: [{name: d, features: %s, labels: %s, split: {train_classes: 8}}]\nbaselines: []\n"+
		"losses: [contrastive.pml, triplet.soft, lifted_generalized, lifted_2016]\nhead: {name: linear, dim: 16, init: pca}\n"+
		"sampler: {classes: 8, per_class: 4}\nsteps: 10\nseeds: 1\n", features, labels))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if out, err := runInto(t.Context(), t, dir, s, 1, &silence{}); err != nil || out.Ran != 4 || len(out.Failed) > 0 {
		t.Fatalf("%+v, %v", out, err)
	}

	for _, record := range records(t, dir) {
		moments, err := analysis.ReadStats(filepath.Join(dir, analysis.StatsFile(record.ID)))
		if err != nil || len(moments) != 10 {
			t.Fatalf("%s: %d moments, %v", record.Label, len(moments), err)
		}
		for _, m := range moments {
			if p := m.Positive; p.High != 1 || p.Weighted >= p.Pairs || p.Mass > 10 || p.Largest > 0.2 {
				t.Errorf("%s, step %d: S up to %v, %d of %d positives with weight, %v in all, the share %v of one",
					record.Label, m.Step, p.High, p.Weighted, p.Pairs, p.Mass, p.Largest)
			}
		}
	}
}

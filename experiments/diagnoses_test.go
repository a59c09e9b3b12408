package experiments

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gpwbench/analysis"
	"gpwbench/matrix"
)

// Small experiments in which something goes wrong, each beside one that differs in a
// number and is well.
func TestDiagnoses(t *testing.T) {
	for _, test := range []struct {
		loss          string
		noise, offset float64
		lr            string
		preprocess    string
		want          []string
	}{
		// λ 1 leaves negatives e^{50(S−1)}.
		{"{name: multi_similarity.paper, params: {beta: 50, lambda: 1}}", 1, 0, "0.001", "[center]", []string{"no_negatives"}},
		{"{name: multi_similarity.paper, params: {beta: 50, lambda: 0.5}}", 1, 0, "0.001", "[center]", nil},
		// Attraction alone, from features in a cone.
		{"{name: contrastive, params: {lambda: 1}}", 1, 6, "0.03", "[]", []string{"collapse", "no_negatives"}},
		{"{name: contrastive, params: {lambda: 0.5}}", 1, 6, "0.03", "[]", nil},
		{"{name: triplet, params: {lambda: 0.01}}", 0.1, 0, "0.001", "[center]", []string{"dead_training"}},
		{"{name: triplet, params: {lambda: 0.5}}", 1, 0, "0.001", "[center]", nil},
		{"{name: contrastive, miner: {name: pair_margin, pos_margin: 0.6, neg_margin: 0.5}}", 0.3, 0, "0.0003", "[center]", []string{"empty_mining"}},
		{"{name: contrastive, miner: {name: pair_margin, pos_margin: 0.3, neg_margin: 0.8}}", 0.3, 0, "0.0003", "[center]", nil},
		{"{name: f, positive: 1, negative: 1, mine: {positive: s < -1, negative: s > 1}}", 0.3, 0, "0.0003", "[center]", []string{"dead_training"}},
		{"{name: f, positive: 1, negative: 1, mine: {positive: s < 0.9, negative: s > 0}}", 1, 0, "0.0003", "[center]", nil},
		// A soft maximum over all pairs of the batch, at a scale at which it is a
		// maximum.
		{"{name: circle_batch, params: {gamma: 256}}", 1, 0, "0.001", "[center]", []string{"one_pair"}},
		{"{name: circle_batch, params: {gamma: 16}}", 1, 0, "0.001", "[center]", nil},
		// The hardest of points that float32 cannot tell apart.
		{"batch_hard", 0, 1e6, "0.001", "[]", []string{"collapse"}},
		{"batch_hard", 1, 3, "0.001", "[]", nil},
	} {
		features, labels := clusters(t, 6, test.noise, test.offset)
		s, err := parseSpec(fmt.Sprintf("name: tiny\ndatasets: [{name: tiny, features: %s, labels: %s}]\nbaselines: []\nlosses: [%s]\n"+
			"sampler: {classes: 6, per_class: 4}\noptimizer: {lr: %s}\nsteps: 60\npreprocess: %s\nseeds: 2\n", features, labels, test.loss, test.lr, test.preprocess))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if out, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil || len(out.Failed) > 0 {
			t.Fatalf("%s: %+v, %v", test.loss, out, err)
		}

		for _, r := range records(t, dir) {
			var got []string
			for _, d := range r.Diagnoses {
				got = append(got, d.Name)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s, seed %d: %v, want %v: %v", test.loss, r.Seed, got, test.want, r.Diagnoses)
			}
		}
	}
}

// The moments of every seed are kept, also against a memory, and a run whose moments are
// gone is made again, with the same bytes.
func TestMomentsAreKept(t *testing.T) {
	features, labels := tiny(t)
	s, err := parseSpec(fmt.Sprintf("name: tiny\ndatasets: [{name: tiny, features: %s, labels: %s}]\nbaselines: []\n"+
		"losses: [contrastive, {name: nca, memory: {name: xbm, size: 24, warmup: 20}}]\nsampler: {classes: 4, per_class: 3}\nsteps: 150\nseeds: 2\n", features, labels))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := runInto(t.Context(), t, dir, s, 2, &silence{}); err != nil {
		t.Fatal(err)
	}
	want := contents(t, dir)

	for _, r := range records(t, dir) {
		path := filepath.Join(dir, analysis.StatsFile(r.ID))
		moments, err := analysis.ReadStats(path)
		if err != nil {
			t.Fatal(err)
		}
		// Every second step, and the last.
		if n := len(moments); n != 76 || moments[1].Step != 2 || moments[75].Step != 149 {
			t.Errorf("%s: %d moments, the last of step %d", r.Label, n, moments[n-1].Step)
		}
		batch, memory := 4*3*(4*3-3), 12*24
		if got := moments[75].Negative.Pairs + moments[75].Positive.Pairs; moments[0].Negative.Pairs != batch || r.Loss == "nca" && got != memory-12 {
			t.Errorf("%s: %d negatives at first, %d pairs at last", r.Label, moments[0].Negative.Pairs, got)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}

	out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
	if err != nil || out.Ran != 4 {
		t.Fatalf("outcome %+v, error %v, want all runs again", out, err)
	}
	same(t, "made again", contents(t, dir), want)
}

// The mean similarity of rows is that over all pairs of two.
func TestBundle(t *testing.T) {
	// 0.6, 0, −0.8.
	x := matrix.Matrix{Rows: 3, Cols: 2, Stride: 2, Data: []float32{1, 0, 0.6, 0.8, 0, -1}}
	var all, two, one meanDirection
	all.add(x)
	two.add(x.Slice(0, 1))
	two.add(x.Slice(1, 3))
	one.add(x.Slice(0, 1))

	for _, b := range []*meanDirection{&all, &two} {
		if got := b.meanSimilarity(); math.Abs(got-(0.6-0.8)/3) > 1e-7 {
			t.Errorf("mean similarity %v", got)
		}
	}

	if got := one.meanSimilarity(); !math.IsNaN(got) {
		t.Errorf("of one row: %v", got)
	}
	// The squared length of a row is 1.0000000149, and of two thirds of the rows here it
	// would make a mean above 1.
	var equal meanDirection
	for range 3 {
		equal.add(matrix.Matrix{Rows: 2, Cols: 2, Stride: 2, Data: []float32{0.6, 0.8, 0.6, 0.8}})
	}
	if got := equal.meanSimilarity(); got != 1 {
		t.Errorf("of equal rows: %v", got)
	}
}

package experiments

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
)

// pairedLosses compare batches with themselves, with a memory and with proxies; one
// learns parameters, one looks at all training rows, one chooses on the test.
const pairedLosses = `losses=[contrastive, {name: multi_similarity, memory: {name: xbm, size: 40, warmup: 2}}, margin.per_class, proxy_anchor,
	hierarchical_triplet.training_tree, {name: nca, protocol: {name: paper, every: 3}}]`

// A trainingInput is the start of a training and its batches, step by step.
type trainingInput struct {
	start   []float32 // the head before the first step
	batches [][]int   // rows of the training features
}

// All losses with one seed start from the same head, to the bit, and see the same rows in
// the same order in every step, whatever they compare them with; another seed is another
// start and other batches. So the difference of two losses is paired.
func TestLossesArePaired(t *testing.T) {
	s := tinySpec(t, pairedLosses, "head={name: linear, dim: 5, init: orthogonal}", "baselines=none", "seeds=3")
	r, err := newRunner(s, Options{Workers: 1, Revision: "test"})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := r.load(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	inputs := map[uint64]map[string]trainingInput{}
	for _, j := range loaded.jobs[0] {
		rows, err := j.on.prepare()
		if err != nil {
			t.Fatal(err)
		}
		w, err := j.on.newTraining(t.Context(), j, rows)
		if err != nil {
			t.Fatal(err)
		}
		c := trainingInput{start: slices.Clone(w.trainer.Weights().W.Data)}
		for range w.steps {
			step, err := w.trainer.Step()
			if err != nil {
				t.Fatal(err)
			}
			c.batches = append(c.batches, slices.Clone(step.Rows))
		}
		if slices.Equal(c.start, w.trainer.Weights().W.Data) {
			t.Errorf("%s moves nothing", j.record.Label)
		}
		if inputs[j.Seed] == nil {
			inputs[j.Seed] = map[string]trainingInput{}
		}
		inputs[j.Seed][j.record.Label] = c
	}

	if len(inputs) != 3 || len(inputs[0]) != 6 {
		t.Fatalf("%d seeds of %d losses", len(inputs), len(inputs[0]))
	}
	first := inputs[0]["Contrastive"]
	for seed, of := range inputs {
		want := of["Contrastive"]
		if len(want.batches) != 10 || len(want.batches[0]) != 12 {
			t.Fatalf("seed %d: %d batches", seed, len(want.batches))
		}
		for label, got := range of {
			if !slices.Equal(got.start, want.start) {
				t.Errorf("seed %d: %s starts elsewhere than Contrastive", seed, label)
			}
			if diff := cmp.Diff(want.batches, got.batches); diff != "" {
				t.Errorf("seed %d: batches of Contrastive (-) and %s (+):\n%s", seed, label, diff)
			}
		}
		if seed > 0 && (slices.Equal(want.start, first.start) || cmp.Equal(want.batches, first.batches)) {
			t.Errorf("seed %d is seed 0 again", seed)
		}
	}
}

// All runs of all rows and seeds, whatever their protocol, answer for
// the same test rows in the same order.
func TestRunsHaveTheSameTestRows(t *testing.T) {
	dir := t.TempDir()
	if out, err := runInto(t.Context(), t, dir, tinySpec(t, pairedLosses, "baselines=[raw, frozen, whitening]", "sampler.classes=3", "protocol={name: holdout, folds: 2, every: 5}", "preprocess=[l2, center]"), 2, &silence{}); err != nil || len(out.Failed) > 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	store, err := results.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	var first *results.Queries
	kinds := map[string]bool{}
	for _, r := range records(t, dir) {
		q, err := store.ReadQueries(r)
		if err != nil {
			t.Fatal(err)
		}
		kinds[r.Kind+" "+r.Protocol] = true
		if first == nil {
			first = q
		}
		if diff := cmp.Diff(first.Classes, q.Classes); diff != "" || len(q.Classes) != 36 {
			t.Errorf("%s, seed %d: %d queries (-first row +this):\n%s", r.Label, r.Seed, len(q.Classes), diff)
		}
		for i := range q.Classes {
			if q.HasPositive(i) != first.HasPositive(i) {
				t.Errorf("%s, seed %d: query %d", r.Label, r.Seed, i)
			}
		}
	}
	if !kinds["baseline none"] || !kinds["loss holdout"] || !kinds["loss paper"] {
		t.Errorf("the runs are of %v", kinds)
	}
}

package experiments

import (
	"reflect"
	"slices"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/train"
	"gpwbench/train/config"
)

// Two steps by hand: of 5 rows of the classes 1, 2, 3, the first batch holds 0, 1, 4 and
// the second 0, 0, 2. Row 3 and nothing else is in none. Alone of their class are row 4
// in the first and row 2 in the second; the copies of row 0 have each other.
func TestDrawn(t *testing.T) {
	d := newDrawnCounter([]int{1, 1, 2, 2, 3})
	d.count(train.Step{Rows: []int{0, 1, 4}, Labels: []int{1, 1, 3}, Anchors: []int{1, 1, 3}, Candidates: []int{1, 1, 3}, Self: []int{0, 1, 2}})
	d.count(train.Step{Rows: []int{0, 0, 2}, Labels: []int{1, 1, 2}, Anchors: []int{1, 1, 2}, Candidates: []int{1, 1, 2}, Self: []int{0, 1, 2}})
	if want := (results.Drawn{Rows: 4, Classes: 3, Anchors: 6, WithoutPositives: 2}); d.Drawn != want {
		t.Errorf("got %+v, want %+v", d.Drawn, want)
	}
	// Against proxies, none of which is the anchor itself, one of the class is enough.
	d.count(train.Step{Rows: []int{3}, Labels: []int{2}, Anchors: []int{2}, Candidates: []int{1, 2, 3}})
	if want := (results.Drawn{Rows: 5, Classes: 3, Anchors: 7, WithoutPositives: 2}); d.Drawn != want {
		t.Errorf("with proxies: got %+v, want %+v", d.Drawn, want)
	}
}

// What the record counts is what the sampler drew: the same for every loss. An epoch of 6
// rows of 36 in 6 steps holds them all, one of 5 steps 30; with 2 rows of 6 classes of 6
// a batch, an anchor is alone of its class now and then.
func TestRecordsSayWhatWasDrawn(t *testing.T) {
	for steps, rows := range map[string]int{"5": 30, "6": 36} {
		rs := byLabel(t, tinySpec(t, "sampler={name: uniform, classes: 3, per_class: 2}", "losses=contrastive,multi_similarity", "baselines=frozen", "steps="+steps, "seeds=1"))
		a, b := rs["Contrastive"][0].Drawn, rs["Multi-Similarity"][0].Drawn
		if a == nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%s steps: drawn %+v, %+v", steps, a, b)
		}
		if a.Rows != rows || a.Classes != 6 || a.Anchors != rows || a.WithoutPositives == 0 || a.WithoutPositives == a.Anchors {
			t.Errorf("%s steps: drawn %+v, want %d rows and anchors, some of them alone", steps, *a, rows)
		}
		if rs["frozen"][0].Drawn != nil {
			t.Error("frozen features drew batches")
		}
	}
}

// Classes of fewer rows than a batch has of each are told, those of one row apart. The
// sampler that repeats no row leaves these without a positive.
func TestRemarksOnCopies(t *testing.T) {
	for _, c := range []struct {
		labels  []int
		sampler config.Sampler
		want    []string
	}{
		{[]int{0, 0, 0, 1, 1, 1}, config.Sampler{Name: "m_per_class", PerClass: 3}, nil},
		{[]int{0, 0, 0, 1, 1, 2}, config.Sampler{Name: "m_per_class", PerClass: 3},
			[]string{"2 of 3 training classes have fewer than 3 rows (sampler.per_class), and copies fill them up; 1 of 3 training classes have one row: their only positives are copies of it"}},
		{[]int{0, 0, 0, 1, 1, 1}, config.Sampler{Name: "random_identity", PerClass: 4},
			[]string{"2 of 2 training classes have fewer than 4 rows (sampler.per_class), and copies fill them up"}},
		{[]int{0, 0, 1, 2}, config.Sampler{Name: "random_identity", PerClass: 2},
			[]string{"2 of 3 training classes have one row: their only positives are copies of it"}},
		{[]int{0, 0, 1, 2}, config.Sampler{Name: "uniform", PerClass: 2}, []string{"2 of 3 training classes have one row: it never has a positive"}},
	} {
		s := &loadedDataset{spec: &spec.Dataset{Settings: spec.Settings{Sampler: c.sampler}}, trainLabels: c.labels}
		s.info.TrainClasses = c.labels[len(c.labels)-1] + 1
		s.noteCopies()
		if got := s.remarks; !slices.Equal(got, c.want) {
			t.Errorf("%v, %+v: %q, want %q", c.labels, c.sampler, got, c.want)
		}
	}
}

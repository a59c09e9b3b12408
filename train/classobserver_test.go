package train

import (
	"math"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/train/config"
)

// observing keeps copies of what it is given.
type observing struct {
	losses.Loss
	seen []losses.ClassMeans
}

func (l *observing) ObserveClasses(c losses.ClassMeans) {
	copied := losses.ClassMeans{Labels: slices.Clone(c.Labels), Sizes: slices.Clone(c.Sizes)}
	for _, m := range c.Means {
		copied.Means = append(copied.Means, slices.Clone(m))
	}
	l.seen = append(l.seen, copied)
}

// The observation before step k·⌈N/m⌉ has the means of all embeddings under the weights of
// that step. The rows are several blocks.
func TestSurvey(t *testing.T) {
	x, labels := data(4, 300, 5)
	for i := range labels {
		labels[i] = 7 * (3 - labels[i]%4) // in no order
	}

	labels[1199] = 5 // a class of one
	c := settings(4, 60)
	c.Head.Init, c.Head.Dim = "orthogonal", 3
	l := &observing{Loss: contrastive}
	tr := newTrainer(t, c, x, labels, l)

	for step := range 11 { // 1200 rows, 240 a batch: an epoch is 5 steps
		w := toFloat64(tr.Weights().W)
		mustStep(t, tr)
		if want := step/5 + 1; len(l.seen) != want {
			t.Fatalf("step %d: %d observations, want %d", step, len(l.seen), want)
		}

		if step%5 > 0 {
			continue
		}
		got := l.seen[len(l.seen)-1]
		if !slices.Equal(got.Labels, []int{0, 5, 7, 14, 21}) || !slices.Equal(got.Sizes, []int{299, 1, 300, 300, 300}) {
			t.Fatalf("classes %v of sizes %v", got.Labels, got.Sizes)
		}

		e := embedUnits(x, w, sequence(x.Rows))
		for k, class := range got.Labels {
			for d, mean := range got.Means[k] {
				sum := 0.0
				for i, label := range labels {
					if label == class {
						sum += e[i][d]
					}
				}
				if want := sum / float64(got.Sizes[k]); math.Abs(mean-want) > 1e-6 {
					t.Errorf("step %d: the mean of class %d has %v, want %v", step, class, mean, want)
				}
			}
		}
	}
}

// A row without a direction is named, also when no batch has drawn it yet.
func TestSurveyErrors(t *testing.T) {
	x, labels := data(5, 4, 7)
	clear(x.Row(13))
	_, err := newTrainer(t, settings(2, 2), x, labels, &observing{Loss: contrastive}).Step()
	wantError(t, err, "step 0: training row 13 is all zeros after the head")
}

// The tree of the training set is another than that of a batch. A run has its own.
// Without a head it is that of the features.
func TestTrainingTree(t *testing.T) {
	x, labels := data(6, 4, 8)
	values := func(c Config) (of []float64) {
		choice, err := losses.Choose(losses.Catalogue, "hierarchical_triplet.training_tree")
		if err != nil {
			t.Fatal(err)
		}

		loss, err := choice.Loss()
		if err != nil {
			t.Fatal(err)
		}

		tr := newTrainer(t, c, x, labels, loss)
		for range 9 {
			of = append(of, mustStep(t, tr).Loss)
		}
		return of
	}

	c := settings(3, 2)
	first := values(c)
	if !slices.Equal(values(c), first) {
		t.Error("another run has other losses")
	}

	tr := newTrainer(t, c, x, labels, losses.HierarchicalTriplet{Beta: 0.1, Levels: 16})
	if batch := mustStep(t, tr).Loss; batch == first[0] {
		t.Errorf("L = %v with the tree of the training set and with that of the batch", batch)
	}

	c.Head, c.Optimizer = config.Head{Name: "none"}, config.Optimizer{}
	if v := values(c)[0]; !(v > 0) {
		t.Errorf("without a head L = %v", v)
	}
}

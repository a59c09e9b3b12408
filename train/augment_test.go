package train

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// augmented is a configuration whose head stays where it starts, so that only the
// features differ.
func augmented(a config.Augment) Config {
	c := settings(4, 3)
	c.Optimizer.LR = 1e-30
	c.Augment = a
	return c
}

// A mixed class is what the mixtures of a class of a batch were found to be.
type mixedClass struct {
	share float64
	other int
	rows  []int
}

// unmix finds the rows z and the shares λ with x' = λ·x + (1−λ)·z by trying every row of
// x as z: λ is then the best one, and the rest is 0 for the right z alone.
func unmix(t *testing.T, x matrix.Matrix, labels, rows []int, mixed matrix.Matrix) mixedClass {
	t.Helper()
	m := mixedClass{other: -1}
	for i, row := range rows {
		found := 0
		for z := range x.Rows {
			if labels[z] == labels[row] {
				continue
			}
			along, square := 0.0, 0.0
			for k, v := range x.Row(row) {
				d := float64(v) - float64(x.Row(z)[k])
				along += d * (float64(mixed.Row(i)[k]) - float64(x.Row(z)[k]))
				square += d * d
			}
			share, rest := along/square, 0.0
			for k, v := range x.Row(row) {
				rest = max(rest, math.Abs(share*float64(v)+(1-share)*float64(x.Row(z)[k])-float64(mixed.Row(i)[k])))
			}
			if rest > 1e-5 {
				continue
			}
			found++
			if i > 0 && (math.Abs(share-m.share) > 1e-5 || labels[z] != m.other) {
				t.Fatalf("a row is %v of one class and the rest of class %d, and one before it %v and %d", share, labels[z], m.share, m.other)
			}
			m.share, m.other, m.rows = share, labels[z], append(m.rows, z)
		}
		if found != 1 {
			t.Fatalf("row %d of the batch is a mixture with %d rows, want one", row, found)
		}
	}
	return m
}

// A mixture is found again from the features alone: of which rows, in what share. The
// batches are those without it.
func TestMixtures(t *testing.T) {
	x, labels := data(7, 5, 6)
	tr := newTrainer(t, augmented(config.Augment{Mix: 0.4}), x, labels, contrastive)
	plain := newTrainer(t, augmented(config.Augment{}), x, labels, contrastive)

	const steps = 400
	seen, shares, square := map[int]bool{}, 0.0, 0.0
	others := map[int]int{}
	for range steps {
		s, p := mustStep(t, tr), mustStep(t, plain)
		if !slices.IsSorted(s.Labels) {
			t.Fatalf("labels %v do not ascend", s.Labels)
		}
		got, want := slices.Sorted(slices.Values(s.Rows)), slices.Sorted(slices.Values(p.Rows))
		if !slices.Equal(got, want) {
			t.Fatalf("rows %v, without mixing %v", got, want)
		}

		for from := 0; from < len(s.Labels); from += 3 {
			label, rows := s.Labels[from], s.Rows[from:from+3]
			if label <= 6 {
				if labels[rows[0]] != label {
					t.Fatalf("a row of class %d has the label %d", labels[rows[0]], label)
				}
				near(t, "unmixed", tr.head.x.Slice(from, from+3), gathered(x, rows), 0)
				continue
			}
			if seen[label] || s.Labels[from+2] != label {
				t.Fatalf("labels %v: a mixture's occurs once and is that of its 3 rows", s.Labels)
			}
			seen[label] = true

			m := unmix(t, x, labels, rows, tr.head.x.Slice(from, from+3))
			if m.share < 0.3-1e-5 || m.share > 0.7+1e-5 {
				t.Errorf("share %v", m.share)
			}
			if slices.Contains(p.Labels, m.other) {
				t.Errorf("mixed with class %d of the batch %v, and others were absent", m.other, p.Labels)
			}
			slices.Sort(m.rows)
			if len(slices.Compact(m.rows)) != 3 {
				t.Errorf("the other class has 5 rows, and gave %v", m.rows)
			}
			others[m.other]++
			shares, square = shares+m.share, square+m.share*m.share
		}
	}

	// 1,600 classes: standard deviations are 0.012 for the share of mixtures, 0.005 for
	// the mean of λ. That of λ is 0.4/√12.
	n := float64(len(seen))
	mean := shares / n
	if math.Abs(n/(4*steps)-0.4) > 0.05 || math.Abs(mean-0.5) > 0.02 || math.Abs(math.Sqrt(square/n-mean*mean)-0.1155) > 0.01 {
		t.Errorf("%v of %d classes are mixed, with λ of mean %v and deviation %v", n, 4*steps, mean, math.Sqrt(square/n-mean*mean))
	}
	for c := range 7 {
		if math.Abs(float64(others[c])/n-1.0/7) > 0.06 {
			t.Errorf("class %d is the other in %d of %v mixtures", c, others[c], n)
		}
	}
}

func gathered(x matrix.Matrix, rows []int) matrix.Matrix {
	g := matrix.New(len(rows), x.Cols)
	for i, row := range rows {
		copy(g.Row(i), x.Row(row))
	}
	return g
}

// Where a batch has all classes, a mixture is with another class of it. A class of fewer
// rows gives copies.
func TestMixturesWithinTheBatch(t *testing.T) {
	x, labels := data(4, 2, 6)
	tr := newTrainer(t, augmented(config.Augment{Mix: 1}), x, labels, contrastive)
	for range 20 {
		s := mustStep(t, tr)
		for from := 0; from < 12; from += 3 {
			if s.Labels[from] < 4 {
				t.Fatalf("labels %v: all are mixed", s.Labels)
			}
			unmix(t, x, labels, s.Rows[from:from+3], tr.head.x.Slice(from, from+3))
		}
	}
}

// The noise is what was added, in units of the root mean square of all training rows.
func TestNoise(t *testing.T) {
	x, labels := data(6, 5, 40)
	square := 0.0
	for i := range x.Rows {
		for _, v := range x.Row(i) {
			square += float64(v) * float64(v) / float64(x.Rows*x.Cols)
		}
	}
	sigma := 0.2 * math.Sqrt(square)

	tr := newTrainer(t, augmented(config.Augment{Noise: 0.2}), x, labels, contrastive)
	n, sum, squares, far := 0.0, 0.0, 0.0, 0.0
	for range 40 {
		s := mustStep(t, tr)
		for i, row := range s.Rows {
			for k, v := range x.Row(row) {
				d := (float64(tr.head.x.Row(i)[k]) - float64(v)) / sigma
				n, sum, squares = n+1, sum+d, squares+d*d
				if math.Abs(d) > 1.959964 {
					far++
				}
			}
		}
	}
	// Four standard deviations of each figure of 19,200 normal numbers.
	if math.Abs(sum/n) > 0.03 || math.Abs(squares/n-1) > 0.04 || math.Abs(far/n-0.05) > 0.0065 {
		t.Errorf("of %v numbers the mean is %v, the mean square %v, and %v are beyond 1.96", n, sum/n, squares/n, far/n)
	}
}

// A coordinate is 0 or divided by 1−p, each by itself.
func TestDropout(t *testing.T) {
	x, labels := data(6, 5, 40)
	tr := newTrainer(t, augmented(config.Augment{Dropout: 0.2}), x, labels, contrastive)
	n, zeros, pairs := 0.0, 0.0, 0.0
	columns := make([]float64, x.Cols)
	for range 40 {
		s := mustStep(t, tr)
		for i, row := range s.Rows {
			got := tr.head.x.Row(i)
			for k, v := range x.Row(row) {
				n++
				switch {
				case got[k] == 0:
					zeros++
					columns[k]++
					if k > 0 && got[k-1] == 0 {
						pairs++
					}
				case math.Abs(float64(got[k])-float64(v)/0.8) > 1e-6*math.Abs(float64(v)):
					t.Fatalf("%v became %v", v, got[k])
				}
			}
		}
	}
	if math.Abs(zeros/n-0.2) > 0.012 || math.Abs(pairs/n-0.04*39/40) > 0.008 {
		t.Errorf("%v of the coordinates are 0, and %v with the one before", zeros/n, pairs/n)
	}
	for k, z := range columns { // of 480, with a standard deviation of 0.018
		if math.Abs(z/480-0.2) > 0.08 {
			t.Errorf("%v of coordinate %d are 0", z/480, k)
		}
	}
}

// All losses see the same features, on any number of cores, and evaluation sees them
// unchanged.
func TestAugmentIsTheSameForAll(t *testing.T) {
	x, labels := data(7, 5, 6)
	all := config.Augment{Dropout: 0.1, Noise: 0.3, Mix: 0.5}
	run := func(l losses.Loss, c Config) (features []float32, labelsSeen []int) {
		tr := newTrainer(t, c, x, labels, l)
		for range 20 {
			s := mustStep(t, tr)
			features, labelsSeen = append(features, tr.head.x.Data...), append(labelsSeen, s.Labels...)
		}
		return features, labelsSeen
	}

	want, wantLabels := run(contrastive, augmented(all))
	for cores := 1; cores <= 3; cores++ {
		before := runtime.GOMAXPROCS(cores)
		c := augmented(all)
		c.Optimizer.LR = 0.1
		got, gotLabels := run(nca, c)
		runtime.GOMAXPROCS(before)
		if !slices.Equal(got, want) || !slices.Equal(gotLabels, wantLabels) {
			t.Errorf("another loss on %d cores is trained on other features", cores)
		}
	}

	first := func(c Config) uint64 { return newTrainer(t, c, x, labels, contrastive).augmenter.rng.Uint64() }
	data, seed := augmented(all), augmented(all)
	data.DataKey, seed.Seed = "another", 4
	if one := first(augmented(all)); first(data) == one || first(seed) == one || one == stream(3, "checksum", "sampler").Uint64() {
		t.Error("another data set, another seed or the sampler has the same random numbers")
	}

	tr := newTrainer(t, augmented(all), x, labels, contrastive)
	e, err := tr.Embed(x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "what is evaluated", e, gathered(x, sequence(x.Rows)), 0)
}

// The label of a mixture in memory is never that of a later one, so its positives are of
// its own step.
func TestMixturesInMemory(t *testing.T) {
	x, labels := data(7, 5, 6)
	c := augmented(config.Augment{Mix: 1})
	c.Memory = config.Memory{Name: config.XBM, Size: 60}
	tr := newTrainer(t, c, x, labels, contrastive)
	for range 30 {
		s := mustStep(t, tr)
		counts := map[int]int{}
		for _, label := range s.Candidates {
			counts[label]++
		}
		for label, n := range counts {
			if n > 3 || label < 7 {
				t.Fatalf("the memory has %d rows of class %d", n, label)
			}
		}
	}
}

func TestAugmentErrors(t *testing.T) {
	x, labels := data(6, 5, 6)
	mix := config.Augment{Mix: 0.5}
	choice, err := losses.Choose(losses.Catalogue, "hierarchical_triplet.training_tree")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}
	far := slices.Clone(labels)
	far[len(far)-1] = math.MaxInt

	for name, c := range map[string]struct {
		edit   func(*Config)
		loss   losses.Loss
		labels []int
		want   string
	}{
		"dropout":   {func(c *Config) { c.Augment.Dropout = 1 }, contrastive, labels, "augment.dropout is 1: it must be in [0, 1)"},
		"no head":   {func(c *Config) { c.Augment.Noise, c.Head = 0.1, config.Head{Name: config.None} }, contrastive, labels, "head none trains nothing: leave augment out"},
		"proxies":   {func(c *Config) { c.Augment, c.Proxies = mix, config.Proxies{PerClass: 1, LR: 0.1} }, contrastive, labels, "which have no proxies: set augment.mix to 0"},
		"trainable": {func(c *Config) { c.Augment = mix }, marginLoss("per_class", 0.1), labels, "the loss has no parameters"},
		"observer":  {func(c *Config) { c.Augment = mix }, tree, labels, "observes the training classes once an epoch"},
		"label":     {func(c *Config) { c.Augment = mix }, contrastive, far, "the class 9223372036854775807 leaves no labels"},
		"one class": {func(c *Config) {
			c.Augment, c.Sampler = mix, config.Sampler{Name: config.Uniform, Classes: 2, PerClass: 2}
		}, contrastive, make([]int, x.Rows), "the training split has one"},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings(4, 3)
			c.edit(&s)
			_, err := New(s, x, c.labels, c.loss)
			wantError(t, err, c.want)
		})
	}

	// One boundary for all classes is no parameter of a class, and noise makes no class.
	for _, c := range []struct {
		a config.Augment
		l losses.Loss
	}{{mix, marginLoss("shared", 0.1)}, {config.Augment{Noise: 0.1}, tree}, {config.Augment{Dropout: 0.1}, marginLoss("per_class", 0.1)}} {
		mustStep(t, newTrainer(t, augmented(c.a), x, labels, c.l))
	}

	// A feature of one coordinate that is dropped has no direction.
	one, _ := data(6, 5, 1)
	tr := newTrainer(t, augmented(config.Augment{Dropout: 0.9}), one, labels, contrastive)
	_, err = tr.Step()
	wantError(t, err, "lower augment.dropout")
}

package train

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gpwbench/train/config"
)

func TestSamplerProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(1, 6), 2, 8).Draw(t, "class sizes")
		var labels []int
		for class, n := range sizes {
			for range n {
				labels = append(labels, 10*class-20)
			}
		}

		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		c := config.Sampler{
			Name:     config.MPerClass,
			Classes:  rapid.IntRange(2, len(sizes)).Draw(t, "classes"),
			PerClass: rapid.IntRange(2, 5).Draw(t, "per class"),
		}

		s, err := newSampler(c, labels, rng)
		if err != nil {
			t.Fatal(err)
		}

		batch := make([]int, s.size())
		if len(batch) != c.Classes*c.PerClass {
			t.Fatalf("a batch of %d rows, want %d·%d", len(batch), c.Classes, c.PerClass)
		}

		for range 4 {
			s.draw(batch)
			for k := 0; k < len(batch); k += c.PerClass {
				class := batch[k : k+c.PerClass]
				label := labels[class[0]]
				for _, row := range class {
					if labels[row] != label {
						t.Fatalf("rows %d and %d are of the classes %d and %d, want one class", class[0], row, label, labels[row])
					}
				}
				if k > 0 && labels[batch[k-1]] >= label {
					t.Fatalf("class %d comes after class %d", label, labels[batch[k-1]])
				}
				distinct := slices.Compact(slices.Sorted(slices.Values(class)))
				if sizes[(label+20)/10] >= c.PerClass && len(distinct) < c.PerClass {
					t.Fatalf("rows %v of a class of %d: one is drawn twice", class, sizes[(label+20)/10])
				}
			}
		}
	})
}

// Every class is as likely as any other, and so is every row of its class: 4 of 8
// classes and 2 of 5 rows, 20,000 times. The tolerance is five standard deviations of
// the binomial count.
func TestSamplerUniform(t *testing.T) {
	var labels []int
	for i := range 40 {
		labels = append(labels, i%8)
	}

	s, err := newSampler(config.Sampler{Name: "m_per_class", Classes: 4, PerClass: 2}, labels, rand.New(rand.NewPCG(5, 6)))
	if err != nil {
		t.Fatal(err)
	}

	const draws = 20000
	counts, batch := make([]int, 40), make([]int, 8)
	for range draws {
		s.draw(batch)

		for _, row := range batch {
			counts[row]++
		}
	}

	for row, n := range counts {
		if n < draws/5-283 || n > draws/5+283 { // 5·√(20000·0.2·0.8)
			t.Errorf("row %d is drawn %d times, want about %d", row, n, draws/5)
		}
	}
}

func TestSamplerSingleton(t *testing.T) {
	s, err := newSampler(config.Sampler{Name: "m_per_class", Classes: 2, PerClass: 3}, []int{4, 9, 9, 9}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]int, 6)
	s.draw(batch)
	if !slices.Equal(batch[:3], []int{0, 0, 0}) {
		t.Errorf("a class of one image gives the rows %v, want it three times", batch[:3])
	}
}

// The generators are a contract: other batches are another experiment. These rows are
// pinned, not derived.
func TestSamplerGolden(t *testing.T) {
	labels := []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}
	s, err := newSampler(config.Sampler{Name: "m_per_class", Classes: 2, PerClass: 2}, labels, stream(7, "checksum", "sampler"))
	if err != nil {
		t.Fatal(err)
	}

	var got []int
	batch := make([]int, 4)
	for range 3 {
		s.draw(batch)
		got = append(got, batch...)
	}

	want := []int{3, 4, 6, 8, 0, 1, 7, 8, 3, 4, 6, 8}
	if !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

func TestSamplerErrors(t *testing.T) {
	labels := []int{1, 1, 2, 2, 3}
	for _, c := range []struct {
		settings config.Sampler
		want     string
	}{
		{config.Sampler{Name: "m_per_class", Classes: 49, PerClass: 5}, "a batch takes 49 classes, the training split has 3: lower sampler.classes"},
		{config.Sampler{Name: "m_per_class", Classes: 0, PerClass: 5}, "sampler.classes is 0"},
		{config.Sampler{Name: "m_per_class", Classes: 2, PerClass: 1}, "sampler.per_class is 1"},
		{config.Sampler{Name: "random_identity", Classes: 4, PerClass: 2}, "a batch takes 4 classes, the training split has 3: lower sampler.classes"},
		{config.Sampler{Name: "random_identity", Classes: 2, PerClass: 1}, "sampler.per_class is 1"},
		{config.Sampler{Name: "uniform", Classes: 3, PerClass: 2}, "a batch takes 3·2 rows, the training split has 5: lower sampler.classes"},
		{config.Sampler{Name: "uniform", Classes: 1, PerClass: 1}, "sampler.classes is 1: it must be from 2 to 10000000"},
		{config.Sampler{Name: "uniform", Classes: -2, PerClass: -2}, "sampler.classes is -2: it must be from 2"},
		{config.Sampler{Name: "random", Classes: 2, PerClass: 2}, `unknown sampler "random": use m_per_class, random_identity or uniform`},
	} {
		_, err := newSampler(c.settings, labels, rand.New(rand.NewPCG(1, 1)))
		wantError(t, err, c.want)
	}
}

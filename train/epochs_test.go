package train

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gpwbench/train/config"
)

// drawLabels returns shuffled labels of some classes, with their sizes by label.
func drawLabels(t *rapid.T) (labels []int, sizes map[int]int, rng *rand.Rand) {
	sizes = map[int]int{}
	for class, n := range rapid.SliceOfN(rapid.IntRange(1, 9), 2, 7).Draw(t, "class sizes") {
		sizes[10*class-20] = n
		for range n {
			labels = append(labels, 10*class-20)
		}
	}
	rng = rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	return labels, sizes, rng
}

// The batches agree with an account of the epoch that the test keeps: what each class
// has left, and which rows were seen.
func TestRandomIdentityEpochs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		labels, sizes, rng := drawLabels(t)
		c := config.Sampler{
			Name:     config.RandomIdentity,
			Classes:  rapid.IntRange(2, len(sizes)).Draw(t, "classes"),
			PerClass: rapid.IntRange(2, 4).Draw(t, "per class"),
		}

		s, err := newSampler(c, labels, rng)
		if err != nil {
			t.Fatal(err)
		}

		left, seen := map[int]int{}, map[int]bool{}
		batch := make([]int, s.size())
		epochs := 0
		for range 30 {
			if len(left) < c.Classes {
				clear(seen)
				for label, n := range sizes {
					left[label] = max(1, n/c.PerClass)
				}
				epochs++
			}
			s.draw(batch)
			for k := 0; k < len(batch); k += c.PerClass {
				class := batch[k : k+c.PerClass]
				label := labels[class[0]]
				if k > 0 && labels[batch[k-1]] >= label {
					t.Fatalf("class %d comes after class %d", label, labels[batch[k-1]])
				}
				if left[label] == 0 {
					t.Fatalf("epoch %d draws class %d again, and its chunks are used up", epochs, label)
				}
				if left[label]--; left[label] == 0 {
					delete(left, label)
				}
				distinct := slices.Compact(slices.Sorted(slices.Values(class)))
				if want := min(sizes[label], c.PerClass); len(distinct) != want {
					t.Fatalf("rows %v of a class of %d: want %d distinct ones", class, sizes[label], want)
				}
				for _, row := range distinct {
					if labels[row] != label {
						t.Fatalf("row %d of class %d is drawn with class %d", row, labels[row], label)
					}
					if seen[row] {
						t.Fatalf("row %d appears twice in epoch %d", row, epochs)
					}
					seen[row] = true
				}
			}
		}
	})
}

func TestUniformEpochs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		labels, _, rng := drawLabels(t)
		labels = append(labels, 0, 0)
		c := config.Sampler{
			Name:     config.Uniform,
			Classes:  rapid.IntRange(2, len(labels)/2).Draw(t, "classes"),
			PerClass: 2,
		}

		s, err := newSampler(c, labels, rng)
		if err != nil {
			t.Fatal(err)
		}

		batch := make([]int, s.size())
		for epoch := range 4 {
			seen := map[int]bool{}
			for range len(labels) / len(batch) {
				s.draw(batch)
				for k, row := range batch {
					if seen[row] {
						t.Fatalf("row %d appears twice in epoch %d", row, epoch)
					}
					seen[row] = true
					if k > 0 && labels[batch[k-1]] > labels[row] {
						t.Fatalf("class %d comes after class %d", labels[row], labels[batch[k-1]])
					}
				}
			}
			if left := len(labels) - len(seen); left >= len(batch) {
				t.Fatalf("epoch %d leaves %d rows out, as many as a batch", epoch, left)
			}
		}
	})
}

// No row is likelier than another, and of random identity no class: 4·2 of 8·5 rows,
// 20,000 times. Within an epoch rows exclude each other, so the counts vary less than
// the binomial's five standard deviations.
func TestEpochsUniform(t *testing.T) {
	var labels []int
	for i := range 40 {
		labels = append(labels, i%8)
	}

	for _, name := range []string{"random_identity", "uniform"} {
		s, err := newSampler(config.Sampler{Name: name, Classes: 4, PerClass: 2}, labels, rand.New(rand.NewPCG(5, 6)))
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
				t.Errorf("%s: row %d is drawn %d times, want about %d", name, row, n, draws/5)
			}
		}
	}
}

// The same generator gives the same rows. They are pinned, not derived, because other
// batches are another experiment.
func TestEpochsGolden(t *testing.T) {
	labels := []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 3}
	for name, want := range map[string][]int{
		"random_identity": {7, 6, 9, 9, 0, 2, 4, 5, 0, 2, 4, 3},
		"uniform":         {1, 2, 6, 8, 0, 3, 4, 7, 0, 7, 8, 9},
	} {
		s, err := newSampler(config.Sampler{Name: name, Classes: 2, PerClass: 2}, labels, stream(7, "checksum", "sampler"))
		if err != nil {
			t.Fatal(err)
		}

		var got []int
		batch := make([]int, 4)
		for range 3 {
			s.draw(batch)
			got = append(got, batch...)
		}

		if !slices.Equal(got, want) {
			t.Errorf("%s: rows %v, want %v", name, got, want)
		}
	}
}

// An epoch is begun in the memory of the one before.
func TestSamplersDoNotAllocate(t *testing.T) {
	_, labels := data(6, 5, 3)
	for _, name := range []string{"m_per_class", "random_identity", "uniform"} {
		s, err := newSampler(config.Sampler{Name: name, Classes: 3, PerClass: 4}, labels, rand.New(rand.NewPCG(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		batch := make([]int, s.size())
		s.draw(batch)
		if n := testing.AllocsPerRun(50, func() { s.draw(batch) }); n > 0 {
			t.Errorf("%s: %v allocations a draw", name, n)
		}
	}
}

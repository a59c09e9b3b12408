package train

import (
	"math/rand/v2"
	"testing"

	"gpwbench/losses"
)

// BenchmarkStep is the recipe for real features: 49 classes of 5 rows of 1,280 features,
// a square head, Adam.
func BenchmarkStep(b *testing.B) {
	x, labels := data(98, 41, 1280)
	c := settings(49, 5)
	for _, l := range []struct {
		name string
		loss losses.Loss
	}{{"contrastive", contrastive}, {"multi_similarity", multiSimilarity}} {
		b.Run("loss="+l.name+"/m=245", func(b *testing.B) {
			tr, err := New(c, x, labels, l.loss)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := tr.Step(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMaps fits the maps of the baselines to the training half of a data set, of
// 1,280 features.
func BenchmarkMaps(b *testing.B) {
	const n, features, perClass = 4000, 1280, 80
	x, labels := normal(rand.New(rand.NewPCG(1, 2)), n, features), make([]int, n)
	for i := range labels {
		labels[i] = i / perClass
	}

	b.Run("map=pca", func(b *testing.B) {
		for b.Loop() {
			if _, err := PCA(x, 512); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("map=whitening", func(b *testing.B) {
		for b.Loop() {
			if _, err := Whitening(x, labels, 0.5); err != nil {
				b.Fatal(err)
			}
		}
	})
}

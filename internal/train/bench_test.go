package train

import (
	"testing"

	"gpwbench/losses"
)

// BenchmarkStep is the recipe for real features: 49 classes of 5 rows of 1,280 features, a square head, Adam.
func BenchmarkStep(b *testing.B) {
	x, labels := data(98, 41, 1280)
	c := config(49, 5)
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

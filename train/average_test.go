package train

import (
	"math"
	"slices"
	"testing"

	"gpwbench/train/config"
)

// The average is the sum of the definition over the weights of a training without it,
// which goes on from the last weights. It starts as the head does.
func TestAverage(t *testing.T) {
	x, labels := data(6, 5, 6)
	for _, decay := range []float64{1e-9, 0.5, 0.99} {
		c := settings(4, 3)
		c.Optimizer.LR = 0.1
		raw := newTrainer(t, c, x, labels, contrastive)
		c.Average = config.Average{Decay: decay}
		tr := newTrainer(t, c, x, labels, contrastive)
		near(t, "before the first step", tr.Weights().W, raw.Weights().W, 0)

		var steps [][]float32
		for range 12 {
			s, r := mustStep(t, tr), mustStep(t, raw)
			if s.Loss != r.Loss || !slices.Equal(s.G, r.G) {
				t.Fatalf("decay %v: step %d trains with other weights than without an average", decay, s.Index)
			}
			steps = append(steps, raw.Weights().W.Data)

			want := raw.Weights().W
			for k := range want.Data {
				sum := 0.0
				for s, w := range steps {
					sum += (1 - decay) * math.Pow(decay, float64(len(steps)-1-s)) * float64(w[k])
				}
				want.Data[k] = float32(sum / (1 - math.Pow(decay, float64(len(steps)))))
			}
			near(t, "average", tr.Weights().W, want, 2e-6)
		}

		got, err := tr.Embed(x)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Embed(x, tr.Weights())
		if err != nil {
			t.Fatal(err)
		}
		near(t, "embeddings", got, want, 0)
	}
}

func TestAverageErrors(t *testing.T) {
	x, labels := data(6, 5, 6)
	c := settings(4, 3)
	c.Average.Decay = 1
	_, err := New(c, x, labels, contrastive)
	wantError(t, err, "average.decay is 1: it must be in [0, 1)")

	c.Average.Decay, c.Head = 0.5, config.Head{Name: config.None}
	_, err = New(c, x, labels, contrastive)
	wantError(t, err, "head none has none: leave average out")
}

package formula_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// BenchmarkFormula times formulas beside the losses of the catalogue that they are, on the same batches of m anchors, five a class.
func BenchmarkFormula(b *testing.B) {
	for _, m := range []int{80, 256, 1024} {
		batch := fives(b, m)
		for _, name := range []string{"ms", "ms_mined", "binomial", "lifted"} {
			time(b, fmt.Sprintf("loss=%s/form=builtin/m=%d", name, m), batch, builtin(b, values[name].builtin))
			for form, twins := range map[string]map[string]twin{"value": values, "weights": weights} {
				l, err := formula.New(twins[name].source, twins[name].params)
				if err != nil {
					b.Fatal(err)
				}
				time(b, fmt.Sprintf("loss=%s/form=%s/m=%d", name, form, m), batch, losses.Mean(l))
			}
		}
	}
}

func time(b *testing.B, name string, batch *losses.Batch, l losses.Loss) {
	b.Run(name, func(b *testing.B) {
		g := make([]float64, batch.Anchors()*batch.Candidates())
		l.Eval(batch, g) // scratch memory grows here
		b.ReportAllocs()
		for b.Loop() {
			l.Eval(batch, g)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(g)), "ns/pair")
	})
}

// fives are m unit vectors of 16 dimensions, five a class, a centre and noise of the same length.
func fives(b *testing.B, m int) *losses.Batch {
	rng := rand.New(rand.NewPCG(1, 2))
	x, labels, centre := make([][]float64, m), make([]int, m), make([]float64, 16)
	for i := range x {
		x[i], labels[i] = make([]float64, 16), i/5
		norm := 0.0
		for k := range centre {
			if i%5 == 0 {
				centre[k] = rng.NormFloat64()
			}
			x[i][k] = centre[k] + rng.NormFloat64()
			norm += x[i][k] * x[i][k]
		}
		for k := range x[i] {
			x[i][k] /= math.Sqrt(norm)
		}
	}
	batch, err := losses.NewBatch(gram(x), labels)
	if err != nil {
		b.Fatal(err)
	}
	return batch
}

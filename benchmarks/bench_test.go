package benchmarks_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gpwbench/benchmarks"
	"gpwbench/internal/f32"
	"gpwbench/losses"
)

// BenchmarkEval times the value and gradient of every preset on batches of m anchors, five a class. Names are keys and values, and the
// last value is a number, so that benchstat can pivot: benchstat -col /loss -row /m.
func BenchmarkEval(b *testing.B) {
	for _, spec := range losses.Catalogue {
		for _, preset := range spec.Presets {
			c, err := losses.Choose(losses.Catalogue, spec.Name+"."+preset.Name)
			if err != nil {
				b.Fatal(err)
			}
			l, err := c.Loss()
			if err != nil {
				b.Fatal(err)
			}
			for _, m := range []int{80, 256, 1024} {
				b.Run(fmt.Sprintf("loss=%s/preset=%s/m=%d", spec.Name, preset.Name, m), func(b *testing.B) {
					s, labels := similarities(m)
					batch, err := losses.NewBatch(s, labels)
					if err != nil {
						b.Fatal(err)
					}
					g := make([]float64, len(s))
					batch.SetMeans(make([]float64, m), make([]float64, m)) // zero, for a loss that reads them
					l.Eval(batch, g)                                       // scratch memory grows here
					b.ReportAllocs()
					for b.Loop() {
						l.Eval(batch, g)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(m*m), "ns/pair")
				})
			}
		}
	}
}

// BenchmarkRecall times Recall@K, and with it MAP@R, of n unit vectors that all search each other.
func BenchmarkRecall(b *testing.B) {
	for _, mapAtR := range []bool{false, true} {
		for _, size := range []struct{ n, d int }{{1487, 128}, {4096, 128}, {4096, 512}} {
			b.Run(fmt.Sprintf("map_at_r=%v/d=%d/n=%d", mapAtR, size.d, size.n), func(b *testing.B) {
				x, labels := clusters(size.n, size.d)
				for b.Loop() {
					if _, err := benchmarks.Evaluate(x, labels, benchmarks.Options{Ks: []int{1}, MAPAtR: mapAtR}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// similarities are those of m unit vectors in classes of five, their classes about as far apart as those of real features.
func similarities(m int) ([]float64, []int) {
	x, labels := clusters(m, 64)
	s := make([]float64, m*m)
	c := f32.New(m, m)
	f32.Gram(c, x)
	for k, v := range c.Data {
		s[k] = float64(v)
	}
	return s, labels
}

// clusters are n unit vectors of dimension d, a centre and noise of the same length, five a class.
func clusters(n, d int) (f32.Matrix, []int) {
	r := rand.New(rand.NewPCG(1, 2))
	x := f32.New(n, d)
	labels := make([]int, n)
	centre := make([]float64, d)
	for i := range n {
		if i%5 == 0 {
			for k := range centre {
				centre[k] = r.NormFloat64()
			}
		}
		labels[i] = i / 5
		row, sum := x.Row(i), 0.0
		for k := range row {
			v := centre[k] + r.NormFloat64()
			row[k] = float32(v)
			sum += v * v
		}
		for k := range row {
			row[k] /= float32(math.Sqrt(sum))
		}
	}
	return x, labels
}

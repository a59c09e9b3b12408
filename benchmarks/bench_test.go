package benchmarks_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
)

// BenchmarkEval times the value and gradient of every preset on batches of m anchors,
// five a class. Names are keys and values, and the last value is a number, so that
// benchstat can pivot: benchstat -col /loss -row /m.
func BenchmarkEval(b *testing.B) {
	eachPreset(b, func(name string, l losses.Loss, _ losses.Traits) {
		for _, m := range []int{80, 256, 1024} {
			b.Run(fmt.Sprintf("%s/m=%d", name, m), func(b *testing.B) { timeEval(b, l, m, 5) })
		}
	})
}

// BenchmarkClasses times every preset on 1,024 anchors in classes of 5, 64 and 256: the
// same pairs, up to fifty times the triplets. What takes longer per pair in large
// classes costs more than its pairs.
func BenchmarkClasses(b *testing.B) {
	eachPreset(b, func(name string, l losses.Loss, _ losses.Traits) {
		for _, perClass := range []int{5, 64, 256} {
			b.Run(fmt.Sprintf("%s/m=1024/per_class=%d", name, perClass), func(b *testing.B) { timeEval(b, l, 1024, perClass) })
		}
	})
}

func eachPreset(b *testing.B, do func(name string, l losses.Loss, traits losses.Traits)) {
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
			do(fmt.Sprintf("loss=%s/preset=%s", spec.Name, preset.Name), l, c.Traits())
		}
	}
}

func timeEval(b *testing.B, l losses.Loss, m, perClass int) {
	s, labels := similarities(m, perClass)
	batch, err := losses.NewBatch(s, labels)
	if err != nil {
		b.Fatal(err)
	}
	g := make([]float64, len(s))
	batch.SetMeans(make([]float64, m), make([]float64, m)) // zero, for a loss that reads them
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l.Eval(batch, g)
	runtime.ReadMemStats(&after)
	b.ReportAllocs()
	for b.Loop() {
		l.Eval(batch, g)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(m*m), "ns/pair")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc), "scratch-B") // what the first evaluation allocates, and later ones use again
}

// BenchmarkRecall times Recall@K, and with it MAP@R, of n unit vectors that all search
// each other.
func BenchmarkRecall(b *testing.B) {
	for _, mapAtR := range []bool{false, true} {
		for _, size := range []struct{ n, d int }{{1487, 128}, {4096, 128}, {4096, 512}, {8131, 512}} {
			b.Run(fmt.Sprintf("map_at_r=%v/d=%d/n=%d", mapAtR, size.d, size.n), func(b *testing.B) {
				x, labels := clusters(size.n, size.d, 5)
				for b.Loop() {
					if _, err := retrieval.Evaluate(b.Context(), retrieval.Float32(x), labels, retrieval.Options{Ks: []int{1}, MAPAtR: mapAtR}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// similarities are those of m unit vectors, perClass in a class, their classes about as
// far apart as those of real features.
func similarities(m, perClass int) ([]float64, []int) {
	x, labels := clusters(m, 64, perClass)
	s := make([]float64, m*m)
	c := matrix.New(m, m)
	f32.Gram(c, x)
	for k, v := range c.Data {
		s[k] = float64(v)
	}
	return s, labels
}

// clusters are n unit vectors of dimension d, a centre and noise of the same length,
// perClass in a class.
func clusters(n, d, perClass int) (matrix.Matrix, []int) {
	r := rand.New(rand.NewPCG(1, 2))
	x := matrix.New(n, d)
	labels := make([]int, n)
	centre := make([]float64, d)
	for i := range n {
		if i%perClass == 0 {
			for k := range centre {
				centre[k] = r.NormFloat64()
			}
		}
		labels[i] = i / perClass
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

package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// gemmShapes are those of training steps (a batch of 80, 256 or 1024 through a head of
// 2048 features to 512), of similarities, and of retrieval in tiles. GFLOP/s counts
// 2·m·n·k, for gram too, which does half of them.
var gemmShapes = []struct {
	op      string
	m, n, k int
}{
	{"nt", 128, 128, 128}, {"nt", 512, 512, 128}, {"nt", 2048, 2048, 128},
	{"nt", 128, 128, 512}, {"nt", 512, 512, 512}, {"nt", 2048, 2048, 512},
	{"nt", 80, 512, 2048}, {"nt", 256, 512, 2048}, {"nt", 1024, 512, 2048},
	{"tn", 512, 2048, 80}, {"tn", 512, 2048, 256}, {"tn", 512, 2048, 1024},
	{"nn", 80, 512, 80}, {"nn", 1024, 512, 1024},
	{"gram", 80, 80, 512}, {"gram", 512, 512, 512}, {"gram", 2048, 2048, 128}, {"gram", 2048, 2048, 512},
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range gemmShapes {
		for _, impl := range append(assemblies(), "go", "gonum") {
			b.Run(fmt.Sprintf("impl=%s/op=%s/m=%d/n=%d/k=%d", impl, s.op, s.m, s.n, s.k), func(b *testing.B) {
				multiply := multiplyGonum
				if impl != "gonum" {
					multiply = multiplyF32
					defer take(impl)()
				}
				rng := rand.New(rand.NewPCG(1, 2))
				x, y, c := uniform(rng, s.m, s.k), uniform(rng, s.n, s.k), New(s.m, s.n)
				switch s.op {
				case "tn":
					x, y = uniform(rng, s.k, s.m), uniform(rng, s.k, s.n)
				case "nn":
					y = uniform(rng, s.k, s.n)
				}
				b.ReportAllocs()
				for b.Loop() {
					multiply(s.op, c, x, y)
				}
				b.ReportMetric(2*float64(s.m)*float64(s.n)*float64(s.k)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}

// BenchmarkPeak gives the bound for the other benchmarks: one tile, again and again, on
// operands in the first-level cache.
func BenchmarkPeak(b *testing.B) {
	for _, impl := range assemblies() {
		b.Run("impl="+impl, func(b *testing.B) {
			defer take(impl)()
			const depth = 256
			rng := rand.New(rand.NewPCG(1, 2))
			rows := tileRows(rowPitch)
			x, panel, c := uniform(rng, rows, rowPitch), uniform(rng, depth, tileCols), New(rows, tileCols)
			for b.Loop() {
				tile(c.Data, c.Stride, x.Data, x.Stride, panel.Data, depth, rows, false)
			}
			b.ReportMetric(2*float64(rows)*tileCols*depth*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}

func multiplyF32(op string, c, x, y Matrix) {
	switch op {
	case "nt":
		MulNT(c, x, y)
	case "nn":
		MulNN(c, x, y)
	case "tn":
		MulTN(c, x, y)
	case "gram":
		Gram(c, x)
	}
}

func multiplyGonum(op string, c, x, y Matrix) {
	general := func(m Matrix) blas32.General { return blas32.General(m) }
	switch op {
	case "nt":
		blas32.Gemm(blas.NoTrans, blas.Trans, 1, general(x), general(y), 0, general(c))
	case "nn":
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, general(x), general(y), 0, general(c))
	case "tn":
		blas32.Gemm(blas.Trans, blas.NoTrans, 1, general(x), general(y), 0, general(c))
	case "gram":
		blas32.Syrk(blas.NoTrans, 1, general(x), 0, blas32.Symmetric{N: c.Rows, Stride: c.Stride, Data: c.Data, Uplo: blas.Lower})
	}
}

func uniform(rng *rand.Rand, rows, cols int) Matrix {
	m := New(rows, cols)
	for i := range m.Data {
		m.Data[i] = rng.Float32() - 0.5
	}
	return m
}

func BenchmarkAdam(b *testing.B) {
	n := 512 * 2048
	w, g, m, v := make([]float32, n), uniform(rand.New(rand.NewPCG(1, 2)), 1, n).Data, make([]float32, n), make([]float32, n)
	p := AdamParams{LR: 1e-5, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}
	b.Run(fmt.Sprintf("weights=%d", n), func(b *testing.B) {
		for b.Loop() {
			p.Step++
			Adam(w, g, m, v, p)
		}
		// It reads four arrays and writes three.
		b.ReportMetric(28*float64(n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GB/s")
	})
}

func BenchmarkCountAbove(b *testing.B) {
	for _, n := range []int{1024, 60502} {
		row := uniform(rand.New(rand.NewPCG(1, 2)), 1, n).Data
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			for b.Loop() {
				CountAbove(row, 0.25, 0.26)
			}
			b.ReportMetric(4*float64(n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GB/s")
		})
	}
}

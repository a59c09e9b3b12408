package f64

import (
	"fmt"
	"math"
	"testing"
)

// BenchmarkKernels times each kernel on 1,020 elements, beside a loop over package math.
// They are the negatives of an anchor in a batch of 1,024.
func BenchmarkKernels(b *testing.B) {
	const n = 1020
	src, dst, other, third, keep := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]bool, n)
	for k := range src {
		src[k] = math.Sin(float64(k))
	}
	for _, path := range append(paths(), "math") {
		for _, kernel := range []struct {
			name string
			run  func()
			math func()
		}{
			{"exp", func() { Exp(dst, src) }, func() {
				for k, v := range src {
					dst[k] = math.Exp(v)
				}
			}},
			{"expsum", func() { ExpSum(dst, src, 1) }, nil},
			{"sigmoid", func() { Sigmoid(dst, other, src) }, nil},
			{"softplus", func() { Softplus(dst, other, src) }, func() {
				for k, v := range src {
					e := math.Exp(-math.Abs(v))
					dst[k], other[k] = max(v, 0)+math.Log1p(e), 1/(1+e)
				}
			}},
			{"distances", func() { Distances(dst, other, src) }, nil},
			{"scale", func() { Scale(dst, src, 2, 1) }, nil},
			{"divide", func() { Divide(dst, 1) }, nil},
			{"max", func() { Max(src) }, nil},
			{"finite", func() { Finite(src) }, nil},
			{"dot", func() { Dot(dst, src) }, nil},
			{"above", func() { Above(keep, src, 0.3) }, nil},
			{"compress", func() { Compress(dst, src, keep) }, nil},
			{"expand", func() { Expand(dst, src, keep) }, nil},
			{"addbetween", func() { AddBetween(dst, src, -0.3, 0.3, 1) }, nil},
			{"addnearer", func() { AddNearer(dst, third, src, other, 0.3) }, nil},
			{"addwide", func() { AddWide(dst, src, other, src, -0.3, 0.3) }, nil},
			{"maxbelow", func() { MaxBelow(src, 0.3) }, nil},
			{"index", func() { Index(src, 7) }, nil},
			{"multiply", func() { Multiply(dst, src) }, nil},
		} {
			run := kernel.run
			if path == "math" {
				run = kernel.math
			}
			if run == nil {
				continue
			}
			b.Run(fmt.Sprintf("kernel=%s/path=%s/n=%d", kernel.name, path, n), func(b *testing.B) {
				if path != "math" {
					defer take(path)()
				}
				for b.Loop() {
					run()
				}
			})
		}
	}
}

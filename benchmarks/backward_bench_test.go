package benchmarks_test

import (
	"fmt"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train"
)

// BenchmarkBackward times every preset on rows of 512 coordinates, five a class, with
// the gradient in the rows: the similarities, the loss, and the derivative through their
// lengths. It is the part of a training step that depends on the loss.
func BenchmarkBackward(b *testing.B) {
	eachPreset(b, func(name string, l losses.Loss, traits losses.Traits) {
		for _, m := range []int{80, 256, 1024} {
			b.Run(fmt.Sprintf("%s/m=%d", name, m), func(b *testing.B) {
				rows, labels := clusters(m, 512, 5)
				gradient := matrix.New(rows.Rows, rows.Cols)
				o, err := train.NewObjective(l, traits, labels, rows.Cols)
				if err != nil {
					b.Fatal(err)
				}
				eval := func() {
					if _, err := o.Eval(rows, gradient); err != nil {
						b.Fatal(err)
					}
				}
				eval() // scratch memory grows here
				b.ReportAllocs()
				for b.Loop() {
					eval()
				}
			})
		}
	})
}

// BenchmarkProducts times what every loss of all pairs needs: S = E·Eᵀ at half the work,
// and (G + Gᵀ)·E. What BenchmarkBackward takes beyond it is the loss itself, and the
// derivative through the lengths.
func BenchmarkProducts(b *testing.B) {
	for _, m := range []int{80, 256, 1024} {
		b.Run(fmt.Sprintf("d=512/m=%d", m), func(b *testing.B) {
			rows, _ := clusters(m, 512, 5)
			s, gradient := matrix.New(m, m), matrix.New(m, 512)
			for b.Loop() {
				f32.Gram(s, rows)
				f32.MulNN(gradient, s, rows)
			}
		})
	}
}

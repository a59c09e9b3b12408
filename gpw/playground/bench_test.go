package playground

import "testing"

// What the page computes for each step of 60 points under two losses.
func BenchmarkStepAndFrames(b *testing.B) {
	for _, surface := range []string{Circle, Sphere} {
		b.Run(surface, func(b *testing.B) {
			p := New()
			if err := p.Arrange(Arrangement{surface, 6, 10, 1}); err != nil {
				b.Fatal(err)
			}
			var numbers []float64
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Step(); err != nil {
					b.Fatal(err)
				}
				for k := range p.Panels() {
					f, err := p.Frame(k)
					if err != nil {
						b.Fatal(err)
					}
					numbers = f.Pack(numbers[:0])
				}
			}
		})
	}
}

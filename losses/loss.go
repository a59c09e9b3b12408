package losses

import "fmt"

// A Loss is a scalar function of a Batch. Losses are values that evaluation does not change, the same to the bit each time.
type Loss interface {
	// Eval returns L and overwrites g, of the shape of S, with the signed gradient ∂L/∂S_ij. Pairs that are neither positive nor
	// negative get 0. Eval panics if g has not the length of S.
	Eval(b *Batch, g []float64) float64
}

// An Anchored loss is a sum over anchors of a function of that anchor's similarities. Most are.
type Anchored interface {
	// Anchor returns the anchor's sum and what the anchor adds to the divisor (1; 0 or 1; its pairs; its active triplets), and
	// fills GPos and GNeg with the gradient of the sum.
	Anchor(a *Anchor) (sum, terms float64)
}

// Mean lifts an Anchored to a Loss: L = Σ sum / Σ terms over the batch, 0 where there is no term. The divisor is a constant in the
// gradient.
func Mean(l Anchored) Loss { return mean{l} }

type mean struct{ of Anchored }

func (l mean) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	var sum, terms float64
	for i := range b.m {
		a := b.Anchor(i)
		s, t := l.of.Anchor(a)
		sum += s
		terms += t
		b.Put(i, a, g)
	}
	if terms == 0 {
		clear(g)
		return 0
	}
	for k := range g {
		g[k] /= terms
	}
	return sum / terms
}

func checkLength(b *Batch, g []float64) {
	if len(g) != len(b.s) {
		panic(fmt.Sprintf("losses: a gradient of length %d for %d×%d similarities", len(g), b.m, b.n))
	}
}

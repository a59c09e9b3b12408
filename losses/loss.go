package losses

import (
	"fmt"

	"gpwbench/internal/f64"
)

// A Loss is a scalar function of a Batch. Losses are values that evaluation does not change, the same to the bit each time, except those
// that a [Stateful] makes.
type Loss interface {
	// Eval returns L and overwrites g, of the shape of S, with the signed gradient ∂L/∂S_ij. Pairs that are neither positive nor
	// negative get 0. Eval panics if g has not the length of S.
	Eval(b *Batch, g []float64) float64
}

// A Stateful value is a family of losses that remember the batches they have seen. A run gets one of its own, by [Choice.Loss], and it
// alone evaluates it; two fresh ones with the same seed that see the same batches agree to the bit.
type Stateful interface {
	Fresh(seed uint64) Loss
}

// An AnchorLoss loss is a sum over anchors of a function of that anchor's similarities. Most are.
type AnchorLoss interface {
	// EvalAnchor returns the anchor's sum and what the anchor adds to the divisor (1; 0 or 1; its pairs; its active triplets), and
	// fills GPos and GNeg with the gradient of the sum.
	EvalAnchor(a *Anchor) (sum, terms float64)
}

// Mean lifts an AnchorLoss to a Loss: L = Σ sum / Σ terms over the batch, 0 where there is no term. The divisor is a constant in the
// gradient.
func Mean(l AnchorLoss) Loss { return mean{l} }

type mean struct{ of AnchorLoss }

func (l mean) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	return meanOf(b, g, l.of.EvalAnchor)
}

func meanOf(b *Batch, g []float64, anchor func(*Anchor) (sum, terms float64)) float64 {
	var sum, terms float64
	// In most losses every anchor counts 1. As long as it does, rows are divided as they are written: another pass over G would take as long
	// as all the rest of a loss that mines.
	guess, even := float64(b.m), 0
	for i := range b.m {
		a := b.Anchor(i)
		s, t := anchor(a)
		sum += s
		terms += t
		if even == i && t == 1 {
			even++
			b.putScaled(i, a, g, 1/guess)
		} else {
			b.Store(i, a, g)
		}
	}
	if terms == 0 {
		clear(g)
		return 0
	}
	if terms != guess {
		f64.Divide(g[:even*b.n], terms/guess)
	}
	f64.Divide(g[even*b.n:], terms)
	return sum / terms
}

// A PerSideLoss loss is a sum over anchors whose positives and negatives are reduced apart, each by a divisor of its own.
type PerSideLoss interface {
	// EvalSides returns the anchor's sums and what the anchor adds to the divisors, and fills GPos and GNeg with the gradients of the sums.
	EvalSides(a *Anchor) (pos, neg SideSum)
}

// A SideSum is what one anchor adds to one of the means of a [PerSideLoss] loss.
type SideSum struct{ Sum, Terms float64 }

// MeanPerSide lifts a PerSideLoss to a Loss: the mean of the positives plus the mean of the negatives, a mean of no terms being 0. The divisors
// are constants in the gradient.
func MeanPerSide(l PerSideLoss) Loss { return apart{l} }

type apart struct{ of PerSideLoss }

func (l apart) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	return apartOf(b, g, l.of.EvalSides)
}

func apartOf(b *Batch, g []float64, sides func(*Anchor) (pos, neg SideSum)) float64 {
	var pos, neg SideSum
	for i := range b.m {
		a := b.Anchor(i)
		p, n := sides(a)
		pos, neg = pos.add(p), neg.add(n)
		b.Store(i, a, g)
	}
	perPos, perNeg := pos.perTerm(), neg.perTerm()
	for i := range b.m {
		b.scaleSides(g[i*b.n:(i+1)*b.n], i, perPos, perNeg)
	}
	return pos.Sum*perPos + neg.Sum*perNeg
}

func (p SideSum) add(q SideSum) SideSum { return SideSum{p.Sum + q.Sum, p.Terms + q.Terms} }

// perTerm returns what one term weighs in the mean.
func (p SideSum) perTerm() float64 {
	if p.Terms == 0 {
		return 0
	}
	return 1 / p.Terms
}

// checkSquare panics unless the candidates are the anchors: the losses that call it read the rows of candidates.
func checkSquare(b *Batch, loss string) {
	if !b.IsSquare() {
		panic("losses: " + loss + " reads the rows of its candidates, so it takes a square batch only")
	}
}

func checkLength(b *Batch, g []float64) {
	if len(g) != len(b.s) {
		panic(fmt.Sprintf("losses: a gradient of length %d for %d×%d similarities", len(g), b.m, b.n))
	}
}

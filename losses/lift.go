package losses

import (
	"fmt"

	"gpwbench/internal/f64"
)

// Mean makes a [Loss] of an [AnchorLoss]: L = Σ sum / Σ terms over the batch, 0 where
// there is no term. The divisor is a constant in the gradient. Evaluating the mean of a
// nil l panics, as for the functions below.
func Mean(l AnchorLoss) Loss { return mean{loss: l} }

// MeanMined is [Mean] over the pairs that m keeps, or over all pairs if m is nil. It
// makes one loss of mining and weighting, the two factors of Wang et al., CVPR 2019,
// whose ablation is a grid of both. An anchor that loses all its pairs still counts in a
// mean over anchors.
func MeanMined(m Miner, l AnchorLoss) Loss { return mean{l, m} }

type mean struct {
	loss  AnchorLoss
	miner Miner // nil for none
}

func (l mean) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	miner := forBatch(l.miner, b)
	return meanOf(b, g, func(a *Anchor) (sum, terms float64) {
		kept := a.Keep(miner)
		sum, terms = l.loss.EvalAnchor(kept)
		a.TakeGradients(kept)
		return sum, terms
	})
}

// meanOf is the mean of a function of each anchor.
func meanOf(b *Batch, g []float64, anchor func(*Anchor) (sum, terms float64)) float64 {
	var sum, terms float64

	// In most losses every anchor counts 1. While that is so, rows are divided as they
	// are written. Another pass over G would take as long as all the rest of a loss with
	// a miner.
	guess, even := float64(b.m), 0
	for i := range b.m {
		a := b.Anchor(i)
		s, t := anchor(a)
		sum += s
		terms += t

		if even == i && t == 1 {
			even++
			b.storeScaled(a, g, 1/guess)
		} else {
			b.Store(a, g)
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

func (l mean) ExplainNonFinite(b *Batch) string { return explainAnchors(b, l.loss, l.miner) }

// MeanPerSide makes a [Loss] of a [PerSideLoss]: the mean of the positives plus the mean
// of the negatives. A mean of no terms is 0. The divisors are constants in the gradient.
func MeanPerSide(l PerSideLoss) Loss { return meanPerSide{loss: l} }

// MeanPerSideMined is [MeanPerSide] over the pairs that m keeps, or over all pairs if m
// is nil.
func MeanPerSideMined(m Miner, l PerSideLoss) Loss { return meanPerSide{l, m} }

type meanPerSide struct {
	loss  PerSideLoss
	miner Miner // nil for none
}

func (l meanPerSide) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	miner := forBatch(l.miner, b)
	var pos, neg SideSum

	for i := range b.m {
		a := b.Anchor(i)
		kept := a.Keep(miner)
		p, n := l.loss.EvalSides(kept)
		a.TakeGradients(kept)
		pos, neg = pos.Add(p), neg.Add(n)
		b.Store(a, g)
	}
	return b.DivideSides(g, pos, neg)
}

func (l meanPerSide) ExplainNonFinite(b *Batch) string {
	return explainAnchors(b, l.loss, l.miner)
}

// A SideSum is what one anchor, or a batch, adds to one of the means of a [PerSideLoss]:
// a sum and how many terms it has.
type SideSum struct{ Sum, Terms float64 }

// Add returns the sum of both.
func (p SideSum) Add(q SideSum) SideSum { return SideSum{p.Sum + q.Sum, p.Terms + q.Terms} }

// PerTerm returns the weight of one term in the mean, 1/Terms, and 0 if there is none.
func (p SideSum) PerTerm() float64 {
	if p.Terms == 0 {
		return 0
	}
	return 1 / p.Terms
}

// DivideSides divides the gradients of the sums pos and neg, which are in g, by their
// divisors, and returns the sum of both means. It is the last step of [MeanPerSide].
func (b *Batch) DivideSides(g []float64, pos, neg SideSum) (value float64) {
	perPos, perNeg := pos.PerTerm(), neg.PerTerm()
	for i := range b.m {
		b.scaleSides(g[i*b.n:(i+1)*b.n], i, perPos, perNeg)
	}
	return pos.Sum*perPos + neg.Sum*perNeg
}

// explainAnchors calls the loss's ExplainAnchor for each anchor, with the pairs that the
// miner keeps, and returns the first reason.
func explainAnchors(b *Batch, loss any, m Miner) string {
	e, ok := loss.(AnchorExplainer)
	if !ok {
		return ""
	}

	miner := forBatch(m, b)
	for i := range b.m {
		if why := e.ExplainAnchor(b.Anchor(i).Keep(miner)); why != "" {
			return fmt.Sprintf("anchor %d: %s", i, why)
		}
	}
	return ""
}

package losses

import "gpwbench/internal/f64"

// A Miner marks the pairs of an anchor that take part; no gradient flows through the choice.
type Miner interface {
	// Keep sets pos[k] and neg[k] for the pairs to keep; both are false on entry. It must not change a.
	Keep(a *Anchor, pos, neg []bool)
}

// A BatchMiner chooses with the whole batch in view. A loss with it couples the anchors, whatever the loss alone does.
type BatchMiner interface {
	Miner
	// ForBatch returns the miner of the anchors of b, valid until the next call with b.
	ForBatch(b *Batch) Miner
}

// Mined is the paper's factorisation, mining × weighting, as a value: its ablation is a grid of these. The loss sees only the pairs
// that the miner kept. An anchor that loses all its pairs still counts in a mean over anchors.
type Mined struct {
	Miner Miner
	Loss  AnchorLoss
}

// EvalAnchor implements [AnchorLoss].
func (l Mined) EvalAnchor(a *Anchor) (sum, terms float64) {
	kept := a.mine(l.Miner)
	sum, terms = l.Loss.EvalAnchor(kept)
	a.scatterGradients()
	return sum, terms
}

// minedOver is [Mined] for a miner that looks at the batch first.
type minedOver struct {
	miner BatchMiner
	loss  AnchorLoss
}

func (l minedOver) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	m := l.miner.ForBatch(b)
	return meanOf(b, g, func(a *Anchor) (sum, terms float64) {
		sum, terms = l.loss.EvalAnchor(a.mine(m))
		a.scatterGradients()
		return sum, terms
	})
}

// sidesOver is minedOver for a [PerSideLoss] loss.
type sidesOver struct {
	miner BatchMiner
	loss  PerSideLoss
}

func (l sidesOver) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	m := l.miner.ForBatch(b)
	return apartOf(b, g, func(a *Anchor) (pos, neg SideSum) {
		pos, neg = l.loss.EvalSides(a.mine(m))
		a.scatterGradients()
		return pos, neg
	})
}

// minedSides is [Mined] for a [PerSideLoss] loss.
type minedSides struct {
	miner Miner
	loss  PerSideLoss
}

func (l minedSides) EvalSides(a *Anchor) (pos, neg SideSum) {
	kept := a.mine(l.miner)
	pos, neg = l.loss.EvalSides(kept)
	a.scatterGradients()
	return pos, neg
}

// mine returns an anchor of the pairs that the miner keeps.
func (a *Anchor) mine(m Miner) *Anchor {
	pos, neg := a.masks()
	clear(pos)
	clear(neg)
	m.Keep(a, pos, neg)
	if a.mined == nil {
		a.mined = new(Anchor)
	}
	kept := a.mined
	kept.grow(len(pos) + len(neg))
	kept.reset()
	kept.cut(len(pos), len(neg))
	p, n := f64.Compress(kept.Pos, a.Pos, pos), f64.Compress(kept.Neg, a.Neg, neg)
	kept.Pos, kept.GPos = kept.Pos[:p], kept.GPos[:p]
	kept.Neg, kept.GNeg = kept.Neg[:n], kept.GNeg[:n]
	kept.clear()
	return kept
}

// scatterGradients copies the gradients of the pairs kept by mine; the others are 0.
func (a *Anchor) scatterGradients() {
	pos, neg := a.masks()
	f64.Expand(a.GPos, a.mined.GPos[:len(pos)], pos)
	f64.Expand(a.GNeg, a.mined.GNeg[:len(neg)], neg)
}

func (a *Anchor) masks() (pos, neg []bool) {
	p, n := len(a.Pos), len(a.Neg)
	return a.marks[:p:p], a.marks[p : p+n : p+n]
}

// MultiSimilarityMiner keeps the pairs that violate the anchor's ranking by a slack ε:
//
//	a negative if S_in > min over P_i of S − ε      a positive if S_ip < max over N_i of S + ε
//
// Wang et al., CVPR 2019, eqs. 11 and 12. The two sets are empty together: both ask whether the hardest negative comes within ε of
// the hardest positive.
type MultiSimilarityMiner struct {
	Eps float64 `yaml:"eps" alias:"epsilon" sym:"ε" in:"[0,2]" doc:"slack between the hardest positive and the hardest negative"`
}

// Keep implements [Miner].
func (m MultiSimilarityMiner) Keep(a *Anchor, pos, neg []bool) {
	f64.Below(pos, a.Pos, f64.Max(a.Neg)+m.Eps)
	f64.Above(neg, a.Neg, f64.Min(a.Pos)-m.Eps)
}

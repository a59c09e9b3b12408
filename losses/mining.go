package losses

import "math"

// A Miner marks the pairs of an anchor that take part; no gradient flows through the choice.
type Miner interface {
	// Keep sets pos[k] and neg[k] for the pairs to keep; both are false on entry. It must not change a.
	Keep(a *Anchor, pos, neg []bool)
}

// A BatchMiner chooses with the whole batch in view. A loss with it couples the anchors, whatever the loss alone does.
type BatchMiner interface {
	Miner
	// Over returns the miner of the anchors of b, valid until the next call with b.
	Over(b *Batch) Miner
}

// Mined is the paper's factorisation, mining × weighting, as a value: its ablation is a grid of these. The loss sees only the pairs
// that the miner kept. An anchor that loses all its pairs still counts in a mean over anchors.
type Mined struct {
	Miner Miner
	Loss  Anchored
}

// Anchor implements [Anchored].
func (l Mined) Anchor(a *Anchor) (sum, terms float64) {
	kept := a.mine(l.Miner)
	sum, terms = l.Loss.Anchor(kept)
	a.takeBack()
	return sum, terms
}

// minedOver is [Mined] for a miner that looks at the batch first.
type minedOver struct {
	miner BatchMiner
	loss  Anchored
}

func (l minedOver) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	m := l.miner.Over(b)
	return meanOf(b, g, func(a *Anchor) (sum, terms float64) {
		sum, terms = l.loss.Anchor(a.mine(m))
		a.takeBack()
		return sum, terms
	})
}

// sidesOver is minedOver for a [Sided] loss.
type sidesOver struct {
	miner BatchMiner
	loss  Sided
}

func (l sidesOver) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	m := l.miner.Over(b)
	return apartOf(b, g, func(a *Anchor) (pos, neg Part) {
		pos, neg = l.loss.Sides(a.mine(m))
		a.takeBack()
		return pos, neg
	})
}

// minedSides is [Mined] for a [Sided] loss.
type minedSides struct {
	miner Miner
	loss  Sided
}

func (l minedSides) Sides(a *Anchor) (pos, neg Part) {
	kept := a.mine(l.miner)
	pos, neg = l.loss.Sides(kept)
	a.takeBack()
	return pos, neg
}

// mine returns an anchor of the pairs that the miner keeps.
func (a *Anchor) mine(m Miner) *Anchor {
	pos, neg := a.keeps()
	clear(pos)
	clear(neg)
	m.Keep(a, pos, neg)
	if a.mined == nil {
		a.mined = new(Anchor)
	}
	kept := a.mined
	kept.grow(len(pos) + len(neg))
	kept.reset()
	a.keptPos, a.keptNeg = places(a.keptPos[:0], pos), places(a.keptNeg[:0], neg)
	kept.size(len(a.keptPos), len(a.keptNeg))
	for n, k := range a.keptPos {
		kept.Pos[n] = a.Pos[k]
	}
	for n, k := range a.keptNeg {
		kept.Neg[n] = a.Neg[k]
	}
	return kept
}

// takeBack copies the gradients of the pairs kept by mine; the others keep their zero.
func (a *Anchor) takeBack() {
	for n, k := range a.keptPos {
		a.GPos[k] = a.mined.GPos[n]
	}
	for n, k := range a.keptNeg {
		a.GNeg[k] = a.mined.GNeg[n]
	}
}

// places appends where keep is true: most miners leave few.
func places(to []int, keep []bool) []int {
	for k, kept := range keep {
		if kept {
			to = append(to, k)
		}
	}
	return to
}

func (a *Anchor) keeps() (pos, neg []bool) {
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
	lowest, highest := -greatest(a.Pos, -1), greatest(a.Neg, 1)
	for k, s := range a.Pos {
		pos[k] = s < highest+m.Eps
	}
	for k, s := range a.Neg {
		neg[k] = s > lowest-m.Eps
	}
}

// greatest returns the largest of sign·s, −Inf of nothing, in four chains: a comparison waits for the one before.
func greatest(s []float64, sign float64) float64 {
	most := [4]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for ; len(s) >= 4; s = s[4:] {
		for k := range most {
			if v := sign * s[k]; v > most[k] {
				most[k] = v
			}
		}
	}
	for _, v := range s {
		if v *= sign; v > most[0] {
			most[0] = v
		}
	}
	return max(most[0], most[1], most[2], most[3])
}

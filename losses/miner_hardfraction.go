package losses

import (
	"math"
	"slices"
)

// HardFractionMiner keeps the hardest ⌈f·count⌉ of all positive pairs and of all negative
// pairs, over the whole batch. Pairs as similar as the last one kept are kept too, so
// that both orders of a pair are kept. pytorch-metric-learning cuts between them. The
// source is Yuan et al., ICCV 2017 (HDC).
type HardFractionMiner struct {
	Fraction float64 `yaml:"fraction" alias:"filter_percentage" sym:"f" in:"(0,1]" doc:"share of the pairs that is kept"`
}

// ForBatch implements [BatchMiner].
func (m HardFractionMiner) ForBatch(b *Batch) Miner {
	all := b.Scratch(b.m * b.n)
	pos, neg := 0, len(all) // positives fill it from the front, negatives from the back

	for i := range b.m {
		a := b.Anchor(i)
		pos += copy(all[pos:], a.Pos)
		neg -= len(a.Neg)
		copy(all[neg:], a.Neg)
	}

	m.between(&b.band, all[:pos], all[neg:])
	return &b.band
}

// Keep implements [Miner] for a single anchor. It keeps the hardest of its own pairs.
func (m HardFractionMiner) Keep(a *Anchor, pos, neg []bool) {
	p, n := a.Scratch(len(a.Pos)), a.Scratch(len(a.Neg))
	copy(p, a.Pos)
	copy(n, a.Neg)
	var kept band
	m.between(&kept, p, n)
	kept.Keep(a, pos, neg)
}

// between sets kept to the band of the hardest pairs. It sorts pos and neg.
func (m HardFractionMiner) between(kept *band, pos, neg []float64) {
	kept.pos, kept.neg = math.Inf(-1), math.Inf(1)

	slices.Sort(pos)
	slices.Sort(neg)

	if k := int(math.Ceil(m.Fraction * float64(len(pos)))); k > 0 {
		kept.pos = pos[k-1]
	}
	if k := int(math.Ceil(m.Fraction * float64(len(neg)))); k > 0 {
		kept.neg = neg[len(neg)-k]
	}
}

// A band keeps positives up to one similarity and negatives from another one on.
type band struct{ pos, neg float64 }

func (m *band) Keep(a *Anchor, pos, neg []bool) {
	for k, s := range a.Pos {
		pos[k] = s <= m.pos
	}
	for k, s := range a.Neg {
		neg[k] = s >= m.neg
	}
}

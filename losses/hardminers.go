package losses

import (
	"math"
	"slices"
)

// BatchHardMiner keeps the anchor's farthest positive and its nearest negative, if it has both. Of equal similarities it keeps the first.
// Hermans et al., 2017.
type BatchHardMiner struct{}

// Keep implements [Miner].
func (BatchHardMiner) Keep(a *Anchor, pos, neg []bool) {
	if len(a.Pos) > 0 && len(a.Neg) > 0 {
		pos[lowest(a.Pos)], neg[highest(a.Neg)] = true, true
	}
}

// EasyHardMiner keeps one positive and one negative of the anchor, if there are both: the easy (nearest) or the hard (farthest) positive, and the
// easy (farthest), the hard (nearest), or the semi-hard negative, which is the nearest of those farther than the positive. Xuan et
// al., WACV 2020, find that an easy positive keeps the shape of a class.
type EasyHardMiner struct {
	Positive string `yaml:"positive" alias:"pos_strategy" sym:"+" in:"{easy,hard}" doc:"which positive is kept"`
	Negative string `yaml:"negative" alias:"neg_strategy" sym:"−" in:"{easy,semihard,hard}" doc:"which negative is kept"`
}

// Keep implements [Miner].
func (m EasyHardMiner) Keep(a *Anchor, pos, neg []bool) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return
	}
	p := highest(a.Pos)
	if m.Positive == "hard" {
		p = lowest(a.Pos)
	}
	n := -1
	switch m.Negative {
	case "easy":
		n = lowest(a.Neg)
	case "hard":
		n = highest(a.Neg)
	default:
		for k, s := range a.Neg {
			if s < a.Pos[p] && (n < 0 || s > a.Neg[n]) {
				n = k
			}
		}
	}
	if n >= 0 {
		pos[p], neg[n] = true, true
	}
}

// PairMarginMiner keeps the positives that are farther than one margin and the negatives that are nearer than another, as
// pytorch-metric-learning's; on cosine similarities, the positives below and the negatives above.
type PairMarginMiner struct {
	PosMargin float64 `yaml:"pos_margin" sym:"μ₊" in:"[-1,2]" doc:"distance (similarity) beyond (below) which a positive is kept"`
	NegMargin float64 `yaml:"neg_margin" sym:"μ₋" in:"[-1,2]" doc:"distance (similarity) below (beyond) which a negative is kept"`
	Metric    string  `yaml:"metric" sym:"metric" in:"{distance,cosine}" doc:"what the margins measure"`
}

// Keep implements [Miner].
func (m PairMarginMiner) Keep(a *Anchor, pos, neg []bool) {
	far, near := m.PosMargin, m.NegMargin
	if m.Metric == "cosine" {
		far, near = -far, -near
	}
	for k, s := range a.Pos {
		t, _ := apartness(m.Metric, s)
		pos[k] = t > far
	}
	for k, s := range a.Neg {
		t, _ := apartness(m.Metric, s)
		neg[k] = t < near
	}
}

// HardFractionMiner keeps the hardest ⌈f·count⌉ of all positive pairs and of all negative pairs, over the whole batch. Equals of the last
// one kept are kept too, so that both orders of a pair are; pytorch-metric-learning cuts between them. Yuan et al., ICCV 2017 (HDC).
type HardFractionMiner struct {
	Fraction float64 `yaml:"fraction" alias:"filter_percentage" sym:"f" in:"(0,1]" doc:"share of the pairs that is kept"`
}

// ForBatch implements [BatchMiner].
func (m HardFractionMiner) ForBatch(b *Batch) Miner {
	all := b.scratch(b.m * b.n)
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

// Keep implements [Miner] for a single anchor: the hardest of its own pairs.
func (m HardFractionMiner) Keep(a *Anchor, pos, neg []bool) {
	p, n := a.Scratch(len(a.Pos)), a.Scratch(len(a.Neg))
	copy(p, a.Pos)
	copy(n, a.Neg)
	var kept band
	m.between(&kept, p, n)
	kept.Keep(a, pos, neg)
}

// between finds the band of the hardest; it sorts pos and neg.
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

// A band keeps positives up to one similarity and negatives from another.
type band struct{ pos, neg float64 }

func (m *band) Keep(a *Anchor, pos, neg []bool) {
	for k, s := range a.Pos {
		pos[k] = s <= m.pos
	}
	for k, s := range a.Neg {
		neg[k] = s >= m.neg
	}
}

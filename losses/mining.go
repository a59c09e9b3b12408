package losses

import (
	"reflect"

	"gpwbench/internal/f64"
)

// A Miner marks the pairs of an anchor that take part. No gradient flows through the
// choice. A miner that draws pairs at random draws them by a hash of S and a seed, so
// that the same batch gives the same pairs (trait [Random]).
type Miner interface {
	// Keep sets pos[k] and neg[k] for the pairs to keep. pos and neg are false on entry
	// and have the lengths of a.Pos and a.Neg. Keep must not change a.
	Keep(a *Anchor, pos, neg []bool)
}

// A BatchMiner chooses pairs by looking at the whole batch. It couples the anchors, also
// for a loss that does not couple them by itself.
type BatchMiner interface {
	Miner
	// ForBatch returns the miner of the anchors of b, valid until the next call with b.
	ForBatch(b *Batch) Miner
}

// forBatch returns the miner of the anchors of b. m may be nil.
func forBatch(m Miner, b *Batch) Miner {
	if whole, ok := m.(BatchMiner); ok {
		return whole.ForBatch(b)
	}
	return m
}

// Keep returns an anchor of the pairs that m keeps, with gradients of 0, or a itself if m
// is nil. The result is a's own and valid until the next call. For a [BatchMiner], m must
// be what its ForBatch returned.
func (a *Anchor) Keep(m Miner) *Anchor {
	if m == nil {
		return a
	}

	pos, neg := a.Masks()
	clear(pos)
	clear(neg)
	m.Keep(a, pos, neg)

	if a.mined == nil {
		a.mined = new(Anchor)
	}
	kept := a.mined
	kept.Row, kept.Class = a.Row, a.Class
	kept.grow(len(pos) + len(neg))
	kept.reset()
	kept.cut(len(pos), len(neg))
	p, n := f64.Compress(kept.Pos, a.Pos, pos), f64.Compress(kept.Neg, a.Neg, neg)
	kept.Pos, kept.GPos = kept.Pos[:p], kept.GPos[:p]
	kept.Neg, kept.GNeg = kept.Neg[:n], kept.GNeg[:n]
	kept.clear()
	return kept
}

// TakeGradients copies the gradients of kept, which a.Keep returned, into a. The
// gradients of the other pairs become 0. It does nothing if kept is a.
func (a *Anchor) TakeGradients(kept *Anchor) {
	if kept == a {
		return
	}
	pos, neg := a.Masks()
	f64.Expand(a.GPos, kept.GPos[:len(pos)], pos)
	f64.Expand(a.GNeg, kept.GNeg[:len(neg)], neg)
}

// Masks returns a mark for each positive and each negative, in the anchor's memory. They
// are the marks of the last Keep. Before a Keep they are working memory that is not
// cleared.
func (a *Anchor) Masks() (pos, neg []bool) {
	p, n := len(a.Pos), len(a.Neg)
	return a.marks[:p:p], a.marks[p : p+n : p+n]
}

// A MinerSpec describes a miner. The tagged fields of its value are the parameters.
type MinerSpec struct {
	Name, Title string

	// Form names the miner in the settings of a run, as Preset.Form names a loss.
	Form string

	Value   Miner
	Traits  Traits // Random or none; added to those of a loss with the miner
	Departs string // how well-known code differs; "" if no difference is known
}

// minerSpec returns the entry of [Miners] that has a miner's type, or nil.
func minerSpec(m Miner) *MinerSpec {
	for k := range Miners {
		if reflect.TypeOf(Miners[k].Value) == reflect.TypeOf(m) {
			return &Miners[k]
		}
	}
	return nil
}

// MinerName returns the name of a miner as specs write it, "none" for nil. A miner that
// is not in [Miners] has the name of its Go type.
func MinerName(m Miner) string {
	if m == nil {
		return "none"
	}
	if s := minerSpec(m); s != nil {
		return s.Name
	}
	return reflect.TypeOf(m).Name()
}

// minerForm returns the Form of a miner, "none" for nil. For a miner that is not in
// [Miners] it is the Go type.
func minerForm(m Miner) string {
	if m == nil {
		return "none"
	}
	if s := minerSpec(m); s != nil {
		return s.Form
	}
	return reflect.TypeOf(m).String()
}

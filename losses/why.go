package losses

import "fmt"

// An Explainer is an [Anchored] that can say why its result for an anchor is not finite.
type Explainer interface {
	// Why returns what became infinite or undefined, and for which pair, or "" if nothing did.
	Why(a *Anchor) string
}

// Why returns why the loss is not finite on b, if it knows, and "" otherwise.
func Why(l Loss, b *Batch) string {
	switch l := l.(type) {
	case mean:
		if mined, ok := l.of.(Mined); ok {
			return whyOf(b, mined.Loss, mined.Miner)
		}
		return whyOf(b, l.of, nil)
	case minedOver:
		return whyOf(b, l.loss, l.miner.Over(b))
	}
	return ""
}

func whyOf(b *Batch, l Anchored, m Miner) string {
	e, ok := l.(Explainer)
	if !ok {
		return ""
	}
	for i := range b.m {
		a := b.Anchor(i)
		if m != nil {
			a = a.mine(m)
		}
		if why := e.Why(a); why != "" {
			return fmt.Sprintf("anchor %d: %s", i, why)
		}
	}
	return ""
}

package losses

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/internal/f64"
)

// An AnchorExplainer is an [AnchorLoss] or a [PerSideLoss] that can say why its result
// for an anchor is not finite.
type AnchorExplainer interface {
	// ExplainAnchor returns what became infinite or undefined, and for which pair, or ""
	// if nothing did.
	ExplainAnchor(a *Anchor) string
}

// An Explainer is a [Loss] that can say why its result is not finite. The losses of
// [Mean] and [MeanPerSide] call an [AnchorExplainer] for every anchor.
type Explainer interface {
	// ExplainNonFinite returns what became infinite or undefined on b, or "" if nothing
	// did.
	ExplainNonFinite(b *Batch) string
}

// NotFinite says which part of a loss's result is not finite.
type NotFinite struct {
	Part  string  // "loss", or "gradient" where L is finite
	Value float64 // L, or the first such G
	Why   string  // never empty
}

// CheckFinite returns nil if L and all of G, which l returned for b, are finite. It takes
// one pass over G.
func CheckFinite(l Loss, b *Batch, value float64, g []float64) *NotFinite {
	sound := finite(value)
	if sound && finite(f64.Sum(g)) {
		return nil
	}

	first := 0
	for first < len(g) && finite(g[first]) {
		first++
	}
	if sound && first == len(g) {
		return nil // the sum alone overflows
	}
	n := &NotFinite{Part: "loss", Value: value}
	if b != nil && len(g) == len(b.s) {
		n.Why = ExplainNonFinite(l, b)
	}
	switch {
	case n.Why != "":
	case first < len(g) && (b == nil || len(g) != len(b.s)):
		n.Why = fmt.Sprintf("G = %s at place %d", Number(g[first]), first)
	case first < len(g):
		i, j := first/b.Candidates(), first%b.Candidates()
		n.Why = fmt.Sprintf("G = %s for anchor %d and candidate %d, S = %s", Number(g[first]), i, j, Number(b.S(i, j)))
	default:
		n.Why = "G is finite, and the sum over the anchors is not"
	}
	if sound {
		n.Part, n.Value = "gradient", g[first]
	}
	return n
}

// CheckFinite is the function [CheckFinite] as an error that adds extreme parameters of c
// to the reasons. where says on what l was evaluated, such as "on this batch".
func (c Choice) CheckFinite(l Loss, b *Batch, value float64, g []float64, where string) error {
	n := CheckFinite(l, b, value, g)
	if n == nil {
		return nil
	}
	why := n.Why
	if extreme := c.extremes(); extreme != "" {
		why += "; " + extreme
	}
	return fmt.Errorf("%s is %v %s: %s", c.Name(), n.Value, where, why)
}

// Beyond these magnitudes of a parameter its inverse, its products or its exponents are
// not representable in 64 bits.
const minMagnitude, maxMagnitude = 1e-290, 1e290

// extremes names the parameters with which no formula can be expected to be finite. It is
// "" if there are none.
func (c Choice) extremes() string {
	var all []string
	for _, p := range Parameters(c.Value) {
		v, ok := p.Value.(float64)
		if size := math.Abs(v); ok && size > 0 && (size < minMagnitude || size > maxMagnitude) {
			all = append(all, p.Name+" = "+p.Text())
		}
	}
	if all == nil {
		return ""
	}
	return fmt.Sprintf("%s: numbers of 64 bits serve from about %s to %s", strings.Join(all, ", "), Number(minMagnitude), Number(maxMagnitude))
}

func finite(v float64) bool { return !math.IsNaN(v - v) }

// ExplainNonFinite returns why the loss is not finite on b, if it is an [Explainer] and
// has a reason, and "" otherwise.
func ExplainNonFinite(l Loss, b *Batch) string {
	if e, ok := l.(Explainer); ok {
		return e.ExplainNonFinite(b)
	}
	return ""
}

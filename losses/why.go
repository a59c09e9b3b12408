package losses

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/internal/f64"
)

// An Explainer is an [AnchorLoss] that can say why its result for an anchor is not finite.
type Explainer interface {
	// Why returns what became infinite or undefined, and for which pair, or "" if nothing did.
	Why(a *Anchor) string
}

// NotFinite says what of a loss's result is not finite.
type NotFinite struct {
	Part  string  // "loss", or "gradient" where L is finite
	Value float64 // L, or the first such G
	Why   string  // never empty
}

// CheckFinite returns nil if L and all of G, which l gave on b, are finite. It costs one
// pass over G.
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
		return nil // the sum alone is beyond the largest number
	}
	n := &NotFinite{Part: "loss", Value: value, Why: Why(l, b)}
	switch {
	case n.Why != "":
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

// CheckFinite is the function, with the parameters of c among the reasons. The error says
// where l was evaluated, such as "on this batch".
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

// Parameters beyond these magnitudes leave a formula no room: their inverses, products or
// exponents are no numbers of 64 bits.
const faintest, greatest = 1e-290, 1e290

// extremes names the parameters of which no formula can be expected to be finite, or is "".
func (c Choice) extremes() string {
	var all []string
	for _, p := range Parameters(c.Value) {
		v, ok := p.Value.(float64)
		if size := math.Abs(v); ok && size > 0 && (size < faintest || size > greatest) {
			all = append(all, p.Name+" = "+p.Text())
		}
	}
	if all == nil {
		return ""
	}
	return fmt.Sprintf("%s: numbers of 64 bits serve from about %s to %s", strings.Join(all, ", "), Number(faintest), Number(greatest))
}

func finite(v float64) bool { return !math.IsNaN(v - v) }

// Why returns why the loss is not finite on b, if it knows, and "" otherwise.
func Why(l Loss, b *Batch) string {
	switch l := l.(type) {
	case mean:
		if mined, ok := l.of.(Mined); ok {
			return whyOf(b, mined.Loss, mined.Miner)
		}
		return whyOf(b, l.of, nil)
	case minedOver:
		return whyOf(b, l.loss, l.miner.ForBatch(b))
	}
	return ""
}

func whyOf(b *Batch, l AnchorLoss, m Miner) string {
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

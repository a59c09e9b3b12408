package verification

import (
	"math/bits"
	"sort"
)

// eer is the equal error rate: the rate at which the false accept rate and the false
// reject rate are equal, on the ROC curve with straight lines between its points. That
// is what scipy.optimize.brentq finds on scikit-learn's roc_curve. It is between 0 and
// 1, and less is better.
//
// The threshold is that of the last group that is accepted there.
func (c *curve) eer() Point {
	g := c.crossing(computed)
	p := c.point(g)
	if c.reaches(c.groups[g].accepted-c.groups[g].tied, c.recalled(g-1, computed)) {
		p = c.point(g - 1) // the lines meet before the group
	}

	p.Figure = Figure{Low: c.eerAt(least), Value: c.eerAt(computed), High: c.eerAt(most)}
	return p
}

// crossing returns the first group with which the false accept rate is at least the
// false reject rate. There is one, because the last group leaves no positive to reject.
func (c *curve) crossing(b bound) int {
	return sort.Search(len(c.groups)-1, func(g int) bool {
		return c.reaches(c.accepted(g, b), c.recalled(g, b.other()))
	})
}

// reaches reports whether the false accept rate of these negatives is at least the
// false reject rate with these positives, without rounding.
func (c *curve) reaches(negatives, positives int64) bool {
	high, low := bits.Mul64(uint64(negatives), uint64(c.positives))
	otherHigh, otherLow := bits.Mul64(uint64(c.positives-positives), uint64(c.negatives))
	return high > otherHigh || high == otherHigh && low >= otherLow
}

// eerAt returns the rate where the pairs are taken at an end of their range.
func (c *curve) eerAt(b bound) float64 {
	g := c.crossing(b)
	recalled := c.recalled(g-1, b.other())
	reject, left := c.tar(c.positives-recalled), c.tar(c.positives-c.recalled(g, b.other()))
	if b != computed && !c.certain() {
		// The group's negatives come after its positives, or before.
		accept := c.accepted(g, most)
		if b == least {
			accept = c.before(g)
		}
		return min(max(left, c.far(accept)), reject)
	}

	before := c.groups[g].accepted - c.groups[g].tied
	if c.reaches(before, recalled) {
		return reject
	}

	// The line across the group goes from (accept, reject) by its negatives and
	// positives.
	accept, more := c.far(before), c.far(c.groups[g].tied)
	return reject - (reject-accept)/(more+reject-left)*(reject-left)
}

// eerOpen returns the groups on which the rate depends.
func (c *curve) eerOpen() []span {
	return []span{{c.crossing(most) - 1, c.crossing(least)}}
}

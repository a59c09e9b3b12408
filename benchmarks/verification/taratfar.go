package verification

import "sort"

// tarAtFAR is the true accept rate at a false accept rate: the greatest share of
// positives that a threshold accepts which accepts no more than that share of the
// negatives. It is between 0 and 1, and greater is better. FNMR at FMR is 1 less this
// (ISO/IEC 19795-1). It is the maximum of tpr where fpr ≤ far in scikit-learn's
// roc_curve, and is not interpolated.
//
// The threshold is the strictest that accepts these positives, so its false accept rate
// is often less than far.
func (c *curve) tarAtFAR(far float64) Point {
	p := c.point(c.lastWithin(far, computed))
	p.Figure = Figure{
		Low:   c.tar(c.recalled(c.lastWithin(far, most), least)),
		Value: p.TAR,
		High:  c.tar(c.recalled(c.lastWithin(far, least), most)),
	}
	return p
}

// lastWithin returns the last group with which no more than a share far of the
// negatives is accepted, or -1.
func (c *curve) lastWithin(far float64, b bound) int {
	return sort.Search(len(c.groups), func(g int) bool { return c.far(c.accepted(g, b)) > far }) - 1
}

// tarAtFAROpen returns the groups on which the rate depends.
func (c *curve) tarAtFAROpen(far float64) []span {
	return []span{{c.lastWithin(far, most), c.lastWithin(far, least)}}
}

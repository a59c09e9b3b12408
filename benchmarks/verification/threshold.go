package verification

// A share is the part of the pairs that a threshold is right about. It is linear in the
// accepted positives and negatives.
type share struct{ positive, negative, always float64 }

// accuracy is the share of all pairs that are rightly accepted or rejected, where there
// are so many positive and negative ones. Drawn pairs stand for all of their kind, for
// as many positives as negatives may have been drawn where positives are rare.
func (c *curve) accuracy(positives, negatives int64) share {
	all := float64(positives) + float64(negatives)
	return share{
		positive: float64(positives) / float64(c.positives) / all,
		negative: -float64(negatives) / float64(c.negatives) / all,
		always:   float64(negatives) / all,
	}
}

// balanced is the mean of the shares of the positives that are accepted and of the
// negatives that are rejected, (TAR + 1 − FAR)/2. Its maximum is at Youden's index
// (Index for Rating Diagnostic Tests, Cancer 3, 1950).
func (c *curve) balanced() share {
	return share{positive: 0.5 / float64(c.positives), negative: -0.5 / float64(c.negatives), always: 0.5}
}

func (s share) of(positives, negatives int64) float64 {
	return min(1, s.always+s.positive*float64(positives)+s.negative*float64(negatives))
}

// best is the greatest share over all thresholds, and the strictest threshold that has
// it. It is at most 1, and greater is better. Accepting nothing is one of the
// thresholds: where it is the best, as for many negatives and classes that overlap, the
// Point says None.
//
// Only thresholds at a positive matter. One at a negative accepts the same positives as
// the one before, and more negatives.
func (c *curve) best(s share) Point {
	p := c.point(c.argmax(s, computed))
	p.Figure = Figure{Low: c.maximum(s, most), Value: c.maximum(s, computed), High: c.maximum(s, least)}
	return p
}

func (c *curve) argmax(s share, b bound) int {
	where, greatest := -1, s.of(0, 0)
	for g := range c.groups {
		if v := s.of(c.recalled(g, b.other()), c.accepted(g, b)); v > greatest {
			where, greatest = g, v
		}
	}
	return where
}

func (c *curve) maximum(s share, b bound) float64 {
	g := c.argmax(s, b)
	return s.of(c.recalled(g, b.other()), c.accepted(g, b))
}

// bestOpen returns the groups that may be the best, in runs.
func (c *curve) bestOpen(s share) []span {
	sure := c.maximum(s, most)
	var open []span
	for g := range c.groups {
		if s.of(c.groups[g].recalled, c.accepted(g, least)) < sure {
			continue
		}
		if n := len(open); n > 0 && open[n-1].last == g-1 {
			open[n-1].last = g
			continue
		}
		open = append(open, span{g, g})
	}
	return open
}

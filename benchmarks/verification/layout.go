package verification

import (
	"math"
	"slices"
	"sort"

	"gpwbench/benchmarks/retrieval"
)

// Bins divide the axis of t = 1 − S, which is between 0 and 2, in steps that are a
// power of two. So the edge of a bin is exact, and t belongs to one of them.
const (
	binsPerUnit = 1 << 17
	bins        = 2*binsPerUnit + 1 // rounding may exceed 2
)

func bin(t float64) int { return min(max(int(t*binsPerUnit), 0), bins-1) }

// edge returns the lower end of a bin.
func edge(bin int) float64 { return float64(bin) / binsPerUnit }

// A group is a run of positives whose t are equal or too close for float64 to order. It
// contains their intervals.
type group struct {
	low, high float64
	positives int64
	recalled  int64 // positives up to and including the group
	accepted  int64 // negatives that are no farther than the group
	tied      int64 // of these, those that float64 cannot order with it
}

// A layout numbers the cells in which negatives are counted. A cell is a part of a bin:
// one between a positive and the next, or one beside a positive. Cells of bin b start
// at 2·(b + starts[b]), where starts[b] is the first group that does not end before the
// bin. The next are, in turn, what lies before a group, and what is tied with it.
type layout struct {
	groups []group
	starts []int32 // one more than there are bins
}

func newLayout(groups []group) *layout {
	l := &layout{groups: groups, starts: make([]int32, bins+1)}
	next := 0
	for b := 1; b < bins; b++ {
		for next < len(groups) && groups[next].high < edge(b) {
			next++
		}
		l.starts[b] = int32(next)
	}
	l.starts[bins] = int32(len(groups))
	return l
}

// cells returns the number of cells.
func (l *layout) cells() int { return 2 * (bins + len(l.groups)) }

// place returns the cell of a negative whose t is between low and high.
func (l *layout) place(low, high float64) int {
	b := bin(low)
	first, end := int(l.starts[b]), int(l.starts[b+1])
	g := first
	if end-first > 8 {
		g += sort.Search(end-first, func(k int) bool { return l.groups[first+k].high >= low })
	} else {
		for g < end && l.groups[g].high < low {
			g++
		}
	}

	cell := 2 * (b + g)
	if g < len(l.groups) && l.groups[g].low <= high {
		cell++
	}
	return cell
}

// grouped sorts t and puts what float64 cannot order into one group.
func grouped(p *retrieval.Pairs, ts []float64) []group {
	slices.Sort(ts)
	var groups []group
	for _, t := range ts {
		r := p.Radius(t)
		if n := len(groups); n > 0 && t-r-groups[n-1].high <= 3*p.Radius(t+r) { // so that no negative is too close to both
			g := &groups[n-1]
			g.high = max(g.high, t+r)
			g.positives++
			continue
		}
		groups = append(groups, group{low: t - r, high: t + r, positives: 1})
	}
	return slices.Clip(groups)
}

// A curve is what the figures depend on: the positives in the order of t, and the
// negatives before, among and after them.
type curve struct {
	positives, negatives int64
	groups               []group

	// wrong bounds the error of the difference between the t of a positive and that of
	// a negative, beyond what is tied. It is 0 where both are float64.
	wrong float64

	// Whether the pairs were drawn. Then the ends of a range are those of an interval.
	drawnPositives, drawnNegatives bool

	// upTo has the number of negatives in the bins before each, one more than there are
	// bins.
	upTo []int64
}

// newCurve adds up the negatives in bins and in the cells of a layout. Those that are
// known to their bin only count as nearer than the positives of the bin.
func newCurve(l *layout, negatives, cells []int64, wrong float64) *curve {
	c := &curve{groups: slices.Clone(l.groups), wrong: wrong, upTo: make([]int64, bins+1)}
	for k := range c.groups {
		c.groups[k].tied, c.groups[k].accepted = 0, 0
		c.positives += c.groups[k].positives
		c.groups[k].recalled = c.positives
	}

	reached := 0 // groups that count the negatives so far
	for b := range bins {
		first, end := int(l.starts[b]), int(l.starts[b+1])
		for g := first; g <= end; g++ {
			for ; reached < g; reached++ {
				c.groups[reached].accepted = c.negatives
			}
			before, tied := int64(0), int64(0)
			if cells != nil {
				before, tied = cells[2*(b+g)], cells[2*(b+g)+1]
			}
			if negatives != nil && g == first {
				before += negatives[b]
			}
			c.negatives += before + tied
			if g < len(c.groups) {
				c.groups[g].tied += tied
			}
		}
		c.upTo[b+1] = c.negatives
	}

	for ; reached < len(c.groups); reached++ {
		c.groups[reached].accepted = c.negatives
	}
	return c
}

// binned returns the curve of positives and negatives that are known to their bins
// only.
func binned(positives, negatives []int64, wrong float64) *curve {
	c := &curve{wrong: 2*wrong + 2./binsPerUnit, upTo: make([]int64, bins+1)}
	for b := range bins {
		c.negatives += negatives[b]
		c.positives += positives[b]
		c.upTo[b+1] = c.negatives
		if positives[b] > 0 {
			c.groups = append(c.groups, group{low: edge(b), high: edge(b + 1), positives: positives[b], recalled: c.positives, accepted: c.negatives, tied: negatives[b]})
		}
	}
	return c
}

// within returns the number of negatives in the bins that meet an interval of t.
func (c *curve) within(low, high float64) int64 { return c.upTo[bin(high)+1] - c.upTo[bin(low)] }

// A bound is what of an uncertain number is taken: the computed one, or an end of its
// range.
type bound int

const (
	computed bound = iota
	least
	most
)

// other returns the other end.
func (b bound) other() bound {
	switch b {
	case least:
		return most
	case most:
		return least
	}
	return computed
}

// accepted returns how many negatives are accepted with group g and all groups before
// it, and 0 for g = -1.
func (c *curve) accepted(g int, b bound) int64 {
	switch {
	case g < 0:
		return 0
	case b == computed:
		return c.groups[g].accepted
	case c.drawnNegatives:
		return wilson(c.groups[g].accepted, c.negatives, b)
	case c.certain():
		return c.groups[g].accepted
	case b == least:
		return c.upTo[bin(c.groups[g].high-c.wrong)]
	}
	return c.upTo[bin(c.groups[g].high+c.wrong)+1]
}

// before returns the least number of negatives that are nearer than group g.
func (c *curve) before(g int) int64 {
	nearer := c.groups[g].accepted - c.groups[g].tied
	switch {
	case c.drawnNegatives:
		return wilson(nearer, c.negatives, least)
	case c.certain():
		return nearer
	}
	return c.upTo[bin(c.groups[g].low-c.wrong)]
}

// certain reports whether no number has a range.
func (c *curve) certain() bool { return c.wrong == 0 && !c.drawnPositives && !c.drawnNegatives }

// recalled is accepted of positives. Their number is certain unless they were drawn.
func (c *curve) recalled(g int, b bound) int64 {
	switch {
	case g < 0:
		return 0
	case b == computed || !c.drawnPositives:
		return c.groups[g].recalled
	}
	return wilson(c.groups[g].recalled, c.positives, b)
}

// far returns the false accept rate of a number of negatives.
func (c *curve) far(accepted int64) float64 { return float64(accepted) / float64(c.negatives) }

// tar returns the true accept rate of a number of positives.
func (c *curve) tar(accepted int64) float64 { return float64(accepted) / float64(c.positives) }

// threshold returns the similarity of the least similar positive of group g, between -1
// and 1.
func (c *curve) threshold(g int) float64 { return math.Min(1, math.Max(-1, 1-c.groups[g].high)) }

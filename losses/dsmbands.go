package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// bands returns an upper bound of the number of bands that the negatives lie in, for any
// one of the positives.
func (l DynamicSoftMargin) bands(pos, neg []float64) int {
	return 1 + l.node(f64.Max(pos)-f64.Min(neg)) - l.node(f64.Min(pos)-f64.Max(neg))
}

// eachBand calls do for every node of the differences between a positive and the
// negatives at distances from nearest to farthest. The negatives of a node are those
// above one distance and below another.
func (l DynamicSoftMargin) eachBand(p, nearest, farthest float64, do func(node int, above, below float64)) {
	above, last := math.Inf(-1), l.node(p-farthest)
	for node := l.node(p - nearest); node > last; node-- {
		edge := l.edge(p, node)
		do(node, above, math.Nextafter(edge, math.Inf(1)))
		above = edge
	}

	do(last, above, math.Inf(1))
}

// edge returns the largest distance n for which p−n has the node or a higher one. For n =
// 0 it has. The formula gives the place of the edge up to rounding, and a bisection by
// node finds it exactly. Rounding decides on which side of an edge equal distances are.
func (l DynamicSoftMargin) edge(p float64, node int) float64 {
	const near = 1e-14 // more than the errors of some roundings
	edge := p + 2 - 4*float64(node)/float64(l.Bins)

	// Numbers that are not negative have the order of their bits.
	low, high := math.Float64bits(max(0, edge-near)), math.Float64bits(max(0, edge)+near)
	for high-low > 1 {
		if mid := (low + high) / 2; l.node(p-math.Float64frombits(mid)) >= node {
			low = mid
		} else {
			high = mid
		}
	}

	return math.Float64frombits(low)
}

// addBands adds the differences of all pairs to the histogram, band by band.
func (l DynamicSoftMargin) addBands(histogram []float64, a *Anchor, pos, neg []float64) {
	nearest, farthest := f64.Min(neg), f64.Max(neg)
	for _, p := range pos {
		l.eachBand(p, nearest, farthest, func(node int, above, below float64) {
			count, total := f64.AddBetween(a.GNeg, neg, above, below, 0)
			l.addRun(histogram, p, node, float64(count), total)
		})
	}
}

// addRun adds the differences between a positive and count negatives of one bin, whose
// distances have the sum total. Within a bin the shares of the nodes are linear in the
// distance.
func (l DynamicSoftMargin) addRun(histogram []float64, p float64, node int, count, total float64) {
	if node == l.Bins {
		histogram[node] += count
		return
	}

	// Both are counted from the difference 0, where the two sums are small.
	at, off := (count*p-total)/4*float64(l.Bins), float64(node)-float64(l.Bins)/2
	histogram[node] += count*(off+1) - at
	histogram[node+1] += at - count*off
}

// weighBands returns Σ w z and sets GPos and GNeg to the derivatives by the distances
// with w constant.
func (l DynamicSoftMargin) weighBands(cumulated []float64, a *Anchor, pos, neg []float64) (sum float64) {
	nearest, farthest := f64.Min(neg), f64.Max(neg)
	for k, p := range pos {
		l.eachBand(p, nearest, farthest, func(node int, above, below float64) {
			w := cumulated[node]
			count, total := f64.AddBetween(a.GNeg, neg, above, below, -w)
			sum += w * (float64(count)*p - total)
			a.GPos[k] += w * float64(count)
		})
	}
	return sum
}

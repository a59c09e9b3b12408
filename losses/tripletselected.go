package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// TripletSoftSelected is [TripletSoft] over a selection of triplets by g = t_an − t_ap:
// hard g ≤ 0, semihard 0 < g ≤ μ, easy g > μ. Easy triplets make sense only here, as a
// hinge with the same margin is 0 on them. The negatives of a positive are an interval of
// the sorted negatives. Their softplus is interpolated by a polynomial, so an anchor
// costs (p+n)·log(p+n).
type TripletSoftSelected struct {
	Margin     float64 `yaml:"margin" sym:"μ" in:"[0,4]" doc:"added to every difference, and the end of the semi-hard triplets"`
	Metric     string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what is compared"`
	SelectRows string  `yaml:"select" alias:"type_of_triplets" sym:"triplets" in:"{hard,semihard,easy}" doc:"which triplets take part"`
}

// EvalAnchor implements [AnchorLoss].
func (l TripletSoftSelected) EvalAnchor(a *Anchor) (sum, terms float64) {
	p, n := len(a.Pos), len(a.Neg)
	if p == 0 || n == 0 {
		return 0, 0
	}

	pos, slopePos, neg, slopeNeg := a.Scratch(p), a.Scratch(p), a.Scratch(n), a.Scratch(n)
	Dissimilarities(l.Metric, pos, slopePos, a.Pos)
	Dissimilarities(l.Metric, neg, slopeNeg, a.Neg)

	if p <= fewPoints {
		sum, terms = l.everyPair(a, pos, neg)
	} else {
		sum, terms = l.byRuns(a, pos, neg)
	}

	for k := range pos {
		a.GPos[k] *= slopePos[k]
	}
	for k := range neg {
		a.GNeg[k] *= slopeNeg[k]
	}

	return sum, terms
}

// bounds returns the g that take part: low < g ≤ high.
func (l TripletSoftSelected) bounds() (low, high float64) {
	switch l.SelectRows {
	case "hard":
		return math.Inf(-1), 0
	case "semihard":
		return 0, l.Margin
	}
	return l.Margin, math.Inf(1)
}

// everyPair sets GPos and GNeg to the derivatives by pos and neg.
func (l TripletSoftSelected) everyPair(a *Anchor, pos, neg []float64) (sum, terms float64) {
	low, high := l.bounds()
	g, z, w := a.Scratch(len(neg)), a.Scratch(len(neg)), a.Scratch(len(neg))
	_, keep := a.Masks()

	for k, p := range pos {
		f64.Above(keep, Scaled(g, neg, 1, p), low)
		if !math.IsInf(high, 1) {
			for j, v := range g {
				keep[j] = keep[j] && v <= high
			}
		}

		n := f64.Compress(z, g, keep)
		taken := Scaled(z[:n], z[:n], -1, l.Margin)
		value, share := f64.Softplus(taken, w[:n], taken)
		sum, terms = sum+value, terms+float64(n)
		a.GPos[k] += share

		f64.Expand(g, w, keep)
		f64.AddScaled(a.GNeg, g, -1)
	}
	return sum, terms
}

// byRuns is everyPair by [intervalSums]. The negatives of a positive are an interval of
// the sorted negatives, and the positives of a negative are an interval of the sorted
// positives.
func (l TripletSoftSelected) byRuns(a *Anchor, pos, neg []float64) (sum, terms float64) {
	low, high := l.bounds()
	of := a.intervalSums(neg, math.IsInf(high, 1))
	w := a.Scratch(len(of.nodes))

	for k, p := range pos {
		from := countBefore(of.sorted, func(n float64) bool { return n-p > low })
		to := countBefore(of.sorted, func(n float64) bool { return n-p > high })
		terms += float64(to - from)

		of.weigh(w, from, to)
		for j, n := range of.nodes {
			value, slope := SoftplusSlope(l.Margin - (n - p))
			sum += w[j] * value
			a.GPos[k] += w[j] * slope
		}
	}

	of = a.intervalSums(pos, math.IsInf(low, -1))
	w, rise := a.Scratch(len(of.nodes)), of.exponentials(a.Scratch(len(of.nodes)))

	for k, n := range neg {
		from := countBefore(of.sorted, func(p float64) bool { return n-p <= high })
		to := countBefore(of.sorted, func(p float64) bool { return n-p <= low })
		of.weigh(w, from, to)

		fall := math.Exp(l.Margin - n)
		for j, v := range w {
			e := fall * rise[j]
			a.GNeg[k] -= v * (e / (1 + e))
		}
	}

	return sum, terms
}

package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// TripletHinge is the triplet loss with a hinge. It is the mean over the triplets with a
// positive value:
//
//	L = (1/k) Σ [t_ap − t_an + μ]₊        t: the distance d, its square, or −S
//
// The triplets are selected by g = t_an − t_ap: all of them, hard ones with g ≤ 0, or
// semihard ones with 0 < g ≤ μ. Schroff et al., CVPR 2015, have squared distances. A
// margin on similarities is half of one on squared distances. The mean over active terms
// is that of pytorch-metric-learning. An anchor that lacks either side has no triplet.
type TripletHinge struct {
	Margin     float64 `yaml:"margin" sym:"μ" in:"[0,4]" doc:"by how much a negative should be farther than a positive"`
	Metric     string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what the margin measures"`
	SelectRows string  `yaml:"select" alias:"type_of_triplets" sym:"triplets" in:"{all,hard,semihard}" doc:"which triplets take part"`
}

// EvalAnchor implements [AnchorLoss].
func (l TripletHinge) EvalAnchor(a *Anchor) (sum, terms float64) {
	p, n := len(a.Pos), len(a.Neg)
	pos, slopePos, neg, slopeNeg := a.Scratch(p), a.Scratch(p), a.Scratch(n), a.Scratch(n)
	Dissimilarities(l.Metric, pos, slopePos, a.Pos)
	Dissimilarities(l.Metric, neg, slopeNeg, a.Neg)

	sum, terms = hinges(a, pos, neg, l.Margin, l.SelectRows)
	f64.Multiply(a.GPos, slopePos)
	f64.Multiply(a.GNeg, slopeNeg)
	return sum, terms
}

// hinges returns Σ [p − n + margin]₊ over the selected pairs of pos and neg and the
// number of active pairs. It sets GPos and GNeg to the derivatives by pos and neg.
func hinges(a *Anchor, pos, neg []float64, margin float64, selected string) (sum, active float64) {
	if len(pos) > manyPositives {
		return manyHinges(a, pos, neg, margin, selected)
	}

	for k, p := range pos {
		above, below := math.Inf(-1), p+margin // which negatives are active
		switch selected {
		case "hard":
			below = min(below, math.Nextafter(p, math.Inf(1))) // n ≤ p
		case "semihard":
			above = p
		}

		count, total := f64.AddBetween(a.GNeg, neg, above, below, -1)
		sum += float64(count)*(p+margin) - total
		active += float64(count)
		a.GPos[k] = float64(count)
	}
	return sum, active
}

// manyHinges is hinges by [rankedSums] of −n, so that a nearer negative has a higher
// rank. The semi-hard pairs are all pairs without the hard ones.
func manyHinges(a *Anchor, pos, neg []float64, margin float64, selected string) (sum, active float64) {
	bounds := a.Scratch(len(pos)) // a negative is active if its −n exceeds them
	add := func(sign float64) {
		a.ranked.set(bounds, &a.sorter)
		for k, n := range neg {
			a.GNeg[k] -= sign * float64(a.ranked.add(-n))
		}
		a.ranked.accumulate()

		for k, p := range pos {
			count, total := a.ranked.sumAbove(bounds[k])
			sum += sign * (count*(p+margin) + total)
			active += sign * count
			a.GPos[k] += sign * count
		}
	}

	if selected != "hard" {
		for k, p := range pos {
			bounds[k] = -(p + margin)
		}
		add(1)
	}

	if selected != "all" {
		for k, p := range pos {
			bounds[k] = -min(p+margin, math.Nextafter(p, math.Inf(1))) // n ≤ p
		}
		if selected == "hard" {
			add(1)
		} else {
			add(-1)
		}
	}
	return sum, active
}

// TripletNextHardest is the semi-hard loss that selects one negative for each positive
// pair. It is the nearest negative that is farther than the positive, or, if there is
// none, the farthest negative:
//
//	L = (1/|P|) Σ_{(a,p)} [t_ap − t_an + μ]₊
//
// It is the online selection of Schroff et al., CVPR 2015, as TensorFlow states it.
// Positive pairs of an anchor without negatives do not count.
type TripletNextHardest struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,4]" doc:"by how much a negative should be farther than a positive"`
	Metric string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what the margin measures"`
}

// EvalAnchor implements [AnchorLoss].
func (l TripletNextHardest) EvalAnchor(a *Anchor) (sum, terms float64) {
	if len(a.Neg) == 0 {
		return 0, 0
	}

	// The nearest negative has the largest similarity, by all metrics.
	farthest := f64.Min(a.Neg)
	for k, s := range a.Pos {
		chosen := max(farthest, f64.MaxBelow(a.Neg, s))
		p, slopePos := Dissimilarity(l.Metric, s)
		n, slopeNeg := Dissimilarity(l.Metric, chosen)
		if h := p - n + l.Margin; h > 0 {
			sum += h
			a.GPos[k] = slopePos
			a.GNeg[f64.Index(a.Neg, chosen)] -= slopeNeg
		}
	}
	return sum, float64(len(a.Pos))
}

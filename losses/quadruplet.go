package losses

import "slices"

// Quadruplet adds to the triplet loss a second term, in which a positive pair is compared with a negative pair of two other classes:
//
//	L = mean over (a,p,n) of [d²_ap − d²_an + α₁]₊ + mean over (a,p,n,l) of [d²_ap − d²_ln + α₂]₊        y_a, y_n, y_l different
//
// Chen et al., CVPR 2017, who sum instead of averaging, compare by a learned metric, and let both margins follow the batch: by a
// secondary source they are 1 and ½ times the gap between the mean distances of negatives and of positives, and so not the numbers 1 and ½ that
// are passed on as theirs. It pushes pairs that do not contain the anchor. Both sums run over sorted similarities, so a batch of m costs
// m²·log m and not m⁴. An anchor that lacks either side has no triplet; with fewer than three classes the second term is 0.
type Quadruplet struct {
	Alpha1 float64 `yaml:"alpha1" sym:"α₁" in:"[0,4]" doc:"margin of squared distances to a negative of the anchor"`
	Alpha2 float64 `yaml:"alpha2" sym:"α₂" in:"[0,4]" doc:"margin of squared distances to a negative pair of other classes"`
}

// Eval implements [Loss].
func (l Quadruplet) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkSquare(b, "the quadruplet loss")
	value := l.triplets(b, g)
	return value + l.others(b, g)
}

// triplets is the first term. 2−2S turns d² into similarities: half the margin, twice the value.
func (l Quadruplet) triplets(b *Batch, g []float64) float64 {
	sum, triplets := 0.0, 0.0
	for i := range b.m {
		a := b.Anchor(i)
		s, n := TripletCosine{Margin: l.Alpha1 / 2}.Anchor(a)
		sum, triplets = sum+s, triplets+n
		b.Put(i, a, g)
	}
	if triplets == 0 {
		clear(g)
		return 0
	}
	for k := range g {
		g[k] *= 2 / triplets
	}
	return 2 * sum / triplets
}

// others adds the second term. The negatives active for a positive are counted among all negative pairs, less those that touch its
// class; the positives active for a negative among all positive pairs, less those of its two classes.
func (l Quadruplet) others(b *Batch, g []float64) float64 {
	m, positives, quadruplets := b.m, 0, 0
	for i := range m {
		positives += b.to[i] - b.from[i] - 1
	}
	negatives := m*m - m - positives
	for i := range m {
		k := b.to[i] - b.from[i]
		quadruplets += (k - 1) * (negatives - 2*k*(m-k))
	}
	if quadruplets == 0 {
		return 0
	}
	memory := b.scratch(2*positives + 4*negatives + 2)
	allPos, memory := split(memory, positives) // sorted as a whole
	pos, memory := split(memory, positives)    // class by class, each sorted
	allNeg, memory := split(memory, negatives) // sorted as a whole
	neg, memory := split(memory, negatives)    // those of one class, sorted
	allSums, sums := split(memory, negatives+1)
	allPos, allNeg, pos = allPos[:0], allNeg[:0], pos[:0]
	for i := range m {
		a := b.Anchor(i)
		allPos, allNeg = append(allPos, a.Pos...), append(allNeg, a.Neg...)
	}
	slices.Sort(allPos)
	slices.Sort(allNeg)
	prefixSums(allSums, allNeg)

	half, weight := l.Alpha2/2, 2/float64(quadruplets)
	value := 0.0
	starts := b.counts(m) // of a class's positives in pos, by the class's place in order
	for from := 0; from < m; {
		class := b.order[from:b.to[b.order[from]]]
		starts[from] = len(pos)
		neg = neg[:0]
		for _, i := range class {
			a := b.Anchor(i)
			pos, neg = append(pos, a.Pos...), append(neg, a.Neg...)
			for j := range m {
				if b.anchors[j] != b.anchors[i] {
					neg = append(neg, b.s[j*m+i]) // pairs are ordered: the column too
				}
			}
		}
		slices.Sort(neg)
		slices.Sort(pos[starts[from]:])
		prefixSums(sums[:len(neg)+1], neg)
		for _, i := range class {
			for _, j := range class {
				if i == j {
					continue
				}
				p := b.s[i*m+j]
				active := func(n float64) bool { return p < n+half }
				x, y := rank(allNeg, active), rank(neg, active)
				count := float64((negatives - x) - (len(neg) - y))
				value += allSums[negatives] - allSums[x] - (sums[len(neg)] - sums[y]) + count*(half-p)
				g[i*m+j] -= weight * count
			}
		}
		from += len(class)
	}
	for i := range m {
		for j := range m {
			if b.anchors[i] == b.anchors[j] {
				continue
			}
			n := b.s[i*m+j]
			beyond := func(p float64) bool { return !(p < n+half) }
			count := rank(allPos, beyond)
			for _, of := range [2]int{i, j} {
				start, k := starts[b.from[of]], b.to[of]-b.from[of]
				count -= rank(pos[start:start+k*(k-1)], beyond)
			}
			g[i*m+j] += weight * float64(count)
		}
	}
	return weight * value
}

// prefixSums sets sums[k] to the sum of the first k values.
func prefixSums(sums, values []float64) {
	sums[0] = 0
	for k, v := range values {
		sums[k+1] = sums[k] + v
	}
}

var quadruplet = Spec{
	Name:     "quadruplet",
	Title:    "Quadruplet",
	Cite:     "Chen et al., CVPR 2017",
	Year:     2017,
	Family:   Triplets,
	Formula:  "L = mean [d²_ap − d²_an + α₁]₊ + mean [d²_ap − d²_ln + α₂]₊",
	Relation: Square,
	Traits:   BatchCoupled,
	Revision: 1,
	Presets: []Preset{
		{Name: "common", Source: "passed on as the paper's, where margins follow the batch: squared distances, margins 1 and 0.5", Value: Quadruplet{Alpha1: 1, Alpha2: 0.5}, Oracle: "golden quadruplet_sq"},
	},
}

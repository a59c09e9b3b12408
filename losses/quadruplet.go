package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Quadruplet adds to the triplet loss a second term, in which a positive pair is compared
// with a negative pair of two other classes:
//
//	L = mean over (a,p,n) of [d²_ap − d²_an + α₁]₊
//	  + mean over (a,p,n,l) of [d²_ap − d²_ln + α₂]₊        y_a, y_n, y_l different
//
// The source is Chen et al., CVPR 2017. They sum instead of averaging, compare by a
// learned metric, and let both margins follow the batch. By a secondary source the
// margins are 1 and ½ times the gap between the mean distances of negatives and of
// positives. So they are not the numbers 1 and ½ that are often quoted as theirs.
//
// The loss has gradients on pairs that do not contain the anchor. The second sum compares
// two sets by sorting one of them, so a batch of m costs about m² steps and not m⁴. An
// anchor that lacks either side has no triplet. With fewer than three classes the second
// term is 0.
type Quadruplet struct {
	Alpha1 float64 `yaml:"alpha1" sym:"α₁" in:"[0,4]" doc:"margin of squared distances to a negative of the anchor"`
	Alpha2 float64 `yaml:"alpha2" sym:"α₂" in:"[0,4]" doc:"margin of squared distances to a negative pair of other classes"`
}

// Eval implements [Loss].
func (l Quadruplet) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	CheckSquare(b, "the quadruplet loss")
	value := l.others(b, g)
	return l.addTriplets(b, g) + value
}

// addTriplets adds the first term to g. d² is 2−2S, so it is twice the triplet loss on
// similarities with half the margin.
func (l Quadruplet) addTriplets(b *Batch, g []float64) float64 {
	sum, triplets := 0.0, 0.0
	for i := range b.m {
		k := b.to[i] - b.from[i]
		triplets += float64((k - 1) * (b.m - k))
	}
	if triplets == 0 {
		return 0
	}

	scale := 2 / triplets
	for i := range b.m {
		a := b.Anchor(i)
		s, _ := TripletCosine{Margin: l.Alpha1 / 2}.EvalAnchor(a)
		sum += s

		b.AddNegatives(i, a.GNeg, g, scale)
		k, row := 0, g[i*b.m:(i+1)*b.m]
		for _, j := range b.order[b.from[i]:b.to[i]] {
			if j != i {
				row[j] += float64(scale * a.GPos[k])
				k++
			}
		}
	}
	return 2 * sum / triplets
}

// others is the second term. The negatives that are active for a positive are counted
// among all negative pairs, less those that touch its class. The positives that are
// active for a negative are counted among all positive pairs, less those of its two
// classes. The counts are in g, so that a large batch needs no second matrix.
func (l Quadruplet) others(b *Batch, g []float64) float64 {
	m, positives, touching, count := b.m, 0, 0, 0
	for i := range m {
		k := b.to[i] - b.from[i]
		positives += k - 1
		touching = max(touching, 2*k*(m-k))
	}

	negatives := m*m - m - positives
	for i := range m {
		k := b.to[i] - b.from[i]
		count += (k - 1) * (negatives - 2*k*(m-k))
	}

	clear(g)
	if count == 0 {
		return 0
	}

	q := quadruplets{b: b, g: g, centre: f64.Max(b.Anchor(0).Neg), half: l.Alpha2 / 2, weight: 2 / float64(count)}
	memory := b.Scratch(2*touching + positives)
	q.touching, memory = split(memory, touching)
	q.counts, q.positives = split(memory, touching)

	k := 0
	for i := range m {
		k += q.copyPositives(q.positives[k:], i)
	}

	all := &b.ranked
	all.set(q.positives, &b.sorter)
	for i, y := range b.anchors {
		for j, z := range b.anchors {
			if y != z {
				g[i*m+j] = float64(all.add(q.risen(i*m + j)))
			}
		}
	}

	all.accumulate()
	for from := 0; from < m; {
		class := b.order[from:b.to[b.order[from]]]
		q.addClass(class)
		from += len(class)
	}

	f64.Scale(g, g, q.weight, 0)
	return q.weight * q.value
}

// quadruplets sum the second term.
type quadruplets struct {
	b *Batch

	// For every negative pair, how many positives it is active for. For every positive
	// pair, how many negatives are active for it, below 0.
	g []float64

	// centre is subtracted from similarities. Where all of them are close together, sums
	// are then as small as their terms.
	centre        float64
	half          float64 // the margin, in similarities
	value, weight float64

	positives []float64 // memory for those of the batch

	// Of the negatives that touch one class: the similarity plus the margin, and how many
	// positives of the class the negative is active for.
	touching, counts []float64
}

// copyPositives copies the positives of row i, less the centre, and returns their number.
func (q *quadruplets) copyPositives(dst []float64, i int) int {
	pos := q.b.Anchor(i).Pos
	Scaled(dst[:len(pos)], pos, 1, q.centre)
	return len(pos)
}

// risen returns the similarity of a negative, less the centre, plus the margin.
func (q *quadruplets) risen(pair int) float64 { return q.b.s[pair] - q.centre + q.half }

// addClass adds the terms of the positive pairs of a class. The negatives that touch the
// class were counted for all positives, and it subtracts their counts for this class.
func (q *quadruplets) addClass(class []int) {
	b, m, allPairs, ofClass := q.b, q.b.m, &q.b.ranked, &q.b.anchor.ranked
	k := len(class)
	touching, counts := q.touching[:2*k*(m-k)], q.counts[:2*k*(m-k)]

	k = 0
	q.eachTouching(class, func(pair int) {
		touching[k] = q.risen(pair)
		k++
	})

	climbs := len(class)*(len(class)-1) > manyPairs
	if climbs {
		k = 0

		for _, i := range class {
			k += q.copyPositives(q.positives[k:], i)
		}
		ofClass.set(q.positives[:k], &b.sorter)
		for k, v := range touching {
			counts[k] = float64(ofClass.add(v))
		}
		ofClass.accumulate()
	} else {
		clear(counts)
	}
	for _, i := range class {
		for _, j := range class {
			if i == j {
				continue
			}
			p := b.s[i*m+j] - q.centre
			all, sum := allPairs.sumAbove(p)

			var own, ownSum float64
			if climbs {
				own, ownSum = ofClass.sumAbove(p)
			} else {
				var active int
				active, ownSum = f64.AddBetween(counts, touching, p, math.Inf(1), 1)
				own = float64(active)
			}

			q.value += sum - ownSum - (all-own)*p
			q.g[i*m+j] = own - all
		}
	}

	k = 0
	q.eachTouching(class, func(pair int) {
		q.g[pair] -= counts[k]
		k++
	})
}

// manyPairs is the number of positive pairs of a class up to which each of them is
// compared with all negatives. A comparison takes about a hundredth of the time of
// finding the rank of a negative.
const manyPairs = 100

// eachTouching calls do for the places in S of the negatives that touch a class.
func (q *quadruplets) eachTouching(class []int, do func(pair int)) {
	m := q.b.m
	for j, y := range q.b.anchors {
		if y == q.b.anchors[class[0]] {
			continue
		}
		for _, i := range class { // pairs are ordered, so both orders
			do(i*m + j)
			do(j*m + i)
		}
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
		{Name: "common", Source: "passed on as the paper's, where margins follow the batch: squared distances, margins 1 and 0.5", Form: "losses.Quadruplet", Value: Quadruplet{Alpha1: 1, Alpha2: 0.5}, Oracle: "golden quadruplet_sq"},
	},
}

package losses

import "math"

// HierarchicalTriplet is the triplet loss with a margin for each anchor and negative class, from a tree of classes:
//
//	L = (1/2|T|) Σ [d_ap − d_an + α_z]₊,  α_z = β + d_{H(y_a, y_n)} − s_{y_a}
//
// s_c is the mean d² within class c (0 for one member), d_0 the mean of s_c, and d_l = d_0 + l(4−d_0)/L the threshold of level l, at which
// classes with a smaller mean d² between them merge, by single linkage; H is the level at which two classes first are one. Ge et al.,
// ECCV 2018, grow the tree on the training set once an epoch; here it is that of the batch, so the loss has no state. The linkage is
// this project's reading. The margins are constants in the gradient. An anchor that lacks either side has no triplet.
type HierarchicalTriplet struct {
	Beta   float64 `yaml:"beta" sym:"β" in:"[0,4]" doc:"margin beyond the class's own spread"`
	Levels int     `yaml:"levels" sym:"L" in:"[1,1000]" doc:"levels of the tree"`
}

// Eval implements [Loss].
func (l HierarchicalTriplet) Eval(b *Batch, g []float64) float64 {
	checkLength(b, g)
	checkSquare(b, "the hierarchical triplet loss")
	clear(g)
	triplets := 0
	for i := range b.m {
		k := b.to[i] - b.from[i]
		triplets += (k - 1) * (b.m - k)
	}
	if triplets == 0 {
		return 0
	}
	classes := b.classes()
	count := classes[b.order[b.m-1]] + 1
	between := l.margins(b, classes, count)
	value, weight := 0.0, 1/(2*float64(triplets))
	for i := range b.m {
		a := b.Anchor(i)
		pos, slopePos, neg, slopeNeg := allDistances(a)
		margins := between[classes[i]*count:][:count]
		for k := range neg { // [d_ap − (d_an − α)]₊: the margin moves the negative
			neg[k] -= margins[classes[b.negative(i, k)]]
		}
		sum, _ := hinges(a, pos, neg, 0, "all")
		value += sum
		for k := range pos {
			a.GPos[k] *= weight * slopePos[k]
		}
		for k := range neg {
			a.GNeg[k] *= weight * slopeNeg[k]
		}
		b.Put(i, a, g)
	}
	return weight * value
}

// margins returns α_z for every ordered pair of classes.
func (l HierarchicalTriplet) margins(b *Batch, classes []int, count int) []float64 {
	memory := b.scratch(2*count*count + 2*count)
	mean, memory := split(memory, count*count)
	linked, memory := split(memory, count*count)
	reach, spread := split(memory, count)
	sizes := b.counts(2 * count)
	clear(sizes)
	for _, c := range classes {
		sizes[c]++
	}
	clear(mean)
	for i, ci := range classes {
		for j, cj := range classes {
			if i != j {
				mean[ci*count+cj] += max(0, 2-2*b.s[i*b.n+j])
			}
		}
	}
	base := 0.0
	for c := range count {
		for e := range count {
			pairs := sizes[c] * sizes[e]
			if c == e {
				pairs -= sizes[c]
			}
			mean[c*count+e] /= float64(max(1, pairs))
		}
		spread[c] = mean[c*count+c]
		base += spread[c] / float64(count)
	}
	singleLinkage(linked, mean, reach, sizes[count:], count)
	step := (4 - base) / float64(l.Levels)
	for c := range count {
		for e := range count {
			level := 0
			for level < l.Levels && linked[c*count+e] >= base+float64(level)*step {
				level++
			}
			linked[c*count+e] = l.Beta + base + float64(level)*step - spread[c]
		}
	}
	return linked
}

// singleLinkage sets linked to the distance at which two of count things first are connected, growing a minimum spanning tree: between a
// new thing and an old one it is the larger of the new edge and the old one's distance to the edge's end. dist need not be symmetric to
// the last bit; it is averaged.
func singleLinkage(linked, dist, reach []float64, tree []int, count int) {
	tree = tree[:1]
	tree[0] = 0
	clear(linked)
	for c := range reach {
		reach[c] = math.Inf(1)
	}
	for len(tree) < count {
		last := tree[len(tree)-1]
		reach[last] = -1 // in the tree
		next := -1
		for c := range reach {
			reach[c] = min(reach[c], (dist[last*count+c]+dist[c*count+last])/2)
			if reach[c] >= 0 && (next < 0 || reach[c] < reach[next]) {
				next = c
			}
		}
		end := tree[0]
		for _, c := range tree {
			if (dist[c*count+next]+dist[next*count+c])/2 == reach[next] {
				end = c
			}
		}
		for _, c := range tree {
			d := max(reach[next], linked[end*count+c])
			linked[next*count+c], linked[c*count+next] = d, d
		}
		tree = append(tree, next)
	}
}

var htl = Spec{
	Name:     "hierarchical_triplet",
	Title:    "Hierarchical triplet",
	Cite:     "Ge et al., ECCV 2018",
	Year:     2018,
	Family:   Triplets,
	Formula:  "L = (1/2|T|) Σ [d_ap − d_an + β + d_{H(y_a, y_n)} − s_{y_a}]₊",
	Relation: Square,
	Traits:   Detached | BatchCoupled,
	Revision: 1,
	Presets: []Preset{
		{Name: "batch_tree", Source: "as commonly described: β 0.1, 16 levels; the tree is the batch's", Value: HierarchicalTriplet{Beta: 0.1, Levels: 16}, Oracle: "golden htl_batchtree"},
	},
}

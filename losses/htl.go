package losses

import "gpwbench/internal/f64"

// HierarchicalTriplet is the triplet loss with a margin for each pair of an anchor's
// class and a negative's class. The margins come from a tree of classes:
//
//	L = (1/2|T|) Σ [d_ap − d_an + α_z]₊,  α_z = β + d_{H(y_a, y_n)} − s_{y_a}
//
// s_c is the mean d² within class c, and 0 for a class of one. d_0 is the mean of s_c.
// The threshold of level l is d_l = d_0 + l(4−d_0)/L. At level l those classes merge, by
// single linkage, whose mean d² between them is smaller than d_l. H is the level at which
// two classes are first merged. The margins are constants in the gradient. An anchor that
// lacks either side has no triplet.
//
// The source is Ge et al., ECCV 2018. They build the tree from the training set once an
// epoch, as [HierarchicalTripletTree] does. Here the tree is that of the batch, so the
// loss has no state. The linkage is this project's reading of the paper.
type HierarchicalTriplet struct {
	Beta   float64 `yaml:"beta" sym:"β" in:"[0,4]" doc:"margin beyond the class's own spread"`
	Levels int     `yaml:"levels" sym:"L" in:"[1,1000]" doc:"levels of the tree"`
}

// Eval implements [Loss].
func (l HierarchicalTriplet) Eval(b *Batch, g []float64) float64 { return l.eval(b, g, l.margins) }

// eval evaluates the loss with the α_z that margins returns, one for every ordered pair
// of the batch's classes.
func (l HierarchicalTriplet) eval(b *Batch, g []float64, margins func(b *Batch, classes []int, count int) []float64) float64 {
	CheckLength(b, g)
	CheckSquare(b, "the hierarchical triplet loss")
	clear(g)

	triplets := 0
	for i := range b.m {
		k := b.to[i] - b.from[i]
		triplets += (k - 1) * (b.m - k)
	}

	if triplets == 0 {
		return 0
	}

	classes := b.ClassNumbers()
	count := classes[b.order[b.m-1]] + 1
	between := margins(b, classes, count)

	value, weight := 0.0, 1/(2*float64(triplets))
	for i := range b.m {
		a := b.Anchor(i)
		pos, slopePos, neg, slopeNeg := AnchorDistances(a)

		from, rest := 0, neg
		for _, margin := range between[classes[i]*count:][:count] {
			to := b.to[b.order[from]]
			if from != b.from[i] {
				// [d_ap − (d_an − α)]₊: the margin is taken off the negative's distance.
				for k := range rest[:to-from] {
					rest[k] -= margin
				}
				rest = rest[to-from:]
			}
			from = to
		}

		sum, _ := hinges(a, pos, neg, 0, "all")
		value += sum
		f64.Multiply(a.GPos, slopePos)
		f64.Multiply(a.GNeg, slopeNeg)
		b.Store(a, g)
	}

	f64.Scale(g, g, weight, 0)
	return weight * value
}

// margins returns α_z for every ordered pair of classes, by the tree of the batch.
func (l HierarchicalTriplet) margins(b *Batch, classes []int, count int) []float64 {
	memory := b.Scratch(2*count*count + 2*count)
	mean, memory := split(memory, count*count)
	margins, memory := split(memory, count*count)
	link, spread := split(memory, count)

	places := b.ScratchInts((3 + l.Levels) * count)
	sizes, order, parent := places[:count], places[count:2*count], places[2*count:3*count]

	clear(sizes)
	for _, c := range classes {
		sizes[c]++
	}

	clear(mean)
	for i, class := range classes {
		row, from := b.s[i*b.n:][:b.n], 0
		for e := range count {
			to, sum := b.to[b.order[from]], 0.0
			for _, j := range b.order[from:to] {
				if i != j {
					sum += max(0, 2-2*row[j])
				}
			}
			mean[class*count+e] += sum
			from = to
		}
	}

	for c := range count {
		for e := range count {
			pairs := sizes[c] * sizes[e]
			if c == e {
				pairs -= sizes[c]
			}
			mean[c*count+e] /= float64(max(1, pairs))
		}
		spread[c] = mean[c*count+c]
	}

	// S need not be symmetric to the last bit, so both orders of a pair count.
	spanningTree(order, parent, link, func(c, e int) float64 { return (mean[c*count+e] + mean[e*count+c]) / 2 })

	tree := classTree{count: count, levels: l.Levels, spread: spread, group: places[3*count:]}
	tree.grow(order, parent, link)

	for c := range count {
		for e := range count {
			margins[c*count+e] = l.Beta + tree.margin(c, e)
		}
	}

	return margins
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
	Held:     "the margins α_z, and so the tree and the spread of its classes",
	Revision: 1,
	Presets: []Preset{
		{Name: "batch_tree", Source: "as commonly described: β 0.1, 16 levels; the tree is the batch's", Form: "losses.HierarchicalTriplet", Value: HierarchicalTriplet{Beta: 0.1, Levels: 16}, Oracle: "golden htl_batchtree"},
		{Name: "training_tree", Source: "Ge et al., ECCV 2018: the tree is the training set's, grown once an epoch", Form: "losses.HierarchicalTripletTree", Value: HierarchicalTripletTree{Beta: 0.1, Levels: 16}, Traits: Stateful, Oracle: "golden htl_batchtree"},
	},
}

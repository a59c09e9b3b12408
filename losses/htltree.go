package losses

import (
	"fmt"
	"math"
	"slices"
)

// A classTree says at which level classes merge. Level l has the threshold d_l = base +
// l·step. The linkage is single: two classes are merged at a level if a chain of classes
// leads from one to the other in which the mean d² between neighbours is always below the
// threshold. At the last level all classes are merged.
type classTree struct {
	count, levels int
	base, step    float64   // base is the mean of spread
	spread        []float64 // count: s_c

	// group, levels×count and row-major, has the class that represents all those that are
	// merged with class c.
	group []int
}

// newClassTree returns the tree of a training set.
func newClassTree(c ClassMeans, levels int) *classTree {
	count := len(c.Labels)
	t := &classTree{count: count, levels: levels, spread: make([]float64, count), group: make([]int, levels*count)}
	for k := range t.spread {
		t.spread[k] = c.Within(k)
	}

	order, parent, link := make([]int, count), make([]int, count), make([]float64, count)
	spanningTree(order, parent, link, c.Between)
	t.grow(order, parent, link)
	return t
}

// grow sets base, step and group from spread and a spanning tree.
func (t *classTree) grow(order, parent []int, link []float64) {
	t.base = 0
	for _, s := range t.spread {
		t.base += s / float64(t.count)
	}

	t.step = (4 - t.base) / float64(t.levels)

	for l := range t.levels {
		group, threshold := t.group[l*t.count:][:t.count], t.base+float64(l)*t.step
		for k, c := range order {
			group[c] = c
			if k > 0 && link[c] < threshold {
				group[c] = group[parent[c]]
			}
		}
	}
}

// margin returns d_H − s_c for an anchor of class c and a negative of class e.
func (t *classTree) margin(c, e int) float64 {
	level := 0
	for level < t.levels && t.group[level*t.count+c] != t.group[level*t.count+e] {
		level++
	}
	return t.base + float64(level)*t.step - t.spread[c]
}

// spanningTree finds a minimum spanning tree of the elements 0, 1, …. order gets them in
// the order in which they join. Every element but the first joins at its parent, an
// element that joined earlier, by a link of that length.
func spanningTree(order, parent []int, link []float64, between func(a, b int) float64) {
	for k := range order {
		order[k], link[k] = k, math.Inf(1)
	}

	for k := 1; k < len(order); k++ {
		last, next := order[k-1], k
		for at, c := range order[k:] {
			if d := between(last, c); d < link[c] {
				link[c], parent[c] = d, last
			}
			if link[c] < link[order[next]] {
				next = k + at
			}
		}
		order[k], order[next] = order[next], order[k]
	}
}

// HierarchicalTripletTree is [HierarchicalTriplet] with the tree and the s_c of the whole
// training set, as in Ge et al., ECCV 2018. The tree is built before the first step and
// again once an epoch, which is as many steps as draw that many rows. Until a trainer
// calls ObserveClasses, the tree is that of the batch. That is also so where nothing is
// trained, as when weights are inspected. Every run has its own.
//
// The paper draws its batches from the tree as well: anchor classes with their nearest
// classes. That is not part of the loss. The sampler of the run draws the batches.
type HierarchicalTripletTree struct {
	Beta   float64 `yaml:"beta" sym:"β" in:"[0,4]" doc:"margin beyond the class's own spread"`
	Levels int     `yaml:"levels" sym:"L" in:"[1,1000]" doc:"levels of the tree"`
}

// New implements [Factory].
func (l HierarchicalTripletTree) New(m Miner) (Loss, error) {
	return &observingTriplet{HierarchicalTripletTree: l}, RefuseMiner(m)
}

type observingTriplet struct {
	HierarchicalTripletTree
	labels []int // of the classes of tree, ascending
	tree   *classTree
}

// ObserveClasses implements [EpochObserver].
func (l *observingTriplet) ObserveClasses(c ClassMeans) {
	l.labels, l.tree = slices.Clone(c.Labels), newClassTree(c, l.Levels)
}

// Eval implements [Loss]. It panics if a class of the batch was not among those observed.
func (l *observingTriplet) Eval(b *Batch, g []float64) float64 {
	batch := HierarchicalTriplet(l.HierarchicalTripletTree)
	if l.tree == nil {
		return batch.Eval(b, g)
	}
	return batch.eval(b, g, l.margins)
}

// margins returns α_z for every ordered pair of the classes of the batch.
func (l *observingTriplet) margins(b *Batch, classes []int, count int) []float64 {
	place := b.ScratchInts(count) // in the tree, of each class of the batch
	for i, c := range classes {
		at, ok := slices.BinarySearch(l.labels, b.candidates[i])
		if !ok {
			panic(fmt.Sprintf("losses: class %d is in the batch of the hierarchical triplet loss, and was not among the class means of the training set", b.candidates[i]))
		}
		place[c] = at
	}

	margins := b.Scratch(count * count)
	for c := range count {
		for e := range count {
			margins[c*count+e] = l.Beta + l.tree.margin(place[c], place[e])
		}
	}

	return margins
}

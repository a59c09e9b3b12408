package losses

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
	m, positives, count := b.m, 0, 0
	for i := range m {
		positives += b.to[i] - b.from[i] - 1
	}
	negatives := m*m - m - positives
	for i := range m {
		k := b.to[i] - b.from[i]
		count += (k - 1) * (negatives - 2*k*(m-k))
	}
	if count == 0 {
		return 0
	}
	q := quadruplets{Quadruplet: l, b: b, g: g, weight: 2 / float64(count)}
	largest := 0 // number of negatives that touch one class, each pair in both orders
	for i := range m {
		k := b.to[i] - b.from[i]
		largest = max(largest, 2*k*(m-k))
	}
	memory := b.scratch(3*positives + 3*negatives + 3*largest + 2)
	q.positives, memory = split(memory, positives)
	q.all.values, memory = split(memory, negatives)
	q.all.sorted, memory = split(memory, negatives)
	q.all.sums, memory = split(memory, negatives+1)
	q.class.values, memory = split(memory, largest)
	q.class.sorted, memory = split(memory, largest)
	q.class.sums, memory = split(memory, largest+1)
	places := b.counts(m*m + negatives + largest)
	q.active, places = places[:m*m], places[m*m:]
	clear(q.active)
	q.all.places, q.class.places = places[:negatives], places[negatives:]

	q.all.clear()
	unsorted := memory[:0]
	for i := range m {
		unsorted = append(unsorted, b.Anchor(i).Pos...)
		q.addRow(&q.all, i)
	}
	b.sorter.sort(q.positives, unsorted)
	q.count(&q.all, q.positives, 1)
	for from := 0; from < m; {
		class := b.order[from:b.to[b.order[from]]]
		q.addClass(class, memory)
		from += len(class)
	}
	for k, c := range q.active {
		if c != 0 {
			g[k] += q.weight * float64(c)
		}
	}
	return q.weight * q.value
}

// quadruplets sum the second term.
type quadruplets struct {
	Quadruplet
	b             *Batch
	g             []float64
	value, weight float64
	positives     []float64 // all, ascending
	all, class    negativePairs
	active        []int // of every pair of the batch that is a negative: the positives that it is active for
}

// negativePairs are similarities of negative pairs, and where each stands in S.
type negativePairs struct {
	values, sorted, sums []float64
	places               []int
}

func (n *negativePairs) clear() { n.values, n.places = n.values[:0], n.places[:0] }

func (n *negativePairs) add(s []float64, k int) {
	n.values, n.places = append(n.values, s[k]), append(n.places, k)
}

// addRow adds the negatives of anchor i.
func (q *quadruplets) addRow(n *negativePairs, i int) {
	for j, class := range q.b.anchors {
		if class != q.b.anchors[i] {
			n.add(q.b.s, i*q.b.m+j)
		}
	}
}

// addClass adds the terms of the positive pairs of a class, and takes from the negatives that touch it what they were counted too much.
func (q *quadruplets) addClass(class []int, memory []float64) {
	b, m, half := q.b, q.b.m, q.Alpha2/2
	q.class.clear()
	pairs := len(class) * (len(class) - 1)
	unsorted, positives := memory[:0], memory[pairs:2*pairs]
	for _, i := range class {
		unsorted = append(unsorted, b.Anchor(i).Pos...)
		q.addRow(&q.class, i)
		for j := range m {
			if b.anchors[j] != b.anchors[i] {
				q.class.add(b.s, j*m+i) // pairs are ordered: the column too
			}
		}
	}
	b.sorter.sort(positives, unsorted)
	q.count(&q.class, positives, -1)
	for _, i := range class {
		for _, j := range class {
			if i == j {
				continue
			}
			p := b.s[i*m+j]
			active := func(n float64) bool { return p < n+half }
			all, sum := q.all.from(active)
			own, ownSum := q.class.from(active)
			q.value += sum - ownSum + float64(all-own)*(half-p)
			q.g[i*m+j] -= q.weight * float64(all-own)
		}
	}
}

// count sorts the negatives and adds to each, times sign, how many of the ascending positives it is active for.
func (q *quadruplets) count(n *negativePairs, positives []float64, sign int) {
	n.sorted = q.b.sorter.sort(n.sorted[:len(n.values)], n.values)
	n.sums = n.sums[:len(n.values)+1]
	prefixSums(n.sums, n.sorted)
	below := 0
	for k, v := range n.sorted {
		for below < len(positives) && positives[below] < v+q.Alpha2/2 {
			below++
		}
		q.active[n.places[q.b.sorter.order[k]]] += sign * below
	}
}

// from returns how many negatives there are from where active holds on, and their sum.
func (n *negativePairs) from(active func(float64) bool) (count int, sum float64) {
	first, last := rank(n.sorted, active), len(n.sorted)
	return last - first, n.sums[last] - n.sums[first]
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

package losses

// NPairsMC is the N-pair loss as first stated. Every class gives one pair of an anchor
// and a positive, and an anchor's negatives are the positives of the other pairs:
//
//	L = (1/C) Σ_c log(1 + Σ_{c'≠c} e^{s (S_cc' − S_cc)})
//	S_cc' of the anchor of c and the positive of c'
//
// The source is Sohn, NIPS 2016 (multi-class). The pair of a class is its first anchor
// that has a positive, with its first positive, as in pytorch-metric-learning. Other rows
// have no gradient. With fewer than two classes that have a pair, L = 0. Sohn has inner
// products of unnormalised vectors and a penalty on their norms. Here they are unit
// vectors.
type NPairsMC struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities, an inverse temperature"`
}

// Eval implements [Loss].
func (l NPairsMC) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	clear(g)

	anchors, positives := onePerClass(b)
	count := float64(len(anchors))
	logits := b.Scratch(len(anchors))

	value := 0.0
	for c, i := range anchors {
		row := g[i*b.n : (i+1)*b.n]
		others := logits[:0]
		for e, j := range positives {
			if e != c {
				others = append(others, l.Scale*(b.S(i, j)-b.S(i, positives[c])))
			}
		}

		value += Log1pSumExp(others) / count

		for e, j := range positives {
			switch {
			case e < c:
				row[j] += l.Scale * others[e] / count
				row[positives[c]] -= l.Scale * others[e] / count
			case e > c:
				row[j] += l.Scale * others[e-1] / count
				row[positives[c]] -= l.Scale * others[e-1] / count
			}
		}
	}
	return value
}

// NPairsOVO is [NPairsMC] with one comparison for every other class instead of one
// comparison for all of them:
//
//	L = (1/C) Σ_c Σ_{c'≠c} log(1 + e^{s (S_cc' − S_cc)})
//
// The source is Sohn, NIPS 2016 (one-vs-one).
type NPairsOVO struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities, an inverse temperature"`
}

// Eval implements [Loss].
func (l NPairsOVO) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	clear(g)

	anchors, positives := onePerClass(b)
	count := float64(len(anchors))

	value := 0.0
	for c, i := range anchors {
		own := positives[c]
		for e, j := range positives {
			if e == c {
				continue
			}

			z := l.Scale * (b.S(i, j) - b.S(i, own))
			term, share := SoftplusSlope(z)
			value += term / count

			w := l.Scale * share / count
			g[i*b.n+j] += w
			g[i*b.n+own] -= w
		}
	}
	return value
}

// SelectRows implements [PairSelector].
func (l NPairsMC) SelectRows(anchors, candidates, labels []int) (a, c []int) {
	return selectPairs(anchors, candidates, labels)
}

// SelectRows implements [PairSelector].
func (l NPairsOVO) SelectRows(anchors, candidates, labels []int) (a, c []int) {
	return selectPairs(anchors, candidates, labels)
}

// selectPairs appends the pairs that onePerClass finds if classes ascend, which are the
// first two rows of each class.
func selectPairs(anchors, candidates, labels []int) (a, c []int) {
	for i := 1; i < len(labels); i++ {
		if labels[i] == labels[i-1] && (i == 1 || labels[i] != labels[i-2]) {
			anchors, candidates = append(anchors, i-1), append(candidates, i)
		}
	}
	return anchors, candidates
}

// onePerClass returns, for every class that has a pair, its first anchor with a positive
// and that anchor's first positive.
func onePerClass(b *Batch) (anchors, positives []int) {
	memory := b.ScratchInts(3 * max(b.m, b.n))
	third := len(memory) / 3
	anchors, positives = memory[:0:third], memory[third:third:2*third]
	taken := memory[2*third:] // indexed by the place where the class starts
	clear(taken)

	for i := range b.m {
		if b.from[i] == b.to[i] || taken[b.from[i]] != 0 {
			continue
		}
		for _, j := range b.order[b.from[i]:b.to[i]] {
			if j != b.self[i] {
				anchors, positives = append(anchors, i), append(positives, j)
				taken[b.from[i]] = 1
				break
			}
		}
	}
	return anchors, positives
}

var npairsMC = Spec{
	Name:     "npairs_mc",
	Title:    "N-pair-mc",
	Cite:     "Sohn, NIPS 2016",
	Year:     2016,
	Family:   Tuples,
	Formula:  "L = (1/C) Σ_c log(1 + Σ_{c'≠c} e^{s (S_cc' − S_cc)})",
	Traits:   OrderDependent,
	Revision: 2,
	Presets: []Preset{
		{Name: "one_per_class", Source: "Sohn, NIPS 2016, on unit vectors, the first pair of a class", Form: "losses.NPairsMC", Value: NPairsMC{Scale: 1}, Oracle: "golden npair_mc_1perclass"},
		{Name: "ovo", Source: "Sohn, NIPS 2016 (one-vs-one), on unit vectors, the first pair of a class", Form: "losses.NPairsOVO", Value: NPairsOVO{Scale: 1}, Oracle: "golden npair_ovo_1perclass"},
	},
}

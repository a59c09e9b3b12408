package probe

import (
	"math"
	"math/rand/v2"

	"gpwbench/gpw"
)

// A probeBatch is a batch of similarities drawn for a probe, with the anchor whose pairs
// are read. It is not the Gram matrix of any vectors. Its entries are independent, as in
// the derivative ∂L/∂S_ij.
type probeBatch struct {
	labels []int
	s      []float64 // row-major; the diagonal is 1
	anchor int       // has a positive
}

// probeShapes are the class sizes of the batches, in turn. The small ones are for hinges
// over a whole anchor, such as that of lifted structure: with many pairs they are always
// open. The large ones are for losses that choose few pairs out of many.
var probeShapes = [][]int{{4, 4, 4, 4}, {3, 3, 3, 2}, {4, 4, 4, 4}, {3, 2, 1}, {2, 1}}

// largestSimilarity bounds the magnitude of a probe's similarities. Nearer to ±1
// distances have no slope, and below it nothing is clipped.
const largestSimilarity = 0.95

// drawBatch draws a batch. Positives and negatives have their own centres and a small or
// a large spread. The centres are drawn too: anywhere, near each other, both high, or
// apart with the positives above.
func drawBatch(r *rand.Rand, shape []int) *probeBatch {
	p := &probeBatch{labels: labelsOf(shape)}
	n := len(p.labels)
	p.s = make([]float64, n*n)
	spread := math.Exp(uniform(r, math.Log(0.01), math.Log(0.4)))
	edge := largestSimilarity - spread
	pos, neg := uniform(r, -edge, edge), uniform(r, -edge, edge)
	switch r.IntN(4) {
	case 0: // where margins and orders change
		pos = uniform(r, max(-edge, neg-spread), min(edge, neg+spread))
	case 1: // where a large λ begins
		neg = uniform(r, edge/2, edge)
		pos = uniform(r, edge/2, edge)
	case 2: // where hinges close
		neg = uniform(r, -edge, 0)
		pos = uniform(r, edge/2, edge)
	}

	for i := range n {
		for j := range n {
			centre := neg
			if p.labels[i] == p.labels[j] {
				centre = pos
			}
			p.s[i*n+j] = dyadic(uniform(r, centre-spread, centre+spread))
		}
		p.s[i*n+i] = 1
	}

	for p.anchor = r.IntN(n); !p.hasPositive(p.anchor); {
		p.anchor = r.IntN(n)
	}
	return p
}

func (p *probeBatch) hasPositive(i int) bool {
	for j, y := range p.labels {
		if j != i && y == p.labels[i] {
			return true
		}
	}
	return false
}

// move returns the similarities with one part moved, and the columns of the anchor's row
// that moved. Of negatives, or positives, all move or about half; the others can then be
// read. All entries move by the same amount, or each by its own.
func (p *probeBatch) move(r *rand.Rand, g gpw.Axis) (s []float64, moved []bool) {
	n := len(p.labels)
	s, moved = append([]float64(nil), p.s...), make([]bool, n)
	var cells []int
	half := r.IntN(2) == 0
	for i := range n {
		for j := range n {
			switch {
			case i == j || (i == p.anchor) == (g == gpw.X):
				continue
			case g == gpw.N && p.labels[j] == p.labels[i], g == gpw.P && p.labels[j] != p.labels[i]:
				continue
			case (g == gpw.N || g == gpw.P) && half && r.IntN(2) == 0:
				continue
			}

			cells = append(cells, i*n+j)
			moved[j] = moved[j] || i == p.anchor
		}
	}

	fraction := math.Pow(10, -uniform(r, 0, 2)) // of the distance to the bound
	if g == gpw.S || r.IntN(2) == 0 {
		low, high := math.Inf(1), math.Inf(-1)
		for _, k := range cells {
			low, high = min(low, s[k]), max(high, s[k])
		}

		by := step(r, low, high, fraction)
		for _, k := range cells {
			s[k] += by
		}
		return s, moved
	}

	for _, k := range cells {
		s[k] += step(r, s[k], s[k], fraction)
	}
	return s, moved
}

// step returns an amount, up or down, by which values between low and high move: the
// given fraction of the distance to the bound.
func step(r *rand.Rand, low, high, fraction float64) float64 {
	if r.IntN(2) == 0 {
		return dyadic(fraction * (largestSimilarity - high))
	}
	return dyadic(fraction * (-largestSimilarity - low))
}

func labelsOf(shape []int) []int {
	var labels []int
	for class, size := range shape {
		for range size {
			labels = append(labels, class)
		}
	}
	return labels
}

func uniform(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// dyadic rounds towards 0 to a multiple of 2⁻²⁰. Sums and differences of such numbers
// below 1 are exact.
func dyadic(v float64) float64 { return math.Trunc(v*(1<<20)) / (1 << 20) }

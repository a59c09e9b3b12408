package losstest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/losses"
)

// A sample is the input of a Batch, with the unit vectors of its similarities if there
// are any.
type sample struct {
	x                   [][]float64
	s                   []float64 // row-major
	means, others       []float64 // scaled means of anchors, of candidates; nil for zeros
	anchors, candidates []int
	self                []int // nil in a square sample
	isSquare            bool
}

// embedded draws a unit vector in four dimensions for each label, around a centre for
// each class. The similarities cover most of [−1, 1] and classes overlap. Off the
// diagonal |S| is at most 0.98, so that finite differences neither leave the interval nor
// divide by d = 0.
func embedded(rng *rand.Rand, labels []int) sample {
	spread := 0.4 + rng.Float64()
	for {
		centres := map[int][]float64{}
		x := make([][]float64, len(labels))
		for i, y := range labels {
			if centres[y] == nil {
				centres[y] = gaussian(rng, 4)
			}
			x[i] = gaussian(rng, 4)
			for k := range x[i] {
				x[i][k] = centres[y][k] + spread*x[i][k]
			}
			normalise(x[i])
		}

		if e := (sample{anchors: labels, candidates: labels, isSquare: true}).of(x); gentle(e.s, len(labels)) {
			return e
		}

		spread *= 1.1
	}
}

// of returns the square sample with these unit vectors.
func (x sample) of(vectors [][]float64) sample {
	x.x, x.s, x.means = vectors, similarities(vectors), nil
	for _, v := range vectors {
		x.means = append(x.means, losses.ScaledMean(v))
	}
	x.others = slices.Clone(x.means)
	return x
}

// mixed draws a square sample of three classes of two to four members and one class of
// one, in random order.
func mixed(rng *rand.Rand) sample {
	labels := []int{7}
	for class := range 3 {
		for range 2 + rng.IntN(3) {
			labels = append(labels, class)
		}
	}

	rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	return embedded(rng, labels)
}

// cross draws a rectangular sample. The anchors are a few of the candidates, and one that
// is not among them.
func cross(rng *rand.Rand) sample {
	all := mixed(rng)
	m, n := len(all.anchors)-4, len(all.anchors)-1
	c := sample{anchors: all.anchors[:m:m], candidates: all.anchors[:n:n], means: all.means[:m:m], others: all.means[:n:n]}
	c.anchors, c.means = append(c.anchors, all.anchors[n]), append(c.means, all.means[n])

	for i := range c.anchors {
		row, self := i, i
		if i == m {
			row, self = n, -1
		}

		c.self = append(c.self, self)
		c.s = append(c.s, all.s[row*len(all.anchors):row*len(all.anchors)+n]...)
	}

	return c
}

// filled returns a square sample whose similarities are at(i, j) off the diagonal and 1
// on it.
func filled(labels []int, at func(i, j int) float64) sample {
	var s []float64
	for i := range labels {
		for j := range labels {
			if i == j {
				s = append(s, 1)
			} else {
				s = append(s, at(i, j))
			}
		}
	}

	return sample{s: s, anchors: labels, candidates: labels, isSquare: true}
}

// batch makes the Batch of x. A sample is valid by construction, so an error is a bug
// of this package.
func (x sample) batch() *losses.Batch {
	b := x.bare()
	if x.means == nil {
		x.means, x.others = make([]float64, len(x.anchors)), make([]float64, len(x.candidates))
	}
	b.SetMeans(x.means, x.others)
	return b
}

// bare makes the Batch without the means of the vectors.
func (x sample) bare() *losses.Batch {
	b, err := losses.NewCross(x.s, x.anchors, x.candidates, x.self)
	if x.isSquare {
		b, err = losses.NewBatch(x.s, x.anchors)
	}
	if err != nil {
		panic(fmt.Sprintf("losstest: %v", err))
	}
	return b
}

// isSelf reports whether candidate j is anchor i.
func (x sample) isSelf(i, j int) bool {
	return x.isSquare && i == j || x.self != nil && x.self[i] == j
}

// eval evaluates the loss into a gradient prefilled with NaN.
func eval(l losses.Loss, x sample) (value float64, g []float64) {
	g = make([]float64, len(x.s))
	for k := range g {
		g[k] = math.NaN()
	}
	return l.Eval(x.batch(), g), g
}

func gaussian(rng *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for k := range v {
		v[k] = rng.NormFloat64()
	}
	return v
}

func normalise(v []float64) {
	norm := math.Sqrt(dot(v, v))
	for k := range v {
		v[k] /= norm
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for k := range a {
		sum += a[k] * b[k]
	}
	return sum
}

func similarities(x [][]float64) []float64 {
	s := make([]float64, 0, len(x)*len(x))
	for _, a := range x {
		for _, b := range x {
			s = append(s, losses.Cosine(a, b))
		}
	}
	return s
}

// gentle reports whether all |S| off the diagonal are at most 0.98.
func gentle(s []float64, m int) bool {
	for k, v := range s {
		if k/m != k%m && math.Abs(v) > 0.98 {
			return false
		}
	}
	return true
}

func isFinite(v float64) bool { return !math.IsNaN(v - v) }

func largest(g []float64) float64 {
	top := 0.0
	for _, v := range g {
		top = max(top, math.Abs(v))
	}
	return top
}

// near reports whether two evaluations of the same quantity agree up to the rounding of
// another order of summation.
func near(a, b, scale float64) bool { return math.Abs(a-b) <= 1e-10*max(scale, 1e-3) }

// differ returns the first index at which two gradients disagree, or -1.
func differ(a, b []float64) int {
	scale := max(largest(a), largest(b))
	for k := range a {
		if !near(a[k], b[k], scale) {
			return k
		}
	}
	return -1
}

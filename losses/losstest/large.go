package losstest

import (
	"math"
	"math/rand/v2"

	"gpwbench/losses"
)

// sampleManyPositives draws a square sample with a class of forty. Losses may sum over
// many positives of an anchor in another way than over a few.
func sampleManyPositives(rng *rand.Rand) sample {
	var labels []int
	for class, members := range []int{40, 12, 5, 1} {
		for range members {
			labels = append(labels, class)
		}
	}
	rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })

	centres := [4][]float64{}
	for class := range centres {
		centres[class] = gaussian(rng, 16)
	}

	x := make([][]float64, len(labels))
	for i, class := range labels {
		x[i] = gaussian(rng, 16)
		for k := range x[i] {
			x[i][k] += centres[class][k]
		}
		normalise(x[i])
	}

	return sample{x: x, s: similarities(x), anchors: labels, candidates: labels, isSquare: true}
}

// largeClasses checks that L and G are finite with a class of forty, and that G is the
// slope of L along moves of a few similarities at once.
func (c *checker) largeClasses() verdict {
	const moves = 2
	checked := 0
	for range moves {
		x := sampleManyPositives(c.rng)
		if v := c.finiteOn(x); v.status == Fail {
			return v
		}
		if c.has(losses.Detached) || c.random() {
			continue
		}

		slope, difference, tolerance, smooth := along(c.loss, x, c.rng)
		if !smooth {
			continue
		}

		if checked++; math.Abs(slope-difference) > tolerance {
			return fail("along a random move G has the slope %v, finite differences %v (classes %v)", slope, difference, x.anchors)
		}
	}

	if checked == 0 {
		return pass("finite for a class of forty")
	}
	return pass("finite for a class of forty, and G the slope of L in %d of %d moves, the others near a kink", checked, moves)
}

// along moves a few similarities at once. It returns the slope by G and by finite
// differences, and whether two steps agree.
func along(l losses.Loss, x sample, rng *rand.Rand) (slope, difference, tolerance float64, smooth bool) {
	value, g := eval(l, x)
	m, move := len(x.anchors), map[int]float64{}
	size := 0.0
	for len(move) < 24 {
		if i, j := rng.IntN(m), rng.IntN(m); i != j {
			move[i*m+j] = 0
		}
	}

	from := make(map[int]float64, len(move))
	for k := range m * m { // in a fixed order
		if _, ok := move[k]; !ok {
			continue
		}
		from[k], move[k] = x.s[k], 2*rng.Float64()-1
		slope += g[k] * move[k]
		size += math.Abs(g[k] * move[k])
	}

	b, unused := x.batch(), make([]float64, len(x.s))
	at := func(step float64) float64 {
		for k, v := range move {
			x.s[k] = from[k] + step*v // the Batch keeps the slice
		}
		return l.Eval(b, unused)
	}

	for _, h := range []float64{1e-4, 1e-5} {
		one, half := at(h)-at(-h), at(h/2)-at(-h/2)
		coarse := (8*one - (at(2*h) - at(-2*h))) / (12 * h)
		difference = (8*half - one) / (6 * h)
		tolerance = (1e-6*size + 2e-11*(1+math.Abs(value))) * 1e-4 / h
		if math.Abs(coarse-difference) <= tolerance {
			return slope, difference, 2 * tolerance, true
		}
	}
	return 0, 0, 0, false
}

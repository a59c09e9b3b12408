package losstest

import (
	"math"

	"gpwbench/losses"
)

// differences checks by fourth-order central differences that G is the derivative of L by
// every entry of S, wherever L is smooth. For a loss that is given by its weights, G is
// the derivative with the weights held constant, which is so if L = ΣG·S.
func (c *checker) differences() verdict {
	if c.has(losses.WeightDefined) {
		return c.frozen()
	}
	if c.has(losses.Detached) {
		return skip("part of the formula is held constant, so G is not the derivative of L; its frozen form must be held against G")
	}
	if c.random() {
		return skip("the miner draws other pairs whenever S changes")
	}

	checked, of, worst := 0, 0, 0.0
	for _, x := range c.differenceSamples() {
		d := compare(c.loss, x)
		if d.wrong >= 0 {
			i, j := d.wrong/len(x.candidates), d.wrong%len(x.candidates)
			return fail("anchor %d, candidate %d, S = %v: G = %v, finite difference %v (classes %v)", i, j, x.s[d.wrong], d.g, d.difference, x.anchors)
		}
		checked, of, worst = checked+d.checked, of+d.of, max(worst, d.worst)
	}

	if 4*checked < of {
		return skip("L is smooth near %d of %d entries only", checked, of)
	}

	return pass("%d of %d entries, the others near a kink; largest difference %.1g", checked, of, worst)
}

// frozen checks that the value of a loss that is given by its weights is ΣG·S.
func (c *checker) frozen() verdict {
	const batches = 20
	worst := 0.0
	for range batches / 2 {
		for _, x := range c.differenceSamples() {
			value, g := eval(c.loss, x)
			sum, size := 0.0, 0.0
			for k, v := range g {
				sum += v * x.s[k]
				size += math.Abs(v * x.s[k])
			}

			diff := math.Abs(value - sum)
			if !(diff <= 1e-12*size) {
				return fail("L = %v, and ΣG·S = %v (classes %v)", value, sum, x.anchors)
			}
			worst = max(worst, diff)
		}
	}
	return pass("given by its weights: L = ΣG·S on %d batches, largest difference %.1g, so that G is its slope with the weights held constant", batches, worst)
}

func (c *checker) differenceSamples() []sample {
	if c.square() {
		return []sample{mixed(c.rng), mixed(c.rng)}
	}
	return []sample{mixed(c.rng), cross(c.rng)}
}

// A comparison is the result of comparing G with finite differences on one sample.
type comparison struct {
	checked, of   int     // entries compared, and entries
	worst         float64 // largest disagreement
	wrong         int     // an entry that disagrees, or -1
	g, difference float64 // of the entry that disagrees
}

// compare moves one similarity after the other. An entry is compared if two steps give
// the same difference. They do not if a kink or a jump is near. That depends on L alone,
// so a wrong G is never skipped.
func compare(l losses.Loss, x sample) comparison {
	value, g := eval(l, x)
	b, unused := x.batch(), make([]float64, len(x.s))
	tolerance := 1e-6*largest(g) + 2e-11*(1+math.Abs(value))

	d := comparison{wrong: -1}
	for k, s := range x.s {
		if x.isSelf(k/len(x.candidates), k%len(x.candidates)) {
			continue
		}

		d.of++
		at := func(step float64) float64 {
			x.s[k] = s + step // the Batch keeps the slice
			return l.Eval(b, unused)
		}

		for _, h := range []float64{1e-4, 1e-5} {
			up, down, upHalf, downHalf := at(h), at(-h), at(h/2), at(-h/2)
			one, half := up-down, upHalf-downHalf
			coarse := (8*one - (at(2*h) - at(-2*h))) / (12 * h)
			fine := (8*half - one) / (6 * h)
			if !(math.Abs(coarse-fine) <= tolerance*1e-4/h) { // rounding grows as 1/h
				continue
			}

			// At a kink at S itself, where similarities tie, every step gives the mean of
			// two slopes. The difference of the slopes on either side then stays the same
			// as the step shrinks. A curvature would halve it.
			bend, bendHalf := math.Abs(up+down-2*value)/h, math.Abs(upHalf+downHalf-2*value)/(h/2)
			if bendHalf > 0.75*bend && bendHalf > 10*tolerance*1e-4/h {
				continue
			}

			d.checked++
			diff := math.Abs(fine - g[k])
			if diff > 2*tolerance*1e-4/h && d.wrong < 0 {
				d.wrong, d.g, d.difference = k, g[k], fine
			}

			d.worst = max(d.worst, diff)
			break
		}
		x.s[k] = s
	}
	return d
}

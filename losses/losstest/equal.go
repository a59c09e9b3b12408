package losstest

import (
	"math"
	"math/rand/v2"
)

// equalRows checks two things about equal rows. The result does not depend on the order
// of the columns, which changes the rounding of all other similarities. And a pair of
// equal rows weighs no more than a pair at a small distance. Where a weight has no bound
// as the distance goes to 0, it is 0 at distance 0.
func (c *checker) equalRows() verdict {
	for _, labels := range [][]int{
		{0, 1, 0, 1, 2, 2, 0, 2}, // copies within classes and across
		{0, 0, 0, 1, 1, 1, 2, 2}, // and classes that are filled by copies
	} {
		for range 3 {
			if v := c.inAnyOrder(copied(c.rng, labels)); v.status == Fail {
				return v
			}
		}
	}

	for _, label := range []int{0, 1} {
		for range 3 {
			if v := c.nextTo(embedded(c.rng, []int{0, 1, 0, 1, 2, label})); v.status == Fail {
				return v
			}
		}
	}

	if c.random() {
		return pass("finite at S = 1 and −1; the miner draws other pairs whenever S changes")
	}
	return pass("L and G in any order of the columns, the same pairs with weight, none at S = 1 heavier than next to it")
}

// copied draws eight rows of three images and the opposite of the first. Rows 0 to 2 are
// one image, 3 and 4 the second, 5 and 6 the third.
func copied(rng *rand.Rand, labels []int) sample {
	images := embedded(rng, []int{0, 1, 2}).x
	opposite := make([]float64, len(images[0]))
	for k, v := range images[0] {
		opposite[k] = -v
	}
	of := [][]float64{images[0], images[0], images[0], images[1], images[1], images[2], images[2], opposite}
	return sample{anchors: labels, candidates: labels, isSquare: true}.of(of)
}

// inAnyOrder evaluates the batch with its columns in other orders.
func (c *checker) inAnyOrder(x sample) verdict {
	value, g := eval(c.loss, x)
	for range 4 {
		order := c.rng.Perm(len(x.x[0]))
		vectors := make([][]float64, len(x.x))
		for i, row := range x.x {
			for _, k := range order {
				vectors[i] = append(vectors[i], row[k])
			}
		}

		y := x.of(vectors)
		if v := c.finiteOn(y); v.status == Fail || c.random() {
			return v
		}

		value2, h := eval(c.loss, y)
		if v := sameResult(value, value2, g, h, "with the columns in another order"); v.status == Fail {
			return v
		}

		for k := range g {
			if (g[k] == 0) != (h[k] == 0) {
				return fail("G is %v, and %v with the columns in another order, S = %v, classes %v", g[k], h[k], x.s[k], x.anchors)
			}
		}
	}
	return verdict{}
}

// nextTo compares the weight of the pair (0, 5) at S = 1 with that at a distance of 0.01.
func (c *checker) nextTo(x sample) verdict {
	weight := func(s float64) (w, all float64) {
		x.s[5], x.s[30] = s, s // 0, 5 and 5, 0 of 6×6
		_, g := eval(c.loss, x)
		return max(math.Abs(g[5]), math.Abs(g[30])), largest(g)
	}

	x.x[5] = x.x[0]
	x = x.of(x.x)

	near, all := weight(1 - 0x1p-14)
	at, _ := weight(1)
	if !(at <= 1.1*near+1e-6*all) && !c.random() {
		return fail("at S = 1 the pair of anchor 0 and candidate 5 weighs %v, and %v at S = 1 − 2⁻¹⁴ (classes %v)", at, near, x.anchors)
	}
	return c.finiteOn(x)
}

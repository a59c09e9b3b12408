package losstest

import (
	"math"
	"slices"

	"gpwbench/losses"
)

// trait compares a declared trait with what was observed. seen says what was observed,
// and is "" if nothing was. A trait belongs to a loss, and not every parameter set shows
// it. So what is observed must be declared. A trait that is declared and not observed is
// reported as not applicable. The test of a catalogue may demand that one preset of the
// loss shows it.
func (c *checker) trait(t losses.Traits, seen, unseen string) verdict {
	switch {
	case seen != "" && !c.has(t):
		return fail("not declared, but %s", seen)
	case seen != "":
		return pass("declared: %s", seen)
	case c.has(t):
		return skip("declared, and with these parameters %s", unseen)
	}
	return pass("%s", unseen)
}

// detached checks the converse of "finite differences".
func (c *checker) detached() verdict {
	if !c.has(losses.Detached) {
		return pass("see finite differences")
	}

	seen := ""
	for _, x := range c.differenceSamples() {
		if compare(c.loss, x).wrong >= 0 {
			seen = "G is not the derivative of L"
		}
	}

	return c.trait(losses.Detached, seen, "G is the derivative of L")
}

// signChanging looks for a positive with G > 0 or a negative with G < 0.
func (c *checker) signChanging() verdict {
	const batches = 40
	seen := ""
	for range batches {
		x := mixed(c.rng)
		_, g := eval(c.loss, x)

		b, noise := x.batch(), 1e-9*largest(g)
		for k, v := range g {
			i, j := k/len(x.anchors), k%len(x.anchors)
			if b.IsPositive(i, j) && v > noise {
				seen = "a positive has G > 0"
			}
			if b.IsNegative(i, j) && v < -noise {
				seen = "a negative has G < 0"
			}
		}
	}

	return c.trait(losses.SignChanging, seen, "no sign changes in 40 batches")
}

// batchCoupled checks whether a row's G depends on another row's S.
func (c *checker) batchCoupled() verdict {
	if _, ok := c.choice.Miner.(losses.BatchMiner); ok {
		return skip("the miner looks at the whole batch")
	}
	if c.random() {
		return skip("the miner draws other pairs whenever S changes")
	}

	coupled, _ := c.influence()
	seen := ""
	if coupled {
		seen = "a row's G moves with another row's S"
	}

	return c.trait(losses.BatchCoupled, seen, "no row's G depends on another row's S")
}

// countDivisor checks whether a row's G is scaled as another row's terms become active.
func (c *checker) countDivisor() verdict {
	coupled, divisor := c.influence()
	if coupled {
		return skip("rows are coupled, so a divisor cannot be told from that")
	}

	seen := ""
	if divisor {
		seen = "a row's G is scaled as another row's terms become active"
	}

	if divisor && !c.has(losses.CountDivisor) && c.choice.Miner != nil {
		return skip("the divisor counts the pairs that the miner keeps")
	}

	return c.trait(losses.CountDivisor, seen, "the divisor is the same for all S")
}

// influence changes one row of S and compares the G of the other rows. A slight change
// moves them only if they are coupled. A large one may also change a divisor, which then
// scales all positives, or all negatives, by one factor. Any other change is coupling.
func (c *checker) influence() (coupled, divisor bool) {
	for range 20 {
		x := mixed(c.rng)
		m := len(x.anchors)
		row := c.rng.IntN(m)

		slight, large := x, x
		slight.s, large.s = slices.Clone(x.s), slices.Clone(x.s)
		for j := range m {
			slight.s[row*m+j] += 1e-6 * (2*c.rng.Float64() - 1)
			large.s[row*m+j] = 1.8*c.rng.Float64() - 0.9
		}

		_, g := eval(c.loss, x)
		_, gSlight := eval(c.loss, slight)
		_, gLarge := eval(c.loss, large)

		b := x.batch()
		for _, positives := range []bool{true, false} {
			var before, nudged, after []float64
			for k := range g {
				i, j := k/m, k%m
				if i != row && i != j && b.IsPositive(i, j) == positives {
					before, nudged, after = append(before, g[k]), append(nudged, gSlight[k]), append(after, gLarge[k])
				}
			}

			factor, proportional := ratio(before, after)
			same, ok := ratio(before, nudged)
			coupled = coupled || !proportional || !ok || same != 1
			divisor = divisor || proportional && factor != 1
		}
	}
	return coupled, divisor
}

// ratio returns c such that b = c·a up to rounding, and whether there is one. Two zeros
// have ratio 1.
func ratio(a, b []float64) (c float64, ok bool) {
	top := 0
	for k := range a {
		if math.Abs(a[k]) > math.Abs(a[top]) {
			top = k
		}
	}

	if len(a) == 0 || a[top] == 0 {
		return 1, largest(b) == 0
	}

	c = b[top] / a[top]
	if math.Abs(c-1) < 1e-12 {
		c = 1
	}

	for k := range a {
		if math.Abs(b[k]-c*a[k]) > 1e-12*math.Abs(b[top]) {
			return c, false
		}
	}
	return c, true
}

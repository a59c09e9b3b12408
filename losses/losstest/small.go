package losstest

import (
	"math"
	"math/rand/v2"

	"gpwbench/losses"
)

// small checks batches of classes that are far apart, with each scale and temperature
// from 1e-3 to 1e3. L and G are finite, and a small L keeps its digits: however small
// both are, L changes by what G says. A difference of large numbers, or log(1+x) of a
// small x, would stay constant or jump.
func (c *checker) small() verdict {
	checked, least := 0, math.Inf(1)
	for _, choice := range c.scales() {
		l, err := choice.Loss()
		if err != nil {
			return fail("%v", err)
		}
		if c.has(losses.Stateful) {
			l = fresh{choice}
		}

		// With several positives of an anchor some losses are never small.
		for _, labels := range [][]int{{0, 1, 0, 2, 1, 0, 3}, {0, 1, 0, 1, 2, 2}} {
			x := apart(c.rng, labels)
			if v := (&checker{choice: choice, loss: l, rng: c.rng}).finiteOn(x); v.status == Fail {
				return fail("%s: %s", choice.Caption(), v.why)
			}

			if c.has(losses.WeightDefined) || c.has(losses.Detached) || c.random() {
				continue
			}
			of := kept(l, x)
			if of.wrong >= 0 {
				i, j := of.wrong/len(x.candidates), of.wrong%len(x.candidates)
				return fail("%s: L = %v, and G = %v of anchor %d and candidate %d, where finite differences say %v: L has lost its digits",
					choice.Caption(), of.value, of.g, i, j, of.difference)
			}

			if checked += of.checked; of.checked > 0 {
				least = min(least, math.Abs(of.value))
			}
		}
	}

	if checked == 0 {
		return pass("finite with all scales from 1e-3 to 1e3")
	}
	return pass("finite with all scales from 1e-3 to 1e3; %d entries of G are slopes of an L down to %.1g", checked, least)
}

// scales returns the choice as it is, and with several values from 1e-3 to 1e3 of each
// parameter that has no upper bound.
func (c *checker) scales() []losses.Choice {
	all := []losses.Choice{c.choice}
	for _, p := range losses.Parameters(c.choice.Value) {
		if _, real := p.Value.(float64); !real || !math.IsInf(p.Domain.High, 1) {
			continue
		}

		for _, v := range []float64{1e-3, 0.03, 30, 1e3} {
			changed := c.choice
			var err error
			if changed.Value, err = losses.With(c.choice.Value, p.Name, v); err == nil {
				all = append(all, changed)
			}
		}
	}
	return all
}

// apart returns a square sample with the similarities of positives near 1 and those of
// negatives near −1. No two are equal.
func apart(rng *rand.Rand, labels []int) sample {
	return filled(labels, func(i, j int) float64 {
		if labels[i] == labels[j] {
			return 0.99 + 0.005*rng.Float64()
		}
		return -0.9 - 0.05*rng.Float64()
	})
}

// A smallComparison is the result of comparing G with finite differences where L is
// small.
type smallComparison struct {
	value         float64
	checked       int
	wrong         int // an entry that disagrees, or -1
	g, difference float64
}

// kept compares the entries of G that are large enough for L: a step changes L by 1e-10
// of itself or more. Near a kink two steps disagree, and the entry is not compared.
func kept(l losses.Loss, x sample) smallComparison {
	const h = 1e-6
	value, g := eval(l, x)
	c := smallComparison{value: value, wrong: -1}
	if math.Abs(value) > 1e-6 {
		return c // differences and compare check it
	}

	b, unused := x.batch(), make([]float64, len(x.s))
	for k, s := range x.s {
		if x.isSelf(k/len(x.candidates), k%len(x.candidates)) || !(math.Abs(g[k])*h > max(1e-10*math.Abs(value), 1e-290)) {
			continue
		}

		at := func(step float64) float64 {
			x.s[k] = s + step // the Batch keeps the slice
			return l.Eval(b, unused)
		}

		coarse, fine := (at(h)-at(-h))/(2*h), (at(h/2)-at(-h/2))/h
		x.s[k] = s
		if math.Abs(coarse-fine) > 1e-4*math.Abs(fine) {
			continue
		}

		c.checked++
		if !(math.Abs(fine-g[k]) <= 1e-3*math.Abs(g[k])) && c.wrong < 0 {
			c.wrong, c.g, c.difference = k, g[k], fine
		}
	}
	return c
}

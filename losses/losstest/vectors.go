package losstest

import (
	"math"
	"slices"
	"strings"

	"gpwbench/losses"
)

// vectors checks that a loss that reads the means of the vectors panics with a message
// that says so if they are missing. It checks the loss's derivatives by the means with
// fourth-order differences of L. Any other loss must not need the means.
func (c *checker) vectors() verdict {
	x := mixed(c.rng)
	message := panics(func() { c.loss.Eval(x.bare(), make([]float64, len(x.s))) })
	switch {
	case !c.has(losses.ReadsVectorMeans) && message != "":
		return fail("not declared, but without the means of the vectors it panics: %s", message)
	case !c.has(losses.ReadsVectorMeans):
		return pass("S and the classes are all that it reads")
	case !strings.Contains(message, "SetMeans"):
		return fail("declared, but without the means of the vectors its panic is %q, which should name SetMeans", message)
	}

	checked, of := 0, 0
	for _, x := range c.differenceSamples() {
		b := x.batch()
		c.loss.Eval(b, make([]float64, len(x.s)))
		byAnchors, byCandidates := b.MeansGradient()

		for _, side := range []struct{ means, slopes []float64 }{{x.means, slices.Clone(byAnchors)}, {x.others, slices.Clone(byCandidates)}} {
			for k, slope := range side.slopes {
				of++
				d, smooth := derivative(c.loss, x, &side.means[k])
				if !smooth {
					continue
				}
				checked++
				if math.Abs(d-slope) > 1e-6*(1+math.Abs(d)) {
					return fail("∂L by the mean of vector %d is %v, finite difference %v", k, slope, d)
				}
			}
		}
	}

	if 2*checked < of {
		return skip("declared, and L is smooth near %d of %d means only", checked, of)
	}
	return pass("declared: %d of %d derivatives by the means, the others near a kink", checked, of)
}

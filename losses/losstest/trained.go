package losstest

import (
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/losses"
)

// trained checks that the parameters of a Trainable loss start with the values that the
// loss has without InitParameters. It also checks, by fourth-order differences at the
// start and elsewhere, that their gradient is the derivative of L.
func (c *checker) trained() verdict {
	loss, ok := c.loss.(losses.Trainable)
	if !ok {
		return skip("the loss has no parameters to train")
	}

	checked, of := 0, 0
	for trial := range 6 {
		x := mixed(c.rng)
		value, _ := eval(loss, x)

		own := c.anew()
		learned := own.InitParameters(slices.Compact(slices.Sorted(slices.Values(x.anchors))))
		n := len(learned.Theta)
		if len(learned.Names) != n || len(learned.Gradient) != n || n == 0 || !(learned.Rate > 0) {
			return fail("%d parameters with %d names and %d derivatives, at the rate %v", n, len(learned.Names), len(learned.Gradient), learned.Rate)
		}

		if start, _ := eval(own, x); !near(start, value, max(1, math.Abs(value))) {
			return fail("L is %v, and %v once its parameters can be trained", value, start)
		}

		if trial > 0 {
			scatter(c.rng, learned.Theta)
			value, _ = eval(own, x)
		}

		gradient := slices.Clone(learned.Gradient)
		for k := range gradient {
			of++
			d, smooth := derivative(own, x, &learned.Theta[k])
			if !smooth {
				continue
			}
			checked++
			if math.Abs(d-gradient[k]) > 1e-6*(1+math.Abs(d)) {
				return fail("%s = %v: ∂L is %v, finite difference %v", learned.Names[k], learned.Theta[k], gradient[k], d)
			}
		}

		if again, _ := eval(own, x); again != value {
			return fail("L is %v, and %v with the same parameters", value, again)
		}
	}

	if 2*checked < of {
		return fail("L is smooth near %d of %d values only", checked, of)
	}
	return pass("%d of %d derivatives, the others near a kink", checked, of)
}

// anew returns a new loss of the choice, whose parameters nothing else changes.
func (c *checker) anew() losses.Trainable {
	l, err := c.choice.Loss()
	if err != nil {
		panic(err) // Check had no error
	}
	return l.(losses.Trainable)
}

func scatter(rng *rand.Rand, theta []float64) {
	for k := range theta {
		theta[k] += 0.2 * (2*rng.Float64() - 1)
	}
}

// derivative returns the fourth-order difference of L by *at, and whether half the step
// gives the same difference. It does not near a kink.
func derivative(l losses.Loss, x sample, at *float64) (d float64, smooth bool) {
	v := *at
	value := func(step float64) float64 {
		*at = v + step
		l, _ := eval(l, x)
		return l
	}
	difference := func(h float64) float64 { return (8*(value(h)-value(-h)) - (value(2*h) - value(-2*h))) / (12 * h) }

	coarse, fine := difference(1e-4), difference(5e-5)
	*at = v
	return fine, math.Abs(coarse-fine) < 1e-7*(1+math.Abs(fine))
}

package losstest

import (
	"math"
	"slices"
)

// empty checks a batch without anchors: L = 0.
func (c *checker) empty() verdict {
	return c.zeroOn(sample{isSquare: true})
}

// one checks an anchor without any candidate but itself: L = 0 and G = 0.
func (c *checker) one() verdict {
	return c.zeroOn(sample{s: []float64{1}, anchors: []int{3}, candidates: []int{3}, isSquare: true})
}

func (c *checker) zeroOn(x sample) verdict {
	value, g := eval(c.loss, x)
	if value != 0 || largest(g) != 0 || slices.ContainsFunc(g, math.IsNaN) {
		return fail("L = %v and G = %v, want 0", value, g)
	}
	return pass("L = 0, G = 0")
}

func (c *checker) oneClass() verdict {
	return c.finiteOn(embedded(c.rng, []int{4, 4, 4, 4, 4}))
}

func (c *checker) noPositives() verdict {
	return c.finiteOn(embedded(c.rng, []int{4, 2, 0, 1, 3}))
}

// duplicates checks two equal examples, of one class or of two. S is 1, or the next
// number above or below it.
func (c *checker) duplicates() verdict {
	for _, label := range []int{0, 1} {
		for _, one := range []float64{1, math.Nextafter(1, 2), math.Nextafter(1, 0)} {
			x := embedded(c.rng, []int{0, 1, 0, 1, 2, label})
			x.x[5] = x.x[0]
			x = x.of(x.x)
			x.s[5], x.s[30] = one, one // 0, 5 and 5, 0 of 6×6

			if v := c.finiteOn(x); v.status == Fail {
				return v
			}
		}
	}
	return pass("S = 1 within a class and across classes")
}

// extremes checks similarities at and near ±1, equal ones, and those beyond ±1 by the
// rounding of float32.
func (c *checker) extremes() verdict {
	labels := []int{0, 1, 0, 2, 1, 0, 3}
	cases := []struct {
		name string
		at   func() float64
	}{
		{"1", func() float64 { return 1 }},
		{"−1", func() float64 { return -1 }},
		{"0", func() float64 { return 0 }},
		{"±1", func() float64 { return float64(2*c.rng.IntN(2) - 1) }},
		{"near ±1", func() float64 {
			return float64(2*c.rng.IntN(2)-1) * (1 - math.Pow(10, -3-13*c.rng.Float64()))
		}},
		{"beyond ±1 by float32's rounding", func() float64 { return float64(2*c.rng.IntN(2)-1) * (1 + 3e-7*c.rng.Float64()) }},
		{"1 or 0", func() float64 { return float64(c.rng.IntN(2)) }},
	}

	for _, k := range cases {
		for range 3 {
			if v := c.finiteOn(filled(labels, func(_, _ int) float64 { return k.at() })); v.status == Fail {
				return fail("all similarities %s: %s", k.name, v.why)
			}
		}
	}
	return pass("0, 1, −1, ±1, near ±1, beyond by rounding")
}

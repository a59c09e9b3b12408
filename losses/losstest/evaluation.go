package losstest

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"gpwbench/losses"
)

// finite checks that L and G are finite on ordinary batches.
func (c *checker) finite() verdict {
	const batches = 10
	for range batches {
		if v := c.finiteOn(mixed(c.rng)); v.status == Fail {
			return v
		}
	}
	return pass("%d batches", batches)
}

// finiteOn evaluates one sample. G is also NaN where the loss did not write it.
func (c *checker) finiteOn(x sample) verdict {
	value, g := eval(c.loss, x)
	if n := losses.CheckFinite(c.loss, x.batch(), value, g); n != nil {
		return fail("L = %v: %s (classes %v)", value, n.Why, x.anchors)
	}
	return pass("L and G are finite")
}

// overwrites checks that the result does not depend on what was in g.
func (c *checker) overwrites() verdict {
	for range 3 {
		x := mixed(c.rng)
		b := x.batch()
		g, other := make([]float64, len(x.s)), make([]float64, len(x.s))
		for k := range other {
			other[k] = 1e6
		}

		c.loss.Eval(b, g)
		c.loss.Eval(b, other)

		for k := range g {
			if g[k] != other[k] {
				return fail("G = %v where g held 0, %v where it held 1e6", g[k], other[k])
			}
		}
	}
	return pass("g prefilled with 0 and with 1e6")
}

// self checks that G_ii is 0 and that S_ii has no influence.
func (c *checker) self() verdict {
	x := mixed(c.rng)
	value, g := eval(c.loss, x)

	m := len(x.anchors)
	moved := x
	moved.s = slices.Clone(x.s)
	for i := range m {
		if g[i*m+i] != 0 {
			return fail("G = %v for anchor %d and itself", g[i*m+i], i)
		}
		moved.s[i*m+i] = -0.7
	}

	value2, g2 := eval(c.loss, moved)
	if value != value2 || !slices.Equal(g, g2) {
		return fail("L is %v with S_ii = 1 and %v with S_ii = −0.7, or G differs", value, value2)
	}
	return pass("G_ii = 0 and S_ii is not read")
}

// untouched checks that Eval changes neither S nor the labels.
func (c *checker) untouched() verdict {
	x := mixed(c.rng)
	s, labels := slices.Clone(x.s), slices.Clone(x.anchors)
	eval(c.loss, x)

	if !slices.Equal(s, x.s) {
		return fail("Eval changes S")
	}
	if !slices.Equal(labels, x.anchors) {
		return fail("Eval changes the labels")
	}
	return pass("S and labels are as before")
}

// sameBits checks that the result is the same to the bit on a used Batch as on a new one,
// after other batches, and from several goroutines.
func (c *checker) sameBits() verdict {
	x, other := mixed(c.rng), mixed(c.rng)
	value, g := eval(c.loss, x)
	same := func(v float64, h []float64) bool {
		return math.Float64bits(v) == math.Float64bits(value) && slices.Equal(g, h)
	}

	b, h := x.batch(), make([]float64, len(x.s))
	for range 2 {
		if v := c.loss.Eval(b, h); !same(v, h) {
			return fail("L is %v, and evaluated again %v, or G differs", value, v)
		}
	}

	eval(c.loss, other)
	if v := c.loss.Eval(b, h); !same(v, h) {
		return fail("L is %v, and %v after another batch, or G differs", value, v)
	}

	var wait sync.WaitGroup
	agree := make([]bool, 4)
	panicked := make([]any, len(agree))
	for k := range agree {
		own := x
		own.s = slices.Clone(x.s)
		wait.Go(func() {
			defer func() { panicked[k] = recover() }()
			for range 8 {
				v, h := eval(c.loss, own)
				if agree[k] = same(v, h); !agree[k] {
					return
				}
			}
		})
	}

	wait.Wait()
	for _, p := range panicked {
		if p != nil {
			panic(p) // in the goroutine of the checker, which recovers
		}
	}
	if slices.Contains(agree, false) {
		return fail("another result when several goroutines evaluate, each its own Batch")
	}
	return pass("again, after another batch, and from %d goroutines", len(agree))
}

// allocations checks that a Batch allocates nothing once it has had the size, for any
// shape.
func (c *checker) allocations() verdict {
	shapes := []sample{mixed(c.rng), sampleManyPositives(c.rng)}
	if !c.square() {
		shapes = append(shapes, cross(c.rng))
	}

	for _, x := range shapes {
		b, g := x.batch(), make([]float64, len(x.s))
		loss := c.loss
		if f, ok := loss.(fresh); ok {
			loss = f.make()
		}

		for range 3 {
			loss.Eval(b, g)
		}
		if n := allocsPerRun(3, func() { loss.Eval(b, g) }); n != 0 {
			return fail("%v allocations an evaluation, after the third, of %d anchors and %d candidates", n, len(x.anchors), len(x.candidates))
		}
	}
	return pass("none after the third evaluation, of %d shapes", len(shapes))
}

// state checks that two new Stateful losses that evaluate the same batches agree to the
// bit, also if a third one evaluates others in between.
func (c *checker) state() verdict {
	f, ok := c.loss.(fresh)
	if !ok {
		return skip("the loss has no state")
	}

	one, two, third := f.make(), f.make(), f.make()
	for k := range 5 {
		x := mixed(c.rng)
		value, g := eval(one, x)
		eval(third, mixed(c.rng))

		value2, h := eval(two, x)
		if math.Float64bits(value) != math.Float64bits(value2) || !slices.Equal(g, h) {
			return fail("batch %d: L is %v for one and %v for the other of two fresh losses, or G differs", k, value, value2)
		}
	}
	return pass("two fresh losses agree over 5 batches")
}

// allocsPerRun returns the mean number of allocations of a call of f, rounded down, after
// one call that is not counted. It is testing.AllocsPerRun, without linking that package
// into programs that check losses.
func allocsPerRun(runs int, f func()) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))

	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)

	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64((after.Mallocs - before.Mallocs) / uint64(runs))
}

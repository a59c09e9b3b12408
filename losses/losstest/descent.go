package losstest

import "gpwbench/losses"

// descentF checks that one small step of the embeddings against the gradient lowers
// F = Σ G·S with G held constant. That is the function whose step General Pair Weighting
// describes (Wang et al., CVPR 2019, eq. 2).
func (c *checker) descentF() verdict {
	return c.descent(func(x sample, g []float64) float64 {
		sum := 0.0
		for k, v := range g {
			sum += v * x.s[k]
		}
		return sum
	})
}

// descentL checks that the step lowers L too, if G is its derivative.
func (c *checker) descentL() verdict {
	if c.has(losses.Detached) {
		return skip("part of the formula is held constant, so a step need not lower L")
	}
	if c.has(losses.CountDivisor) {
		return skip("L jumps where its divisor does, so a step need not lower it")
	}
	if c.random() {
		return skip("the miner draws other pairs at every step")
	}
	if c.has(losses.ReadsVectorMeans) {
		return skip("G is only the part of the gradient through S, so a step along it need not lower L")
	}
	return c.descent(func(x sample, _ []float64) float64 {
		value, _ := eval(c.loss, x)
		return value
	})
}

// descent steps against the gradient of ΣG·S by the embeddings, in the tangent of the
// sphere. It makes the step shorter until the objective falls.
func (c *checker) descent(objective func(sample, []float64) float64) verdict {
	stepped := 0
	for range 5 {
		x := mixed(c.rng)
		_, g := eval(c.loss, x)
		down := tangent(x, g)
		if norm := largest(down); norm < 1e-8 {
			continue
		}

		stepped++
		before, fell := objective(x, g), false
		for step := 1e-2 / largest(down); step*largest(down) > 1e-7 && !fell; step /= 4 {
			var moved [][]float64
			for i, v := range x.x {
				w := make([]float64, len(v))
				for k := range v {
					w[k] = v[k] - step*down[i*len(v)+k]
				}
				normalise(w)
				moved = append(moved, w)
			}
			fell = objective(x.of(moved), g) < before
		}

		if !fell {
			return fail("no step down to 1e-7 lowers it from %v", before)
		}
	}

	if stepped == 0 {
		return skip("G is zero on all batches")
	}
	return pass("%d batches", stepped)
}

// tangent returns the gradient (G+Gᵀ)X by the embeddings, without its part along them.
func tangent(x sample, g []float64) []float64 {
	m := len(x.x)
	var all []float64
	for i, v := range x.x {
		t := make([]float64, len(v))
		for j, w := range x.x {
			if i == j {
				continue
			}
			for k := range t {
				t[k] += (g[i*m+j] + g[j*m+i]) * w[k]
			}
		}

		along := dot(t, v)
		for k := range t {
			t[k] -= along * v[k]
		}

		all = append(all, t...)
	}
	return all
}

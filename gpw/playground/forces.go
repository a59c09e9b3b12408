package playground

import "gpwbench/losses"

// forces returns −∂L/∂x for n unit vectors x of dimension d, in which S_ij = x_i·x_j and
// G = ∂L/∂S is given: the direction in which gradient descent moves each point. It is at
// right angles to x, because the similarity does not depend on the length of x:
//
//	f_i = −Σ_j (G_ij + G_ji)·(x_j − S_ij x_i)
//
// A pair contributes by both of its orders, as anchor and as candidate.
func forces(b *losses.Batch, x []float64, d int, g []float64) []float64 {
	n := len(x) / d
	f := make([]float64, len(x))
	for i := range n {
		for j := range i {
			pull := -(g[i*n+j] + g[j*n+i])
			if pull == 0 {
				continue
			}
			s := b.S(i, j)
			for k := range d {
				f[i*d+k] += pull * (x[j*d+k] - s*x[i*d+k])
				f[j*d+k] += pull * (x[i*d+k] - s*x[j*d+k])
			}
		}
	}
	return f
}

// step moves the points by rate times the forces, back onto the surface.
func step(x []float64, d int, f []float64, rate float64) []float64 {
	moved := make([]float64, len(x))
	for i := 0; i < len(x); i += d {
		for k := i; k < i+d; k++ {
			moved[k] = x[k] + rate*f[k]
		}
		unit(moved[i : i+d]) // a force at right angles leaves no point at 0
	}
	return moved
}

package losses

import "gpwbench/internal/f64"

// products sets z, k×k, to E·Eᵀ of the k rows of e, each of length n.
func products(z, e []float64, k, n int) {
	for i := range k {
		for j := range i + 1 {
			z[i*k+j] = f64.Dot(e[i*n:(i+1)*n], e[j*n:(j+1)*n])
			z[j*k+i] = z[i*k+j]
		}
	}
}

// combine sets dst to Σ_j w_j times row j of e, whose rows have the length of dst.
func combine(dst, w, e []float64) {
	clear(dst)
	n := len(dst)
	for j, v := range w {
		f64.AddScaled(dst, e[j*n:(j+1)*n], v)
	}
}

package structure

import (
	"fmt"
	"math"
)

// Decay is the spectral decay ρ: the Kullback-Leibler divergence, in nats, of the
// uniform distribution from that of the singular values, Σ (1/n) log((1/n) / p_k) with
// p_k = σ_k/Σσ (Roth et al., ICML 2020). It is rho_spectrum@1 of their code, which
// takes the embeddings as the network has them, at length 1, and does not centre them.
// With NumPy arrays that code leaves the last singular value out; here all count.
//
// It is at least 0. Less means that the rows use their dimensions evenly, which the
// paper finds with good generalization. A singular value of 0 makes it infinite, which
// is an error that says how many dimensions the rows span.
func Decay(values []float64) (float64, error) {
	sum := 0.0
	for _, v := range values {
		sum += v
	}

	n, span, decay := float64(len(values)), 0, 0.0
	for _, v := range values {
		if v > 0 {
			span++
			decay += math.Log(sum/(n*v)) / n
		}
	}
	if span < len(values) {
		return 0, fmt.Errorf("structure: the rows span %d of %d dimensions, and a singular value of 0 makes ρ infinite", span, len(values))
	}
	return max(0, decay), nil
}

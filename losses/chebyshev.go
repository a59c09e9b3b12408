package losses

import "math"

// chebyshev interpolates on the Chebyshev nodes of [0, 1].
type chebyshev struct{ nodes, weights []float64 }

// precision is −log of the relative error that is neglected, half a unit in the last
// place.
const precision = 36.5

// nodesOn returns how many nodes interpolate σ, its integral and its derivative on an
// interval of this width, in units of the temperature. The three are analytic up to ±πi.
func nodesOn(width float64) int { return int(math.Ceil(precision/math.Asinh(2*math.Pi/width))) + 1 }

func (l *chebyshev) set(count int) {
	if len(l.nodes) == count {
		return
	}
	l.nodes, l.weights = resize(l.nodes, count), resize(l.weights, count)
	for k := range count {
		sin, cos := math.Sincos((float64(k) + 0.5) * math.Pi / float64(count))
		l.nodes[k], l.weights[k] = (1+cos)/2, sin
		if k%2 == 1 {
			l.weights[k] = -sin
		}
	}
}

// row sets dst to Lagrange's polynomials of the nodes at (x−low)/width, by the
// barycentric formula.
func (l *chebyshev) row(dst []float64, x, low, width float64) {
	if len(dst) == 1 {
		dst[0] = 1 // the width may be 0
		return
	}

	t := (x - low) / width
	sum := 0.0
	for k, node := range l.nodes {
		if t == node {
			clear(dst)
			dst[k] = 1
			return
		}
		dst[k] = l.weights[k] / (t - node)
		sum += dst[k]
	}

	for k := range dst {
		dst[k] /= sum
	}
}

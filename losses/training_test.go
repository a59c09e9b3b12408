package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTraining: fifty steps of gradient descent on overlapping classes lower the loss,
// of every preset. The steps have a fixed length, so that scales of 256 and of 1 move
// alike; losses of which part is held constant, or whose divisor counts, are asked the
// same. The margins of the hierarchical loss grow with the distances of the classes, so
// it is held against those of the first step.
func TestTraining(t *testing.T) {
	for _, spec := range Catalogue {
		for _, p := range spec.Presets {
			t.Run(spec.Name+"."+p.Name, func(t *testing.T) {
				loss := lossOf(t, spec.Name+"."+p.Name, nil, nil)
				x, labels := overlapping()
				start := gram(x)
				first, g := evaluateVectors(t, loss, start, x, labels)
				if first == 0 || maxAbs(g) == 0 {
					t.Fatalf("L = %v, largest G = %v: the problem does not try the loss", first, maxAbs(g))
				}
				last := first
				for step := range 50 {
					descend(x, g, 0.02*(1-float64(step)/50))
					last, g = evaluateVectors(t, loss, gram(x), x, labels)
				}
				if spec.Name == "hierarchical_triplet" {
					last = frozenHierarchical(p.Value, start, gram(x), labels)
				}
				if !(last < first) {
					t.Errorf("L = %v, after fifty steps %v", first, last)
				}
			})
		}
	}
}

// overlapping returns 24 unit vectors in 6 dimensions, four of each of six classes
// whose spread is that of the centres.
func overlapping() (x [][]float64, labels []int) {
	rng := rand.New(rand.NewPCG(13, 14))
	for class := range 6 {
		centre := make([]float64, 6)
		for k := range centre {
			centre[k] = rng.NormFloat64()
		}
		for range 4 {
			v := make([]float64, 6)
			for k := range v {
				v[k] = centre[k] + rng.NormFloat64()
			}
			x, labels = append(x, unit(v)), append(labels, class)
		}
	}
	return x, labels
}

func unit(v []float64) []float64 {
	norm := 0.0
	for _, c := range v {
		norm += c * c
	}
	for k := range v {
		v[k] /= math.Sqrt(norm)
	}
	return v
}

func maxAbs(g []float64) float64 {
	top := 0.0
	for _, v := range g {
		top = max(top, math.Abs(v))
	}
	return top
}

// descend moves the vectors against (G+Gᵀ)X, the one that moves most by length, and
// back to the sphere.
func descend(x [][]float64, g []float64, length float64) {
	m := len(x)
	moves, top := make([][]float64, m), 0.0
	for i := range x {
		moves[i] = make([]float64, len(x[i]))
		norm := 0.0
		for k := range moves[i] {
			for j := range x {
				moves[i][k] += (g[i*m+j] + g[j*m+i]) * x[j][k]
			}
			norm += moves[i][k] * moves[i][k]
		}
		top = max(top, math.Sqrt(norm))
	}
	if top == 0 {
		return
	}
	for i := range x {
		for k := range x[i] {
			x[i][k] -= length / top * moves[i][k]
		}
		unit(x[i])
	}
}

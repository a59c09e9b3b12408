package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWorkedNumbers holds Multi-Similarity against numbers worked by hand for one
// anchor with positives .82, .65 and negatives .62, .30, to their six digits. Mining
// with ε = 0.1 keeps .65 and .62. The first line is also in the literature; the rest
// follow from the formula.
func TestWorkedNumbers(t *testing.T) {
	mined := MultiSimilarityMiner{Eps: 0.1}
	for _, c := range []struct {
		name       string
		loss       MultiSimilarity
		miner      Miner
		gPos, gNeg []float64 // −w⁺, w⁻
		value      float64
	}{
		{"α 2, β 40, λ 0.5, mined", MultiSimilarity{2, 40, 0.5}, mined, []float64{0, -0.425557}, []float64{0.991837, 0}, 0.277178 + 0.120205},
		{"α 2, β 40, λ 0.5", MultiSimilarity{2, 40, 0.5}, nil, []float64{-0.232481, -0.326623}, []float64{0.991835, 2.738e-6}, 0.409474 + 0.120205},
		{"α 2, β 50, λ 0.5, mined", MultiSimilarity{2, 50, 0.5}, mined, []float64{0, -0.425557}, []float64{0.997527, 0}, 0.277178 + 0.120050},
		{"α 2, β 50, λ 1, mined", MultiSimilarity{2, 50, 1}, mined, []float64{0, -0.668188}, []float64{5.603e-9, 0}, 0.551593 + 1.12e-10},
	} {
		b, err := NewCross([]float64{0.82, 0.65, 0.62, 0.30}, []int{1}, []int{1, 1, 2, 3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		loss := Mean(c.loss)
		if c.miner != nil {
			loss = MeanMined(c.miner, c.loss)
		}
		g := make([]float64, 4)
		if value := loss.Eval(b, g); math.Abs(value-c.value) > 2e-6 {
			t.Errorf("%s: L = %.7f, want %.6f", c.name, value, c.value)
		}
		for k, want := range append(c.gPos, c.gNeg...) {
			if math.Abs(g[k]-want) > 1e-6 && math.Abs(g[k]-want) > 1e-3*math.Abs(want) {
				t.Errorf("%s: G = %.7g at S = %v, want %.7g", c.name, g[k], b.S(0, k), want)
			}
		}
	}
}

// TestWeightsOfThePaper compares m·|G| with the weights as Wang et al., CVPR 2019,
// print them, in their own form: eqs. 7 and 8 of lifted structure, 10 of the binomial
// deviance, 13 and 14 of Multi-Similarity.
func TestWeightsOfThePaper(t *testing.T) {
	const lambda, alpha, beta = 0.5, 2, 10
	e := math.Exp
	sum := func(s []float64, f func(float64) float64) float64 {
		total := 0.0
		for _, v := range s {
			total += f(v)
		}
		return total
	}
	for _, c := range []struct {
		name     string
		loss     AnchorLoss
		pos, neg func(s float64, all []float64) float64
	}{
		{"lifted structure", LiftedStructure{Lambda: lambda},
			func(s float64, all []float64) float64 { // eq. 7, first form
				return e(lambda-s) / sum(all, func(k float64) float64 { return e(lambda - k) })
			},
			func(s float64, all []float64) float64 { // eq. 8, second form
				return 1 / sum(all, func(k float64) float64 { return e(k - s) })
			}},
		{"binomial deviance", BinomialDeviance{Alpha: alpha, Beta: beta, Lambda: lambda},
			func(s float64, all []float64) float64 { // eq. 10
				return 1 / float64(len(all)) * alpha * e(alpha*(lambda-s)) / (1 + e(alpha*(lambda-s)))
			},
			func(s float64, all []float64) float64 {
				return 1 / float64(len(all)) * beta * e(beta*(s-lambda)) / (1 + e(beta*(s-lambda)))
			}},
		{"multi-similarity", MultiSimilarity{Alpha: alpha, Beta: beta, Lambda: lambda},
			func(s float64, all []float64) float64 { // eq. 14
				return 1 / (e(-alpha*(lambda-s)) + sum(all, func(k float64) float64 { return e(-alpha * (k - s)) }))
			},
			func(s float64, all []float64) float64 { // eq. 13
				return 1 / (e(beta*(lambda-s)) + sum(all, func(k float64) float64 { return e(beta * (k - s)) }))
			}},
	} {
		rng := rand.New(rand.NewPCG(5, 6))
		for range 20 {
			labels := []int{0, 1, 0, 2, 1, 0, 2, 2, 1}
			s := make([]float64, len(labels)*len(labels))
			for k := range s {
				s[k] = 2*rng.Float64() - 1
			}
			b, err := NewBatch(s, labels)
			if err != nil {
				t.Fatal(err)
			}
			g := make([]float64, len(s))
			Mean(c.loss).Eval(b, g)
			for i := range labels {
				var pos, neg []float64
				for j := range labels {
					if b.IsPositive(i, j) {
						pos = append(pos, b.S(i, j))
					}
					if b.IsNegative(i, j) {
						neg = append(neg, b.S(i, j))
					}
				}
				for j := range labels {
					got := float64(len(labels)) * g[i*len(labels)+j]
					want := 0.0
					if b.IsPositive(i, j) {
						want = -c.pos(b.S(i, j), pos)
					}
					if b.IsNegative(i, j) {
						want = c.neg(b.S(i, j), neg)
					}
					if math.Abs(got-want) > 1e-12*max(1, math.Abs(want)) {
						t.Fatalf("%s: m·G = %v at %d, %d, the paper's weight is %v", c.name, got, i, j, want)
					}
				}
			}
		}
	}
}

package compat

import (
	"math"
	"strconv"

	"gpwbench/benchmarks/retrieval"
)

// reciprocal is 1/rank of the first positive of a tier, or 0 beyond rank k. The first j
// places of a tier of e negatives and p positives are negatives and the next is not with
// the probability Π_{i<j} (e−i)/(e+p−i) · p/(e+p−j).
func reciprocal(b retrieval.Tier, k int) retrieval.Range {
	value := func(rank int) float64 {
		if rank > k {
			return 0
		}
		return 1 / float64(rank)
	}
	r := retrieval.Range{Low: value(b.Above + b.Tied + 1), High: value(b.Above + 1)}
	none := 1.0
	for j := range b.Tied + 1 {
		left := float64(b.Tied + b.Positives - j)
		r.Expected += none * float64(b.Positives) / left * value(b.Above+j+1)
		none *= float64(b.Tied-j) / left
	}
	return r
}

// hypergeometric is the probability of h positives among n of a tier in random order.
func hypergeometric(h, positives, negatives, n int) float64 {
	return math.Exp(logChoose(positives, h) + logChoose(negatives, n-h) - logChoose(positives+negatives, n))
}

func logChoose(n, k int) float64 {
	log := func(n int) float64 { v, _ := math.Lgamma(float64(n + 1)); return v }
	return log(n) - log(k) - log(n-k)
}

// at is the name of a metric at K.
func at(name string, k int) string { return name + "@" + strconv.Itoa(k) }

// digits writes seven digits, which is what float32 has.
func digits(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }

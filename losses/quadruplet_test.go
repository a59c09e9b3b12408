package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestQuadrupletOfLargeClasses holds value and gradient against every quadruplet where
// one class has more positive pairs than are compared one by one, and S is not
// symmetric.
func TestQuadrupletOfLargeClasses(t *testing.T) {
	rng := rand.New(rand.NewPCG(37, 38))
	var labels []int
	for class, members := range []int{13, 6, 1, 4} {
		for range members {
			labels = append(labels, class)
		}
	}
	if 13*12 <= manyPairs || 6*5 > manyPairs {
		t.Fatal("the classes should stand on both sides of manyPairs")
	}
	rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	m := len(labels)
	s := make([]float64, m*m)
	for k := range s {
		if s[k] = 2*rng.Float64() - 1; k%3 == 0 {
			s[k] = math.Round(8*s[k]) / 8
		}
	}
	l := Quadruplet{Alpha1: 0.5, Alpha2: 0.25}
	var ones, twos [2]float64 // sum and number of a term
	first, second := make([]float64, m*m), make([]float64, m*m)
	add := func(to *[2]float64, g []float64, positive, negative int, margin float64) {
		to[1]++
		if h := 2*(s[negative]-s[positive]) + margin; h > 0 {
			to[0] += h
			g[positive] -= 2
			g[negative] += 2
		}
	}
	triples(labels, func(a, p, n int) {
		add(&ones, first, a*m+p, a*m+n, l.Alpha1)
		for k := range labels {
			if labels[k] != labels[a] && labels[k] != labels[n] {
				add(&twos, second, a*m+p, n*m+k, l.Alpha2)
			}
		}
	})
	want := ones[0]/ones[1] + twos[0]/twos[1]
	got, g := evaluate(t, l, s, labels)
	if math.Abs(got-want) > 1e-13 {
		t.Errorf("L = %v, by every quadruplet %v", got, want)
	}
	for k := range g {
		if want := first[k]/ones[1] + second[k]/twos[1]; math.Abs(g[k]-want) > 1e-15 {
			t.Errorf("the pair %d, %d has %v, by every quadruplet %v", k/m, k%m, g[k], want)
		}
	}
}

// The loss takes no memory of the size of S beside S and the gradient.
func TestQuadrupletNeedsNoMatrix(t *testing.T) {
	const classes, each = 64, 2
	const m = classes * each
	labels, s := make([]int, m), make([]float64, m*m)
	for i := range labels {
		labels[i] = i / each
	}
	for k := range s {
		s[k] = math.Sin(float64(k))
	}
	b, err := NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	Quadruplet{Alpha1: 1, Alpha2: 0.5}.Eval(b, make([]float64, m*m))
	if n := cap(b.memory); n >= m*m/4 {
		t.Errorf("the loss took %d numbers of memory for %d pairs", n, m*m)
	}
}

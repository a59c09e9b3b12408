package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// bruteMargin is the margin loss of Wu et al. with the given boundary of every class,
// from its formula.
func bruteMargin(l LearnedMargin, s []float64, labels []int, boundary func(class int) float64) float64 {
	m := len(labels)
	sum, active, boundaries := 0.0, 0.0, 0.0
	for i, y := range labels {
		boundaries += boundary(y) / float64(m)
		for j, z := range labels {
			sign := -1.0
			if y == z {
				sign = 1
			}
			if h := l.Margin + sign*(math.Sqrt(2-2*s[i*m+j])-boundary(y)); i != j && h > 0 {
				sum, active = sum+h, active+1
			}
		}
	}
	return sum/max(1, active) + l.Nu*boundaries
}

// TestLearnedMarginByBruteForce: value and ∂L/∂θ of both kinds of boundary, wherever θ
// stands, against the formula and its fourth-order differences.
func TestLearnedMarginByBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	labels := []int{5, 2, 2, 9, 5, 9, 2, 7, 5}
	known := []int{2, 5, 9, 11} // 7 has no offset, 11 is not in the batch
	for _, boundary := range []string{"shared", "per_class"} {
		compared := 0
		for range 20 {
			l := LearnedMargin{Margin: 0.2, Beta: 1.1, Boundary: boundary, Nu: 0.3, Rate: 1}
			loss := made(l.New(nil)).(*learnedMargin)
			learned := loss.InitParameters(known)
			if want := map[string]int{"shared": 1, "per_class": 1 + len(known)}[boundary]; len(learned.Theta) != want {
				t.Fatalf("%s: %d parameters, want %d", boundary, len(learned.Theta), want)
			}
			for k := range learned.Theta {
				learned.Theta[k] += 0.4 * (rng.Float64() - 0.5)
			}
			s := randomSymmetric(rng, len(labels))
			want := func() float64 {
				return bruteMargin(l, s, labels, func(class int) float64 {
					beta := learned.Theta[0]
					if k := slices.Index(known, class); k >= 0 && boundary == "per_class" {
						beta += learned.Theta[k+1]
					}
					return beta
				})
			}
			value, _ := evaluate(t, loss, s, labels)
			if !near(value, want()) {
				t.Fatalf("%s: L = %v, by brute force %v", boundary, value, want())
			}
			gradient := slices.Clone(learned.Gradient)
			for k, v := range learned.Theta {
				at := func(h float64) float64 {
					learned.Theta[k] = v + h
					return want()
				}
				slope := func(h float64) float64 { return (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h) }
				fine, coarse := slope(1e-5), slope(2e-5)
				learned.Theta[k] = v
				if math.Abs(fine-coarse) > 1e-8 { // a pair becomes active near
					continue
				}
				compared++
				if math.Abs(fine-gradient[k]) > 1e-8 {
					t.Fatalf("%s: ∂L by %s is %v, by differences %v", boundary, learned.Names[k], gradient[k], fine)
				}
			}
		}
		if compared < 15 {
			t.Errorf("%s: %d derivatives compared", boundary, compared)
		}
	}
}

// randomSymmetric returns m×m similarities with 1 on the diagonal.
func randomSymmetric(rng *rand.Rand, m int) []float64 {
	s := make([]float64, m*m)
	for i := range m {
		for j := range i {
			v := 1.9*rng.Float64() - 0.95
			s[i*m+j], s[j*m+i] = v, v
		}
		s[i*m+i] = 1
	}
	return s
}

// TestLearnStartsAnew: Learn puts a used loss back to its start, and two losses of one
// value share nothing.
func TestLearnStartsAnew(t *testing.T) {
	l := LearnedMargin{Margin: 0.2, Beta: 1.2, Boundary: "per_class", Rate: 1}
	one, two := made(l.New(nil)).(*learnedMargin), made(l.New(nil)).(*learnedMargin)
	theta := one.InitParameters([]int{0, 1}).Theta
	theta[0], theta[1] = 0.3, 0.4
	if got := two.InitParameters([]int{0, 1}).Theta; got[0] != 1.2 || got[1] != 0 {
		t.Errorf("another loss starts from %v", got)
	}
	if got := one.InitParameters([]int{0, 1, 2}).Theta; !slices.Equal(got, []float64{1.2, 0, 0, 0}) {
		t.Errorf("learned anew it starts from %v", got)
	}
}

package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRankingByBruteForce holds the ranking losses and soft triplets against their
// formulas where classes are large enough for every way that the pooled sums have.
func TestRankingByBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	var labels []int
	for class, members := range []int{60, 35, 6, 1} {
		for range members {
			labels = append(labels, class)
		}
	}
	m := len(labels)
	s := make([]float64, m*m)
	for i := range m {
		for j := range m {
			if s[i*m+j] = 0.4*rng.NormFloat64() + 0.1; labels[i] == labels[j] {
				s[i*m+j] += 0.2
			}
			s[i*m+j] = min(max(s[i*m+j], -1), 1)
		}
	}
	const τ = 0.01
	// Of the positives of an anchor, the counts of what stands before each.
	ranks := func(a, i int) (ahead, behind float64) {
		for j := range m {
			switch z := Sigmoid((s[a*m+j] - s[a*m+i]) / τ); {
			case j == a || j == i:
			case labels[j] == labels[a]:
				ahead += z
			default:
				behind += z
			}
		}
		return ahead, behind
	}
	over := func(f func(ahead, behind float64) float64) float64 {
		sum, anchors := 0.0, 0.0
		for a := range m {
			own, positives := 0.0, 0.0
			for i := range m {
				if i != a && labels[i] == labels[a] {
					own, positives = own+f(ranks(a, i)), positives+1
				}
			}
			if positives > 0 {
				sum, anchors = sum+own/positives, anchors+1
			}
		}
		return sum / anchors
	}
	soft, triplets := 0.0, 0.0
	triples(labels, func(a, p, n int) {
		d := func(j int) float64 { return math.Sqrt(2 - 2*s[a*m+j]) }
		soft, triplets = soft+math.Log1p(math.Exp(d(p)-d(n)+0.3)), triplets+1
	})
	for _, c := range []struct {
		name string
		loss AnchorLoss
		want float64
	}{
		{"Smooth-AP", SmoothAP{τ}, 1 - over(func(ahead, behind float64) float64 { return (1 + ahead) / (1 + ahead + behind) })},
		{"PNP", PNP{"ds", τ, 1, 1, "left_out"}, over(func(_, behind float64) float64 { return math.Log1p(behind) })},
		{"soft triplets", TripletSoft{0.3, "distance"}, soft / triplets},
	} {
		if got, _ := evaluate(t, Mean(c.loss), s, labels); math.Abs(got-c.want) > 1e-12*c.want {
			t.Errorf("%s = %v, by brute force %v", c.name, got, c.want)
		}
	}
}

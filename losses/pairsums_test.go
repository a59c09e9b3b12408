package losses

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestPairSums compares the pooled sums with the sums over all pairs, for temperatures
// over the whole domain and points of every kind.
func TestPairSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	uniform := func() float64 { return 2*rng.Float64() - 1 }
	kinds := map[string]func() float64{
		"uniform":   uniform,
		"clustered": func() float64 { return float64(rng.IntN(3))/3 - 0.3 + 1e-3*rng.NormFloat64() },
		"equal":     func() float64 { return 0.7 },
		"ties":      func() float64 { return math.Round(4*uniform()) / 4 },
		"extremes":  func() float64 { return float64(2*rng.IntN(2)-1) * (1 - math.Pow(10, -3-13*rng.Float64())) },
		"spread":    func() float64 { return math.Pow(10, -16*rng.Float64()) * float64(2*rng.IntN(2)-1) },
	}
	var p pairSums // one, so that what an earlier size left behind would show
	for _, temperature := range []float64{1e-300, 1e-15, 1e-9, 1e-5, 1e-3, 0.003, 0.01, 0.05, 0.1, 0.4, 1, 3, 100, 1e9, 1e308} {
		for kindX, nextX := range kinds {
			for kindY, nextY := range kinds {
				for _, size := range [][2]int{{0, 5}, {1, 0}, {1, 1}, {4, 30}, {33, 70}, {150, 90}} {
					name := fmt.Sprintf("τ=%v x %s y %s %v", temperature, kindX, kindY, size)
					x, y, w := make([]float64, size[0]), make([]float64, size[1]), make([]float64, size[0])
					for i := range x {
						x[i], w[i] = nextX(), 0.1+rng.Float64()
					}
					for j := range y {
						y[j] = nextY()
					}
					checkPool(t, &p, name, temperature, x, y, w)
				}
			}
		}
	}
}

func checkPool(t *testing.T, p *pairSums, name string, temperature float64, x, y, w []float64) {
	t.Helper()
	value, step, slope := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
	p.reset(x, temperature)
	_, begin := p.forward(x, nil, step, slope) // others before them, as the ranking losses have
	from, to := p.forward(y, value, step, slope)
	if from != begin || to-from != len(y) {
		t.Fatalf("%s: y stand at [%d, %d), want %d from %d", name, from, to, len(y), begin)
	}
	steps, slopes := make([]float64, len(y)), make([]float64, len(y))
	p.backward(steps, w, from, to, true)
	p.backward(slopes, w, from, to, false)
	wantSteps, wantSlopes := make([]float64, len(y)), make([]float64, len(y))
	τ := min(max(temperature, minTemperature), maxTemperature)
	for i, a := range x {
		var v, s, d float64
		for j, b := range y {
			z := (b - a) / τ
			share := Sigmoid(z)
			change := share * Sigmoid(-z)
			v += Softplus(z)
			s += share
			d += change
			wantSteps[j] += w[i] * share
			wantSlopes[j] += w[i] * change
		}
		agree(t, name+": Σ softplus", value[i], v)
		agree(t, name+": Σ σ", step[i], s)
		agree(t, name+": Σ σ'", slope[i], d)
	}
	for j := range y {
		agree(t, name+": Σ w σ", steps[j], wantSteps[j])
		agree(t, name+": Σ w σ'", slopes[j], wantSlopes[j])
	}
}

// agree wants 1e-12 relatively, and nothing of numbers below e^−460: the decay over
// several wide cells has no more than the range of a double.
func agree(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*math.Abs(want)+1e-200) {
		t.Fatalf("%s = %v, want %v (off by %.2g)", what, got, want, (got-want)/want)
	}
}

// TestSelectedRuns holds the sums over runs against every pair, where both are defined.
func TestSelectedRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for trial := range 200 {
		pos, neg := make([]float64, 1+rng.IntN(70)), make([]float64, 1+rng.IntN(90))
		scale := []float64{0, 1e-9, 0.1, 2, 4}[trial%5]
		for _, side := range [][]float64{pos, neg} {
			for k := range side {
				side[k] = scale * rng.Float64()
				if trial%3 == 0 {
					side[k] = math.Round(8*side[k]) / 8
				}
			}
		}
		for _, word := range []string{"hard", "semihard", "easy"} {
			l := TripletSoftSelected{Margin: 0.25, Metric: "distance", SelectRows: word}
			sums := func(by func(a *Anchor, pos, neg []float64) (sum, terms float64)) (sum, terms float64, g []float64) {
				var a Anchor
				a.grow(len(pos) + len(neg))
				a.size(len(pos), len(neg))
				sum, terms = by(&a, pos, neg)
				return sum, terms, append(a.GPos, a.GNeg...)
			}
			sum, terms, g := sums(l.byRuns)
			wantSum, wantTerms, want := sums(l.everyPair)
			if terms != wantTerms || math.Abs(sum-wantSum) > 1e-12*wantSum {
				t.Fatalf("%s: %v of %v triplets, want %v of %v (positives %v, negatives %v)", word, sum, terms, wantSum, wantTerms, pos, neg)
			}
			for k := range g {
				if math.Abs(g[k]-want[k]) > 1e-12*float64(len(pos)+len(neg)) {
					t.Fatalf("%s: derivative %d is %v, want %v", word, k, g[k], want[k])
				}
			}
		}
	}
}

package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A brute is a loss written down once more from its formula, over all triplets,
// quadruplets or whatever it has.
type brute func(s func(i, j int) float64, labels []int) float64

// againstBrute compares the value of a loss with its brute form on random batches with
// and without ties. That G is the value's derivative the contract checks.
func againstBrute(t *testing.T, name string, l any, want brute) {
	t.Helper()
	loss, err := Choice{Spec: &Spec{Name: name}, Value: l}.Loss()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for trial := range 60 {
		m := 1 + rng.IntN(14)
		labels := make([]int, m)
		for i := range labels {
			labels[i] = rng.IntN(1 + rng.IntN(6))
		}
		s := make([]float64, m*m)
		for i := range m {
			for j := range i + 1 {
				v := 2*rng.Float64() - 1
				if trial%2 == 0 {
					v = math.Round(4*v) / 4 // ties, S = ±1 among them
				}
				if i == j {
					v = 1
				}
				s[i*m+j], s[j*m+i] = v, v
			}
		}
		got, _ := evaluate(t, loss, s, labels)
		w := want(func(i, j int) float64 { return s[i*m+j] }, labels)
		if math.Abs(got-w) > 1e-11*max(1, math.Abs(w)) {
			t.Fatalf("%s %+v: L = %v, by brute force %v (labels %v, S %v)", name, l, got, w, labels, s)
		}
	}
}

// triples calls f for every triplet of anchor, positive and negative.
func triples(labels []int, f func(a, p, n int)) {
	for a, y := range labels {
		for p, yp := range labels {
			for n, yn := range labels {
				if p != a && yp == y && yn != y {
					f(a, p, n)
				}
			}
		}
	}
}

func TestTripletsByBruteForce(t *testing.T) {
	metrics := map[string]func(s float64) float64{
		"distance": func(s float64) float64 { return math.Sqrt(2 - 2*s) },
		"squared":  func(s float64) float64 { return 2 - 2*s },
		"cosine":   func(s float64) float64 { return -s },
	}
	selects := func(word string, g, margin float64) bool {
		switch word {
		case "hard":
			return g <= 0
		case "semihard":
			return 0 < g && g <= margin
		case "easy":
			return g > margin
		}
		return true
	}
	mean := func(sum, n float64) float64 {
		if n == 0 {
			return 0
		}
		return sum / n
	}
	for metric, far := range metrics {
		for _, margin := range []float64{0, 0.25, 0.7} {
			for _, word := range []string{"all", "hard", "semihard"} {
				againstBrute(t, "hinge", TripletHinge{margin, metric, word}, func(s func(i, j int) float64, labels []int) float64 {
					sum, n := 0.0, 0.0
					triples(labels, func(i, p, k int) {
						g := far(s(i, k)) - far(s(i, p))
						// the loss's own arithmetic decides what is active where g = μ
						// to rounding
						if h := far(s(i, p)) + margin - far(s(i, k)); selects(word, g, margin) && far(s(i, k)) < far(s(i, p))+margin {
							sum, n = sum+h, n+1
						}
					})
					return mean(sum, n)
				})
			}
			for _, word := range []string{"hard", "semihard", "easy"} {
				againstBrute(t, "soft", TripletSoftSelected{margin, metric, word}, func(s func(i, j int) float64, labels []int) float64 {
					sum, n := 0.0, 0.0
					triples(labels, func(i, p, k int) {
						if g := far(s(i, k)) - far(s(i, p)); selects(word, g, margin) {
							sum, n = sum+math.Log(1+math.Exp(margin-g)), n+1
						}
					})
					return mean(sum, n)
				})
			}
			againstBrute(t, "next hardest", TripletNextHardest{margin, metric}, func(s func(i, j int) float64, labels []int) float64 {
				sum, n := 0.0, 0.0
				for a := range labels {
					for p := range labels {
						if p == a || labels[p] != labels[a] {
							continue
						}
						next, farthest := math.Inf(1), math.Inf(-1)
						for k := range labels {
							if d := far(s(a, k)); labels[k] != labels[a] {
								farthest = max(farthest, d)
								if d > far(s(a, p)) {
									next = min(next, d)
								}
							}
						}
						if math.IsInf(farthest, -1) {
							continue
						}
						if math.IsInf(next, 1) {
							next = farthest
						}
						sum, n = sum+max(0, far(s(a, p))-next+margin), n+1
					}
				}
				return mean(sum, n)
			})
		}
	}
}

// TestAngularByBruteForce has angles at which the products of exponentials underflow.
func TestAngularByBruteForce(t *testing.T) {
	for _, alpha := range []float64{10, 40, 70, 85, 89} {
		againstBrute(t, "angular", Angular{Alpha: alpha}, func(s func(i, j int) float64, labels []int) float64 {
			tan := math.Pow(math.Tan(alpha*math.Pi/180), 2)
			sum, pairs := 0.0, 0.0
			for a, y := range labels {
				for p, yp := range labels {
					if p == a || yp != y {
						continue
					}
					logits := []float64{0}
					for n, yn := range labels {
						if yn != y {
							logits = append(logits, 4*tan*(s(a, n)+s(p, n))-2*(1+tan)*s(a, p))
						}
					}
					top, all := slices.Max(logits), 0.0
					for _, z := range logits {
						all += math.Exp(z - top)
					}
					sum, pairs = sum+top+math.Log(all), pairs+1
				}
			}
			return sum / max(1, pairs)
		})
	}
}

func TestQuadrupletByBruteForce(t *testing.T) {
	l := Quadruplet{Alpha1: 0.9, Alpha2: 0.4}
	d2 := func(s float64) float64 { return 2 - 2*s }
	againstBrute(t, "quadruplet", l, func(s func(i, j int) float64, labels []int) float64 {
		var one, ones, two, twos float64
		triples(labels, func(a, p, n int) {
			one, ones = one+max(0, d2(s(a, p))-d2(s(a, n))+l.Alpha1), ones+1
			for k := range labels {
				if labels[k] != labels[a] && labels[k] != labels[n] {
					two, twos = two+max(0, d2(s(a, p))-d2(s(n, k))+l.Alpha2), twos+1
				}
			}
		})
		return one/max(1, ones) + two/max(1, twos)
	})
}

// TestHierarchicalByBruteForce finds the level of two classes by merging groups level
// by level instead of by a spanning tree.
func TestHierarchicalByBruteForce(t *testing.T) {
	l := HierarchicalTriplet{Beta: 0.1, Levels: 7}
	againstBrute(t, "hierarchical", l, func(s func(i, j int) float64, labels []int) float64 {
		between := func(x, y int) float64 {
			sum, n := 0.0, 0.0
			for i := range labels {
				for j := range labels {
					if i != j && labels[i] == x && labels[j] == y {
						sum, n = sum+2-2*s(i, j), n+1
					}
				}
			}
			return sum / max(1, n)
		}
		group := map[int]int{}
		for _, y := range labels {
			group[y] = y
		}
		base := 0.0
		for y := range group {
			base += between(y, y) / float64(len(group))
		}
		merged := map[[2]int]float64{}
		for level := range l.Levels + 1 {
			threshold := base + float64(level)*(4-base)/float64(l.Levels)
			for range group { // again, until nothing merges
				for x := range group {
					for y := range group {
						if between(x, y) < threshold {
							from, to := group[x], group[y]
							for z := range group {
								if group[z] == from {
									group[z] = to
								}
							}
						}
					}
				}
			}
			for x := range group {
				for y := range group {
					if _, done := merged[[2]int{x, y}]; !done && (group[x] == group[y] || level == l.Levels) {
						merged[[2]int{x, y}] = threshold
					}
				}
			}
		}
		d := func(i, j int) float64 { return math.Sqrt(2 - 2*s(i, j)) }
		sum, n := 0.0, 0.0
		triples(labels, func(a, p, k int) {
			alpha := l.Beta + merged[[2]int{labels[a], labels[k]}] - between(labels[a], labels[a])
			sum, n = sum+max(0, d(a, p)-d(a, k)+alpha), n+1
		})
		return sum / (2 * max(1, n))
	})
}

package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// A tied set has few values, hence ties and duplicates, and few classes, hence also
// singletons. Rows are small integers, whose order of similarity is exact.
func tiedSet(rng *rand.Rand, rows, cols, classes int) (Set, matrix.Matrix) {
	x := matrix.New(rows, cols)
	labels := make([]int, rows)
	for i := range rows {
		zero := true
		for k := range cols {
			x.Row(i)[k] = float32(rng.IntN(4) - 1)
			zero = zero && x.Row(i)[k] == 0
		}
		if zero {
			x.Row(i)[rng.IntN(cols)] = 1
		}
		labels[i] = 10 * rng.IntN(classes)
	}
	return Set{retrieval.Float32(x), labels}, x
}

// A scored is a gallery row as a query meets it, by definition: the square of the cosine
// times that of the query's length, with its sign, which is a quotient of small integers.
type scored struct {
	similarity float64
	positive   bool
}

func candidates(x []float32, label int, g Set, rows matrix.Matrix, self int) []scored {
	var all []scored
	for j := range rows.Rows {
		if j == self {
			continue
		}
		s, square := 0.0, 0.0
		for d, v := range rows.Row(j) {
			s += float64(v) * float64(x[d])
			square += float64(v) * float64(v)
		}
		all = append(all, scored{s * math.Abs(s) / square, g.Labels[j] == label})
	}
	return all
}

// byDefinition computes a metric of one order of the gallery.
var byDefinition = map[string]func(order []bool, k int) float64{
	"recall": func(order []bool, k int) float64 {
		return float64(min(1, count(order[:min(k, len(order))])))
	},
	"precision": func(order []bool, k int) float64 {
		return float64(count(order[:min(k, len(order))])) / float64(k)
	},
	"r_precision": func(order []bool, _ int) float64 {
		r := count(order)
		return float64(count(order[:r])) / float64(r)
	},
	"map_at_r": func(order []bool, _ int) float64 { return average(order, count(order)) },
	"map@":     average,
	"map":      func(order []bool, _ int) float64 { return average(order, len(order)) },
	"mrr":      func(order []bool, _ int) float64 { return 1 / float64(1+slices.Index(order, true)) },
	"ndcg": func(order []bool, k int) float64 {
		sorted := make([]bool, len(order))
		for i := range count(order) {
			sorted[i] = true
		}
		return gain(order, k) / gain(sorted, k)
	},
}

func count(order []bool) int {
	n := 0
	for _, positive := range order {
		if positive {
			n++
		}
	}
	return n
}

func average(order []bool, k int) float64 {
	sum := 0.0
	for i := range min(k, len(order)) {
		if order[i] {
			sum += float64(count(order[:i+1])) / float64(i+1)
		}
	}
	return sum / float64(min(k, count(order)))
}

func gain(order []bool, k int) float64 {
	sum := 0.0
	for i := range min(k, len(order)) {
		if order[i] {
			sum += math.Ln2 / math.Log(float64(i+2))
		}
	}
	return sum
}

// eachOrder calls f with every order of the candidates in which similarity does not
// increase.
func eachOrder(all []scored, f func([]bool)) {
	all = slices.Clone(all)
	order := make([]bool, len(all))
	var place func(n int)
	place = func(n int) {
		if n == len(all) {
			f(order)
			return
		}
		best := math.Inf(-1)
		for _, c := range all[n:] {
			best = max(best, c.similarity)
		}
		for i := n; i < len(all); i++ {
			if all[i].similarity == best {
				all[n], all[i] = all[i], all[n]
				order[n] = all[n].positive
				place(n + 1)
				all[n], all[i] = all[i], all[n]
			}
		}
	}
	place(0)
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// Every metric of queries is the mean over all orders of ties, and its ends are the
// extremes over them.
func TestEveryOrder(t *testing.T) {
	asked, err := ParseAll([]string{"recall@1,recall@3,precision@1,precision@4,precision@50,map_at_r,map@1,map@3,map@50,map,r_precision,mrr,ndcg@1,ndcg@4,ndcg@50"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 60 {
		q, rows := tiedSet(rng, 2+rng.IntN(6), 1+rng.IntN(3), 1+rng.IntN(3))
		g, against, gallery := q, rows, (*Set)(nil)
		if trial%2 == 1 {
			g, against = tiedSet(rng, 1+rng.IntN(7), q.Cols, 3)
			gallery = &g
		}
		e, err := Evaluate(t.Context(), q, gallery, asked, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range e.Values {
			name := v.Name
			if v.Metric == &mapAtK {
				name = "map@"
			}
			var sum retrieval.Range
			n := 0.0
			for i := range q.Rows {
				self := i
				if gallery != nil {
					self = -1
				}
				all := candidates(rows.Row(i), q.Labels[i], g, against, self)
				if !slices.ContainsFunc(all, func(c scored) bool { return c.positive }) {
					continue
				}
				n++
				want := retrieval.Range{Low: 2}
				orders := 0.0
				eachOrder(all, func(order []bool) {
					value := byDefinition[name](order, v.K)
					want.Low, want.High = min(want.Low, value), max(want.High, value)
					want.Expected += value
					orders++
				})
				if want.Expected /= orders; v.Metric == &recall {
					want.Expected = want.High
				}
				got := v.PerQuery[i]
				if !near(got.Low, want.Low) || !near(got.Expected, want.Expected) || !near(got.High, want.High) {
					t.Fatalf("trial %d: %s of query %d is %v, want %v", trial, v.Key(), i, got, want)
				}
				sum.Low, sum.Expected, sum.High = sum.Low+want.Low, sum.Expected+want.Expected, sum.High+want.High
			}
			if n == 0 {
				if v.Why == "" || v.Expected != 0 {
					t.Fatalf("trial %d: %s of no query is %v", trial, v.Key(), v.Range)
				}
				continue
			}
			if !near(v.Low, sum.Low/n) || !near(v.Expected, sum.Expected/n) || !near(v.High, sum.High/n) {
				t.Fatalf("trial %d: %s is %v, want the mean of %v over %v", trial, v.Key(), v.Range, sum, n)
			}
		}
	}
}

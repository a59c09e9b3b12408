package retrieval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// denseReranking is the definition on whole matrices: final[i][j] of query i and gallery
// row j. Rows at equal distance are nearer the earlier they are.
func denseReranking(q, g [][]float64, self bool, x Reranking) [][]float64 {
	pool, offset := q, 0
	if !self {
		pool, offset = append(slices.Clone(q), g...), len(q)
	}
	d, order := denseOrder(pool)
	v := denseEncodings(d, order, x)

	final := make([][]float64, len(q))
	for i := range q {
		final[i] = make([]float64, len(g))
		for j := range g {
			least, most := 0.0, 0.0
			for k := range pool {
				least += min(v[i][k], v[offset+j][k])
				most += max(v[i][k], v[offset+j][k])
			}
			final[i][j] = (1-x.Lambda)*(1-least/most) + x.Lambda*d[i][offset+j]
		}
	}
	return final
}

// denseOrder returns all distances, and of each row all rows in their order.
func denseOrder(pool [][]float64) (d [][]float64, order [][]int) {
	d, order = make([][]float64, len(pool)), make([][]int, len(pool))
	for i, a := range pool {
		d[i], order[i] = make([]float64, len(pool)), make([]int, len(pool))
		for j, b := range pool {
			var ab, aa, bb float64
			for k := range a {
				ab, aa, bb = ab+a[k]*b[k], aa+a[k]*a[k], bb+b[k]*b[k]
			}
			order[i][j] = j
			if i != j {
				d[i][j] = 2 - 2*ab/math.Sqrt(aa*bb)
			}
		}
		if far := slices.Max(d[i]); far > 0 {
			for j := range d[i] {
				d[i][j] /= far
			}
		}
		slices.SortFunc(order[i], func(a, b int) int {
			if a == i || b == i {
				return cmp.Compare(map[bool]int{false: 1}[a == i], map[bool]int{false: 1}[b == i])
			}
			return cmp.Or(cmp.Compare(d[i][a], d[i][b]), cmp.Compare(a, b))
		})
	}
	return d, order
}

func denseEncodings(d [][]float64, order [][]int, x Reranking) [][]float64 {
	near := func(p, k int) []int { return order[p][:min(k+1, len(order))] }
	mutual := func(p, k int) map[int]bool {
		all := map[int]bool{}
		for _, r := range near(p, k) {
			all[r] = slices.Contains(near(r, k), p)
		}
		for r, is := range all {
			if !is {
				delete(all, r)
			}
		}
		return all
	}

	v, means := make([][]float64, len(d)), make([][]float64, len(d))
	for p := range d {
		v[p], means[p] = make([]float64, len(d)), make([]float64, len(d))
		own := mutual(p, x.K1)
		members := map[int]bool{}
		for r := range own {
			members[r] = true
			others, shared := mutual(r, int(math.RoundToEven(float64(x.K1)/2))), 0
			for o := range others {
				if own[o] {
					shared++
				}
			}
			for o := range others {
				if 3*shared > 2*len(others) {
					members[o] = true
				}
			}
		}
		sum := 0.0
		for r := range members {
			v[p][r] = math.Exp(-d[p][r])
			sum += v[p][r]
		}
		for r := range v[p] {
			v[p][r] /= sum
		}
	}
	for p := range d {
		of := near(p, x.K2-1)
		for _, r := range of {
			for k := range v[r] {
				means[p][k] += v[r][k] / float64(len(of))
			}
		}
	}
	return means
}

// finals returns the distances that a ranking compares, by the caller's rows.
func finals(t *testing.T, q Vectors, g *Vectors, x Reranking) [][]float64 {
	t.Helper()
	self := g == nil
	if self {
		g = &q
	}
	sideQ, sideG := Rules{}.sides(q, make([]int, q.Rows), *g, make([]int, g.Rows), self)
	r := newRanking(t.Context(), sideQ, sideG, self, Options{}, tiles)
	if err := r.apply(Rules{Reranking: x}); err != nil {
		t.Fatal(err)
	}

	final := make([][]float64, q.Rows)
	for i, query := range sideQ.rows {
		final[query] = make([]float64, g.Rows)
		r.moving(i, i+1, func() {
			for j, row := range sideG.rows {
				moved := r.doubles.best(i, j).at
				switch {
				case x.Lambda > 0:
					final[query][row] = 1 - x.Lambda + x.Lambda*moved/r.moved.far[i]
				default:
					final[query][row] = moved
				}
			}
		})
	}
	return final
}

// The distances are those of an independent program (testdata/reranking.py).
func TestRerankingAgainstNumPy(t *testing.T) {
	text, err := os.ReadFile("testdata/reranking.json")
	if err != nil {
		t.Fatal(err)
	}
	var of struct {
		Queries, Rows [][]float64
		Cases         []struct {
			K1, K2        int
			Lambda        float64
			Gallery, Self [][]float64
		}
	}
	if err := json.Unmarshal(text, &of); err != nil {
		t.Fatal(err)
	}
	q, g := vectorsOf(t, of.Queries), vectorsOf(t, of.Rows)
	for _, c := range of.Cases {
		x := Reranking{c.K1, c.K2, c.Lambda}
		sameDistances(t, x, finals(t, q, &g, x), c.Gallery)
		sameDistances(t, x, finals(t, g, nil, x)[:len(c.Self)], c.Self)
		sameDistances(t, x, denseReranking(of.Queries, of.Rows, false, x), c.Gallery)
	}
}

func vectorsOf(t *testing.T, rows [][]float64) Vectors {
	t.Helper()
	v, err := Float64(len(rows), len(rows[0]), slices.Concat(rows...))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sameDistances(t *testing.T, x Reranking, got, want [][]float64) {
	t.Helper()
	for i := range want {
		for j, w := range want[i] {
			if i == j && len(got) != len(want) {
				continue // of a row with itself
			}
			if math.Abs(got[i][j]-w) > 1e-12 {
				t.Fatalf("%+v: pair %d, %d has %v, want %v", x, i, j, got[i][j], w)
			}
		}
	}
}

// clusters are rows around a few centres, in random order.
func clusters(r *rand.Rand, rows, cols, classes int, centres [][]float64) (all [][]float64, labels []int) {
	for range rows {
		label := r.IntN(classes)
		row := make([]float64, cols)
		for k := range row {
			row[k] = centres[label][k] + 0.8*r.NormFloat64()
		}
		all, labels = append(all, row), append(labels, label)
	}
	return all, labels
}

// bruteProfiles count, per query, the negatives above each positive in turn.
func bruteProfiles(final [][]float64, ql, gl []int, self bool, left func(i, j int) bool) map[int][]int {
	all := map[int][]int{}
	for i := range final {
		var positives, negatives []float64
		for j, f := range final[i] {
			switch {
			case self && i == j || left != nil && left(i, j):
			case ql[i] == gl[j]:
				positives = append(positives, f)
			default:
				negatives = append(negatives, f)
			}
		}
		slices.Sort(positives)
		for _, p := range positives {
			above := 0
			for _, n := range negatives {
				if n < p {
					above++
				}
			}
			all[i] = append(all[i], above)
		}
	}
	return all
}

// Whole rankings are those of dense matrices: with and without a gallery, under rules,
// for any number of workers and size of tiles, with and without tiers.
func TestRerankedRanks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	var centres [][]float64
	for range 9 {
		row := make([]float64, 6)
		for k := range row {
			row[k] = r.NormFloat64()
		}
		centres = append(centres, row)
	}
	qRows, ql := clusters(r, 61, 6, 9, centres)
	gRows, gl := clusters(r, 83, 6, 8, centres) // one class has no row in the gallery
	q, g := vectorsOf(t, qRows), vectorsOf(t, gRows)
	qGroups, gGroups := make([]int, q.Rows), make([]int, g.Rows)
	for _, groups := range [][]int{qGroups, gGroups} {
		for i := range groups {
			groups[i] = r.IntN(3)
		}
	}

	defer func(t tiling) { tiles = t }(tiles)
	changed := false
	for _, x := range []Reranking{{20, 6, 0.3}, {5, 3, 0.3}, {4, 1, 0.05}, {6, 2, 1}, {64, 70, 0.5}} {
		for _, self := range []bool{true, false} {
			for _, ruled := range []bool{false, true} {
				rows, labels, groups := gRows, gl, gGroups
				if self {
					rows, labels, groups = qRows, ql, qGroups
				}
				rules := Rules{Reranking: x}
				var left func(i, j int) bool
				if ruled {
					rules.Groups = qGroups
					if !self {
						rules.GalleryGroups = gGroups
					}
					left = func(i, j int) bool { return qGroups[i] == groups[j] }
				}
				want := bruteProfiles(denseReranking(qRows, rows, self, x), ql, labels, self, left)
				plain := bruteProfiles(denseReranking(qRows, rows, self, Reranking{1, 1, 1}), ql, labels, self, left)
				changed = changed || !reflect.DeepEqual(want, plain)

				for _, size := range []tiling{{rows: 256, cols: 512, workers: 1}, {rows: 7, cols: 5, workers: 4}} {
					tiles = size
					got := map[int][]int{}
					o := Options{Rules: rules, Depth: len(rows), Profile: func(i int, p *Profile) {
						above := 0
						for _, tier := range p.Tiers {
							above += tier.Above
							for range tier.Positives {
								got[i] = append(got[i], above)
							}
							above += tier.Tied
						}
					}}
					best, all := evaluated(t, q, ql, g, gl, self, Options{Rules: rules}), evaluated(t, q, ql, g, gl, self, o)
					if !reflect.DeepEqual(got, want) {
						t.Fatalf("%+v, self %v, rules %v: negatives above the positives are\n%v, want\n%v", x, self, ruled, got, want)
					}
					if !slices.Equal(best.Above, all.Above) {
						t.Fatalf("%+v: the best positives are %v without tiers, and %v with them", x, best.Above, all.Above)
					}
				}
			}
		}
	}
	if !changed {
		t.Fatal("re-ranking changes nothing")
	}
}

func evaluated(t *testing.T, q Vectors, ql []int, g Vectors, gl []int, self bool, o Options) *Scores {
	t.Helper()
	var s *Scores
	var err error
	if self {
		s, err = Evaluate(t.Context(), q, ql, o)
	} else {
		s, err = EvaluateGallery(t.Context(), q, ql, g, gl, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// With λ = 0 rows that share nothing are tied, and none of them is undecided.
func TestRerankedByJaccardAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	_, rows := normalRows(r, 40, 4)
	labels := make([]int, 40)
	for i := range labels {
		labels[i] = i % 4
	}
	x := Reranking{3, 2, 0}
	final := denseReranking(rows, rows, true, x)
	v := vectorsOf(t, rows)
	s, err := Evaluate(t.Context(), v, labels, Options{Rules: Rules{Reranking: x}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	tied := 0
	for i := range rows {
		best := math.Inf(1)
		for j := range rows {
			if i != j && labels[i] == labels[j] {
				best = min(best, final[i][j])
			}
		}
		above, equal := int32(0), int32(0)
		for j := range rows {
			switch {
			case labels[i] == labels[j]:
			case final[i][j] < best-1e-12:
				above++
			case final[i][j] < best+1e-12:
				equal++
			}
		}
		tied += int(equal)
		if s.Above[i] != above || s.Equal[i] != equal {
			t.Errorf("query %d: %d above and %d equal, want %d and %d", i, s.Above[i], s.Equal[i], above, equal)
		}
	}
	if tied == 0 || s.Undecided != 0 {
		t.Errorf("%d ties, of which %d queries are undecided", tied, s.Undecided)
	}
}

// Equal rows are ties, one row of a class and few rows have an order, and nothing is NaN.
func TestRerankedEdges(t *testing.T) {
	for name, c := range map[string]struct {
		rows   [][]float64
		labels []int
		above  []int32
		equal  []int32
	}{
		"collapsed":    {[][]float64{{1, 2}, {1, 2}, {1, 2}, {1, 2}}, []int{0, 0, 1, 1}, []int32{0, 0, 0, 0}, []int32{2, 2, 2, 2}},
		"opposite":     {[][]float64{{1, 0}, {2, 0}, {-1, 0}, {-3, 0}}, []int{0, 0, 1, 1}, []int32{0, 0, 0, 0}, []int32{0, 0, 0, 0}},
		"a class of 1": {[][]float64{{1, 0}, {1, 0.1}, {0, 1}}, []int{0, 0, 1}, []int32{0, 0, -1}, []int32{0, 0, 0}},
	} {
		s, err := Evaluate(t.Context(), vectorsOf(t, c.rows), c.labels, Options{Rules: Rules{Reranking: Reranking{2, 2, 0.3}}, MAPAtR: true})
		if err != nil {
			t.Fatal(name, err)
		}
		if !slices.Equal(s.Above, c.above) || !slices.Equal(s.Equal, c.equal) {
			t.Errorf("%s: %v above and %v equal, want %v and %v", name, s.Above, s.Equal, c.above, c.equal)
		}
		for i, ap := range s.AP {
			if math.IsNaN(ap.Low) || math.IsNaN(ap.Expected) || math.IsNaN(ap.High) {
				t.Errorf("%s: query %d has AP %v", name, i, ap)
			}
		}
	}
}

// What outranks a query is what its ranks count.
func TestRerankedOutranking(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 9))
	v, _ := normalRows(r, 50, 5)
	labels, queries := make([]int, 50), make([]int, 50)
	for i := range labels {
		labels[i], queries[i] = i%5, i
	}
	rules := Rules{Reranking: Reranking{6, 3, 0.3}}
	s, err := Evaluate(t.Context(), v, labels, Options{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	_, best, ranks, err := Outranking(t.Context(), v, labels, nil, nil, rules, queries, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ranks {
		if int32(ranks[i]) != s.Above[i]+s.Equal[i]+1 || math.Abs(best[i].Similarity) > 1 {
			t.Errorf("query %d: rank %d with cosine %v, and %d rows are above", i, ranks[i], best[i].Similarity, s.Above[i])
		}
	}
}

func TestRerankingRefuses(t *testing.T) {
	v, _ := normalRows(rand.New(rand.NewPCG(1, 9)), 4, 3)
	for _, c := range []struct {
		rules Rules
		want  string
	}{
		{Rules{Reranking: Reranking{0, 6, 0.3}}, "k1 = 0 and k2 = 6"},
		{Rules{Reranking: Reranking{20, 0, 0.3}}, "k1 = 20 and k2 = 0"},
		{Rules{Reranking: Reranking{20, 6, 1.1}}, "λ = 1.1"},
		{Rules{Reranking: Reranking{20, 6, math.NaN()}}, "λ = NaN"},
		{Rules{Reranking: Reranking{20, 6, 0.3}, Similarity: Euclidean}, "of cosines alone"},
	} {
		if _, err := Evaluate(t.Context(), v, []int{0, 0, 1, 1}, Options{Rules: c.rules}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.rules, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Evaluate(ctx, v, []int{0, 0, 1, 1}, Options{Rules: Rules{Reranking: Reranking{2, 2, 0.3}}}); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gives %v", err)
	}
}

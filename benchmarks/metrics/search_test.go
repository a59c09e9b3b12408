package metrics

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gpwbench/benchmarks/retrieval"
)

// spread is a set of classes that overlap.
func spread(t *testing.T, r *rand.Rand, rows int) (Set, [][]float64) {
	t.Helper()
	data, all, labels := []float64{}, [][]float64{}, []int{}
	for i := range rows {
		row := []float64{r.NormFloat64() + float64(i%4), r.NormFloat64(), r.NormFloat64() - float64(i%3)}
		data, all, labels = append(data, row...), append(all, row), append(labels, i%4)
	}
	v, err := retrieval.Float64(rows, 3, data)
	if err != nil {
		t.Fatal(err)
	}
	return Set{v, labels}, all
}

func cosine(a, b []float64) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for k := range a {
		ab, aa, bb = ab+a[k]*b[k], aa+a[k]*a[k], bb+b[k]*b[k]
	}
	return ab / math.Sqrt(aa*bb)
}

// order is the gallery as a query finds it, without the row left.
func order(query []float64, gallery [][]float64, left int) []int {
	var rows []int
	for j := range gallery {
		if j != left {
			rows = append(rows, j)
		}
	}
	slices.SortFunc(rows, func(a, b int) int {
		return cmp.Compare(cosine(query, gallery[b]), cosine(query, gallery[a]))
	})
	return rows
}

// bruteExpandedMRR searches twice, by sorting all cosines.
func bruteExpandedMRR(q [][]float64, ql []int, g [][]float64, gl []int, self bool, x retrieval.Expansion) float64 {
	sum := 0.0
	for i, query := range q {
		left := -1
		if self {
			left = i
		}
		moved := make([]float64, len(query))
		add := func(row []float64, weight float64) {
			length := math.Sqrt(row[0]*row[0] + row[1]*row[1] + row[2]*row[2])
			for k, v := range row {
				moved[k] += weight * v / length
			}
		}
		add(query, 1)
		for _, j := range order(query, g, left)[:x.K] {
			add(g[j], math.Pow(math.Max(0, cosine(query, g[j])), x.Alpha))
		}
		for rank, j := range order(moved, g, left) {
			if gl[j] == ql[i] {
				sum += 1 / float64(rank+1)
				break
			}
		}
	}
	return sum / float64(len(q))
}

// Expanded queries search all rows but their own, or the gallery. Metrics that rank
// nothing are of the rows as given.
func TestExpandedQueries(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	queries, queryRows := spread(t, r, 40)
	g, galleryRows := spread(t, r, 50)
	asked, err := ParseAll([]string{"mrr,uniformity"}, nil)
	if err != nil {
		t.Fatal(err)
	}

	x := retrieval.Expansion{K: 3, Alpha: 2}
	for _, gallery := range []*Set{nil, &g} {
		want := bruteExpandedMRR(queryRows, queries.Labels, queryRows, queries.Labels, true, x)
		if gallery != nil {
			want = bruteExpandedMRR(queryRows, queries.Labels, galleryRows, g.Labels, false, x)
		}
		e, err := Evaluate(t.Context(), queries, gallery, asked, Options{Expansion: x, Worst: 40})
		if err != nil {
			t.Fatal(err)
		}
		plain, err := Evaluate(t.Context(), queries, gallery, asked, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if v := e.Values[0]; !near(v.Expected, want) || v.Expected == plain.Values[0].Expected || len(v.Notes) != 1 {
			t.Errorf("gallery %v: %v, want %v, without expansion %v; notes %q", gallery != nil, v.Range, want, plain.Values[0].Expected, v.Notes)
		}
		if v, w := e.Values[1], plain.Values[1]; v.Expected != w.Expected || len(v.Notes) != len(w.Notes)+1 {
			t.Errorf("uniformity is not of the rows as given, or that is not said: %+v, %+v", v, w)
		}
		for _, w := range e.Worst {
			if gallery == nil && (w.Best.Row == w.Row || slices.ContainsFunc(w.Before, func(f retrieval.Found) bool { return f.Row == w.Row })) {
				t.Errorf("query %d finds its own row: %+v", w.Row, w)
			}
			if w.Value != 1/float64(w.Rank) {
				t.Errorf("query %d: rank %d, and a reciprocal rank of %v", w.Row, w.Rank, w.Value)
			}
		}
	}

	for _, rules := range []retrieval.Rules{{Similarity: retrieval.Dot}, {NoCopies: true}} {
		if _, err := Evaluate(t.Context(), queries, nil, asked, Options{Expansion: x, Rules: rules}); err == nil {
			t.Errorf("expansion goes with %+v", rules)
		}
	}
}

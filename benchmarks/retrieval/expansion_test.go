package retrieval

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// bruteExpansion is the definition: all cosines of a query, sorted.
func bruteExpansion(q, g [][]float64, self bool, k int, alpha float64) [][]float64 {
	unit := func(x []float64) []float64 {
		length := 0.0
		for _, v := range x {
			length = math.Hypot(length, v)
		}
		u := make([]float64, len(x))
		for i, v := range x {
			u[i] = v / length
		}
		return u
	}

	var all [][]float64
	for i := range q {
		type found struct {
			cosine float64
			row    []float64
		}
		var list []found
		u := unit(q[i])
		for j := range g {
			if self && i == j {
				continue
			}
			v, cosine := unit(g[j]), 0.0
			for d := range v {
				cosine += u[d] * v[d]
			}
			list = append(list, found{cosine, v})
		}
		slices.SortFunc(list, func(a, b found) int {
			if a.cosine > b.cosine {
				return -1
			}
			return 1
		})
		for _, f := range list[:min(k, len(list))] {
			w := 1.0
			if alpha > 0 {
				w = math.Pow(math.Max(f.cosine, 0), alpha)
			}
			for d, v := range f.row {
				u[d] += w * v
			}
		}
		all = append(all, u)
	}
	return all
}

func normalRows(r *rand.Rand, rows, cols int) (Vectors, [][]float64) {
	data, all := []float64{}, [][]float64{}
	for range rows {
		row := make([]float64, cols)
		for k := range row {
			row[k] = r.NormFloat64()
		}
		data, all = append(data, row...), append(all, row)
	}
	v, err := Float64(rows, cols, data)
	if err != nil {
		panic(err)
	}
	return v, all
}

func TestExpand(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	q, qRows := normalRows(r, 23, 5)
	g, gRows := normalRows(r, 31, 5)
	for _, e := range []Expansion{{1, 0}, {4, 0}, {4, 1}, {3, 2.5}, {100, 3}} {
		for _, gallery := range []*Vectors{nil, &g} {
			want := bruteExpansion(qRows, qRows, true, e.K, e.Alpha)
			if gallery != nil {
				want = bruteExpansion(qRows, gRows, false, e.K, e.Alpha)
			}
			got, err := e.Expand(t.Context(), q, gallery)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want {
				for k, v := range got.wideRow(i) {
					if math.Abs(v-want[i][k]) > 1e-12 {
						t.Fatalf("%+v, gallery %v: query %d is %v, want %v", e, gallery != nil, i, got.wideRow(i), want[i])
					}
				}
			}
		}
	}
}

func TestExpandRefuses(t *testing.T) {
	opposite, err := Float64(2, 2, []float64{3, 0, -1, 0})
	if err != nil {
		t.Fatal(err)
	}
	strange, err := Float64(2, 2, []float64{3, 0, math.NaN(), 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of   Expansion
		x    Vectors
		want string
	}{
		{Expansion{0, 1}, opposite, "expansion by 0 rows"},
		{Expansion{1, -1}, opposite, "α = -1"},
		{Expansion{1, math.NaN()}, opposite, "α = NaN"},
		{Expansion{1, math.Inf(1)}, opposite, "α = +Inf"},
		{Expansion{1, 0}, opposite, "query 0 and the 1 rows that it found cancel out"},
		{Expansion{1, 0}, strange, "row 1 holds NaN"},
	} {
		if _, err := c.of.Expand(t.Context(), c.x, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.of, err, c.want)
		}
	}
	if x, err := (Expansion{1, 2}).Expand(t.Context(), opposite, nil); err != nil || x.wideRow(0)[0] != 1 {
		t.Errorf("a row of negative similarity weighs something: %v, %v", x, err)
	}
}

package retrieval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/matrix"
)

// A rank is a row as a query meets it under rules, by definition.
type rank struct {
	similarity float64
	positive   bool
}

// ruledRanks lists what counts for query i, whose similarities are quotients of small
// integers, in any order.
func ruledRanks(r Rules, x matrix.Matrix, labels []int, g matrix.Matrix, gl []int, self bool, i int) []rank {
	groups, sets := r.GalleryGroups, r.GalleryLabels
	if self {
		groups, sets = r.Groups, r.Labels
	}
	var all []rank
	for j, c := range candidates(x.Row(i), labels[i], g, gl, -1) {
		positive := c.positive
		if r.Labels != nil {
			positive = slices.ContainsFunc(r.Labels[i], func(l int) bool { return slices.Contains(sets[j], l) })
		}
		if self && i == j || r.Groups != nil && r.Groups[i] == groups[j] && (positive || !r.SameClassOnly) {
			continue
		}
		equal := slices.Equal(x.Row(i), g.Row(j))
		switch dot, apart := products(x.Row(i), g.Row(j)); r.Similarity {
		case Dot:
			c.similarity = dot
		case Euclidean:
			c.similarity = -apart
		default: // rows of one direction are copies
			equal = parallel(x.Row(i), g.Row(j))
		}
		if r.NoCopies && equal {
			continue
		}
		all = append(all, rank{c.similarity, positive})
	}
	return all
}

func products(x, y []float32) (dot, apart float64) {
	for k := range x {
		dot += float64(x[k]) * float64(y[k])
		apart += float64(x[k]-y[k]) * float64(x[k]-y[k])
	}
	return dot, apart
}

// parallel reports whether two rows of small integers have one direction.
func parallel(x, y []float32) bool {
	for a := range x {
		for b := range a {
			if x[a]*y[b] != x[b]*y[a] {
				return false
			}
		}
	}
	dot, _ := products(x, y)
	return dot > 0
}

// tiersOf divides ranks into tiers.
func tiersOf(all []rank) (tiers []Tier, positives, negatives int) {
	slices.SortFunc(all, func(a, b rank) int {
		if a.similarity > b.similarity {
			return -1
		}
		return 1
	})
	above := 0
	for from, to := 0, 0; from < len(all); from = to {
		t := Tier{}
		for to = from; to < len(all) && all[to].similarity == all[from].similarity; to++ {
			if all[to].positive {
				t.Positives++
			} else {
				t.Tied++
			}
		}
		positives, negatives = positives+t.Positives, negatives+t.Tied
		if t.Positives == 0 {
			above += t.Tied
			continue
		}
		t.Above, above = above, 0
		tiers = append(tiers, t)
	}
	return tiers, positives, negatives
}

// Profiles under every combination of rules against listing all rows, in sets with many
// ties and on tiles that divide them.
func TestRulesBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for trial := range 240 {
		x, labels := randomSet(rng, 2+rng.IntN(80), 2+rng.IntN(3), 1+rng.IntN(10))
		self := trial%2 == 0
		g, gl := x, labels
		if !self {
			g, gl = randomSet(rng, 1+rng.IntN(80), x.Cols, 1+rng.IntN(10))
		}
		r := Rules{Similarity: Similarity(trial % 3), NoCopies: rng.IntN(3) == 0, SameClassOnly: rng.IntN(2) == 0}
		if rng.IntN(2) == 0 {
			r.Groups = fewInts(rng, x.Rows)
			if !self {
				r.GalleryGroups = fewInts(rng, g.Rows)
			}
		}
		if rng.IntN(2) == 0 {
			r.Labels = fewSets(rng, x.Rows)
			if !self {
				r.GalleryLabels = fewSets(rng, g.Rows)
			}
		}

		got := map[int]Profile{}
		o := Options{Ks: []int{1}, MAPAtR: true, Depth: g.Rows, Rules: r, Profile: func(query int, p *Profile) {
			c := *p
			c.Tiers = slices.Clone(p.Tiers)
			got[query] = c
		}}
		if err := r.check(Float32(x), Float32(g), self); err != nil {
			t.Fatal(err)
		}
		q, gallery := r.sides(Float32(x), labels, Float32(g), gl, self)
		s, err := evaluate(t.Context(), q, gallery, self, o, tiling{rows: 8, cols: 16, workers: 3})
		if err == ErrNoPositives {
			s, err = &Scores{Above: slices.Repeat([]int32{-1}, x.Rows)}, nil
		}
		if err != nil {
			t.Fatal(err)
		}

		for i := range x.Rows {
			tiers, positives, negatives := tiersOf(ruledRanks(r, x, labels, g, gl, self, i))
			where := fmt.Sprintf("trial %d (%+v), query %d", trial, r.Similarity, i)
			if positives == 0 {
				if _, visited := got[i]; visited || s.Above[i] != -1 {
					t.Fatalf("%s: no positive, but it has a profile", where)
				}
				continue
			}
			p := got[i]
			if p.Positives != positives || p.Negatives != negatives || p.Best != tiers[0] || !slices.Equal(p.Tiers, tiers) {
				t.Fatalf("%s: %+v, want %d, %d, %+v", where, p, positives, negatives, tiers)
			}
		}
	}
}

func fewInts(rng *rand.Rand, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = rng.IntN(3)
	}
	return all
}

func fewSets(rng *rand.Rand, n int) [][]int {
	all := make([][]int, n)
	for i := range all {
		for range rng.IntN(3) {
			all[i] = append(all[i], rng.IntN(12))
		}
	}
	return all
}

// Rows far from the origin, whose distances float32 loses, and rows of very different
// lengths are ordered as float64 orders them.
func TestSimilaritiesBeyondFloat32(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, kind := range []Similarity{Dot, Euclidean} {
		data := make([]float64, 200*3)
		labels := make([]int, 200)
		for i := range data {
			data[i] = rng.NormFloat64() * 1e-6
			if kind == Euclidean {
				data[i] += 1
			}
		}
		for i := range labels {
			labels[i] = rng.IntN(20)
		}
		v, err := Float64(200, 3, data)
		if err != nil {
			t.Fatal(err)
		}
		var got []int32
		s, err := Evaluate(t.Context(), v, labels, Options{Ks: []int{1}, Rules: Rules{Similarity: kind}})
		if err != nil {
			t.Fatal(err)
		}
		got = s.Above
		if s.Undecided > 0 {
			t.Errorf("similarity %d: %d queries are undecided", kind, s.Undecided)
		}
		for i := range labels {
			value := func(j int) float64 {
				sum := 0.0
				for k := range 3 {
					a, b := data[3*i+k], data[3*j+k]
					if kind == Dot {
						sum += a * b
					} else {
						sum -= (a - b) * (a - b)
					}
				}
				return sum
			}
			best, above := -1, int32(0)
			for j := range labels {
				if j != i && labels[j] == labels[i] && (best < 0 || value(j) > value(best)) {
					best = j
				}
			}
			for j := range labels {
				if best >= 0 && labels[j] != labels[i] && value(j) > value(best) {
					above++
				}
			}
			if best >= 0 && got[i] != above {
				t.Fatalf("similarity %d, query %d: %d negatives above, want %d", kind, i, got[i], above)
			}
		}
	}
}

func TestRulesRefusals(t *testing.T) {
	x := rowsOf([]float32{1, 0}, []float32{1, 0}, []float32{1, 0})
	huge, err := Float64(3, 2, []float64{1e300, 1, 1, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	labels := []int{0, 0, 0}
	for want, r := range map[string]Rules{
		"2 and 2 groups for 3 queries":        {Groups: []int{1, 2}},
		"the gallery has groups, and the que": {GalleryGroups: labels},
		"labels of 1 and 1 rows":              {Labels: [][]int{{1}}},
		"and the queries have one":            {GalleryLabels: make([][]int, 3)},
	} {
		if _, err := Evaluate(t.Context(), Float32(x), labels, Options{Rules: r}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := Evaluate(t.Context(), huge, labels, Options{Rules: Rules{Similarity: Dot}}); err == nil || !strings.Contains(err.Error(), "scale all rows by one factor") {
		t.Errorf("rows that were scaled: %v", err)
	}
}

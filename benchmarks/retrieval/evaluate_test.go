package retrieval

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// Many tests use vectors of small integers, of which similarities can be compared
// exactly, so that ties are where they should be.

// randomSet has few values, hence ties and duplicates, and labels of few classes, hence
// also singletons. No row is zero.
func randomSet(rng *rand.Rand, rows, cols, classes int) (matrix.Matrix, []int) {
	x := matrix.New(rows, cols)
	for i := range x.Data {
		x.Data[i] = float32(rng.IntN(4) - 1)
	}
	for i := range rows {
		if f32.Dot(x.Row(i), x.Row(i)) == 0 {
			x.Row(i)[rng.IntN(cols)] = 1
		}
	}
	labels := make([]int, rows)
	for i := range labels {
		labels[i] = 10 * rng.IntN(classes)
	}
	return x, labels
}

// A candidate is what a query meets in the gallery.
type candidate struct {
	similarity float64
	positive   bool
}

// candidates of query i, by definition: one inner product after another. self is -1 for a
// gallery of others. Instead of the cosine, which is irrational, they have its square
// times the squared length of the query, with its sign: a quotient of small integers,
// whose order is that of the cosine, and exact.
func candidates(q []float32, label int, g matrix.Matrix, gl []int, self int) []candidate {
	var all []candidate
	for j := range g.Rows {
		if j == self {
			continue
		}
		s, square := 0.0, 0.0
		for d, v := range g.Row(j) {
			s += float64(v) * float64(q[d])
			square += float64(v) * float64(v)
		}
		all = append(all, candidate{s * math.Abs(s) / square, gl[j] == label})
	}
	return all
}

// metrics of one ranking: whether a positive is among the first k, AP@R, R-precision.
func metrics(ranking []candidate, k int) (hit, ap, rp float64) {
	r := 0
	for _, c := range ranking {
		if c.positive {
			r++
		}
	}
	found := 0.0
	for i, c := range ranking {
		if !c.positive {
			continue
		}
		found++
		if i < k {
			hit = 1
		}
		if i < r {
			ap += found / float64(i+1)
			rp++
		}
	}
	return hit, ap / float64(r), rp / float64(r)
}

// sorted returns the candidates in descending similarity; of equal ones, positives come
// first or last.
func sorted(all []candidate, positivesFirst bool) []candidate {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b candidate) int {
		switch {
		case a.similarity > b.similarity:
			return -1
		case a.similarity < b.similarity:
			return 1
		case a.positive == b.positive:
			return 0
		case a.positive == positivesFirst:
			return -1
		}
		return 1
	})
	return all
}

// rankings calls f with every order of the candidates in which similarity does not
// increase.
func rankings(all []candidate, f func([]candidate)) {
	var place func(n int)
	all = slices.Clone(all)
	place = func(n int) {
		if n == len(all) {
			f(all)
			return
		}
		best := math.Inf(-1)
		for _, c := range all[n:] {
			best = max(best, c.similarity)
		}
		for i := n; i < len(all); i++ {
			if all[i].similarity == best {
				all[n], all[i] = all[i], all[n]
				place(n + 1)
				all[n], all[i] = all[i], all[n]
			}
		}
	}
	place(0)
}

func isLonely(all []candidate) bool {
	return !slices.ContainsFunc(all, func(c candidate) bool { return c.positive })
}

const eps = 1e-12

func near(a, b float64) bool { return math.Abs(a-b) < eps }

// Against the definition: sort with ties for the query, and against it.
func TestEvaluateBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 60 {
		x, labels := randomSet(rng, 2+rng.IntN(60), 1+rng.IntN(4), 1+rng.IntN(20))
		g, gl := x, labels
		gallery := trial%2 == 1
		if gallery {
			g, gl = randomSet(rng, 1+rng.IntN(60), x.Cols, 1+rng.IntN(20))
		}
		o := Options{Ks: []int{1, 2, 5, 1000}, MAPAtR: true}
		var s *Scores
		var err error
		if gallery {
			s, err = EvaluateGallery(t.Context(), Float32(x), labels, Float32(g), gl, o)
		} else {
			s, err = Evaluate(t.Context(), Float32(x), labels, o)
		}

		alone, n := 0, 0.0
		recall, pessimistic := map[int]float64{}, map[int]float64{}
		var ap, rp Range
		for i := range x.Rows {
			self := i
			if gallery {
				self = -1
			}
			all := candidates(x.Row(i), labels[i], g, gl, self)
			if isLonely(all) {
				alone++
				continue
			}
			n++
			for _, k := range o.Ks {
				hit, apHigh, rpHigh := metrics(sorted(all, true), k)
				miss, apLow, rpLow := metrics(sorted(all, false), k)
				recall[k] += hit
				pessimistic[k] += miss
				if k == 1 {
					ap.Low, ap.High = ap.Low+apLow, ap.High+apHigh
					rp.Low, rp.High = rp.Low+rpLow, rp.High+rpHigh
				}
			}
		}
		if n == 0 {
			if err == nil {
				t.Errorf("trial %d: all queries lack positives, but no error", trial)
			}
			continue
		}
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if s.Queries != x.Rows || s.WithoutPositives != alone {
			t.Errorf("trial %d: %d queries, %d without positives; want %d, %d", trial, s.Queries, s.WithoutPositives, x.Rows, alone)
		}
		for _, k := range o.Ks {
			if !near(s.Recall(k), recall[k]/n) || !near(s.RecallPessimistic(k), pessimistic[k]/n) {
				t.Errorf("trial %d: Recall@%d %v, pessimistic %v; want %v, %v", trial, k, s.Recall(k), s.RecallPessimistic(k), recall[k]/n, pessimistic[k]/n)
			}
			if e := s.RecallExpected(k); e < s.RecallPessimistic(k)-eps || e > s.Recall(k)+eps {
				t.Errorf("trial %d: expected Recall@%d %v outside [%v, %v]", trial, k, e, s.RecallPessimistic(k), s.Recall(k))
			}
		}
		gotAP, _ := s.MAPAtR()
		gotRP, _ := s.RPrecision()
		got := []float64{gotAP.Low, gotAP.High, gotRP.Low, gotRP.High}
		want := []float64{ap.Low / n, ap.High / n, rp.Low / n, rp.High / n}
		if !slices.EqualFunc(got, want, near) {
			t.Errorf("trial %d: MAP@R low, high, R-precision low, high: %v, want %v", trial, got, want)
		}
	}
}

// Expected values are means over all orders of ties, and the extremes are attained.
func TestEvaluateEveryOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for trial := range 40 {
		x, labels := randomSet(rng, 7, 2, 2+rng.IntN(2)) // at most 6! orders of the others
		s, err := Evaluate(t.Context(), Float32(x), labels, Options{MAPAtR: true})
		if err != nil {
			t.Fatal(err)
		}
		for i := range x.Rows {
			all := candidates(x.Row(i), labels[i], x, labels, i)
			if isLonely(all) {
				if s.Above[i] != -1 {
					t.Errorf("trial %d: query %d has no positive, but Above is %d", trial, i, s.Above[i])
				}
				continue
			}
			for k := 1; k <= 7; k++ {
				n, hits, ap, rp := 0.0, 0.0, 0.0, 0.0
				rangeAP := Range{Low: 1}
				rankings(all, func(ranking []candidate) {
					h, a, r := metrics(ranking, k)
					n, hits, ap, rp = n+1, hits+h, ap+a, rp+r
					rangeAP.Low, rangeAP.High = min(rangeAP.Low, a), max(rangeAP.High, a)
				})
				if got := ExpectedHit(int(s.Above[i]), int(s.Equal[i]), int(s.PosEqual[i]), k); !near(got, hits/n) {
					t.Errorf("trial %d query %d: expected hit@%d %v, want %v", trial, i, k, got, hits/n)
				}
				if !near(s.AP[i].Expected, ap/n) || !near(s.AP[i].Low, rangeAP.Low) || !near(s.AP[i].High, rangeAP.High) || !near(s.RP[i].Expected, rp/n) {
					t.Errorf("trial %d query %d: AP %v, RP %v; want %v in %v, %v", trial, i, s.AP[i], s.RP[i], ap/n, rangeAP, rp/n)
				}
			}
		}
	}
}

// The closed form against the hypergeometric ratio by logarithms of factorials, for ties
// too large to enumerate.
func TestExpectedHitLargeTies(t *testing.T) {
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	for _, c := range []struct{ e, p, k int }{{60000, 5, 1000}, {60000, 1, 60000}, {1000, 30000, 3}, {4000, 4000, 1}, {59999, 400, 100}} {
		want := -math.Expm1(choose(c.e, c.k) - choose(c.e+c.p, c.k))
		if got := ExpectedHit(0, c.e, c.p, c.k); math.Abs(got-want) > 1e-8 {
			t.Errorf("%+v: %v, want %v", c, got, want)
		}
	}
}

func TestAllEqualEmbeddings(t *testing.T) {
	const classes, perClass = 10, 4
	x, labels := matrix.New(classes*perClass, 8), make([]int, classes*perClass)
	for i := range labels {
		x.Row(i)[3] = 1
		labels[i] = i % classes
	}
	s, err := Evaluate(t.Context(), Float32(x), labels, Options{Ks: []int{1}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	if s.Recall(1) != 1 || s.RecallPessimistic(1) != 0 || s.Ties != len(labels) {
		t.Errorf("Recall@1 %v, pessimistic %v, %d ties; want 1, 0, %d", s.Recall(1), s.RecallPessimistic(1), s.Ties, len(labels))
	}
	rp, _ := s.RPrecision()
	if want := 3.0 / 39; !near(s.RecallExpected(1), want) || !near(rp.Expected, want) { // 3 positives among 39 others
		t.Errorf("expected Recall@1 %v, R-precision %v; want %v", s.RecallExpected(1), rp.Expected, want)
	}
	if ap, ok := s.MAPAtR(); !ok || ap.Low != 0 || ap.High != 1 {
		t.Errorf("MAP@R in [%v, %v], want [0, 1]", ap.Low, ap.High)
	}
	for _, k := range []int{37, 1000} { // beyond the 36 negatives, and beyond the gallery
		if s.RecallPessimistic(k) != 1 || s.RecallExpected(k) != 1 {
			t.Errorf("K = %d: pessimistic %v, expected %v; want 1", k, s.RecallPessimistic(k), s.RecallExpected(k))
		}
	}
}

// A worked example. Query 0 of class 7: its duplicate, row 3, is of class 8 and so a
// negative at similarity 1; positives are at 0.6 and 0; another negative, of another
// length, is at 0.6. Row 4 is alone in its class.
func TestEvaluateByHand(t *testing.T) {
	x := rowsOf([]float32{2, 0}, []float32{3, 4}, []float32{0, 1}, []float32{2, 0}, []float32{6, -8})
	s, err := Evaluate(t.Context(), Float32(x), []int{7, 7, 7, 8, 9}, Options{Ks: []int{1}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	if s.Above[0] != 1 || s.Equal[0] != 1 || s.PosEqual[0] != 1 || s.WithoutPositives != 2 || s.Above[3] != -1 || s.Above[4] != -1 {
		t.Errorf("above %v, equal %v, posEqual %v, without positives %d", s.Above, s.Equal, s.PosEqual, s.WithoutPositives)
	}
	// R = 2: place 1 is the duplicate, place 2 the positive or the negative at 0.6, each
	// in half of the orders.
	if want := (Range{0, 0.125, 0.25}); s.AP[0] != want {
		t.Errorf("AP@R %v, want %v", s.AP[0], want)
	}
	if want := (Range{0, 0.25, 0.5}); s.RP[0] != want {
		t.Errorf("R-precision %v, want %v", s.RP[0], want)
	}
}

// Duplicates of general vectors tie to the bit, though their similarities are rounded.
func TestDuplicatesTie(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n, dim = 300, 67 // no multiple of any vector width
	x, labels := matrix.New(n, dim), make([]int, n)
	for i := range n {
		for j := range x.Row(i) {
			x.Row(i)[j] = float32(rng.NormFloat64())
		}
		labels[i] = i % 10
	}
	for i := 20; i < n; i += 20 { // row i, of class 0, equals row i-19, of class 1, and row i-10, of its own class
		copy(x.Row(i), x.Row(i-19))
		copy(x.Row(i-10), x.Row(i-19))
	}
	s, err := Evaluate(t.Context(), Float32(x), labels, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := 20; i < n; i += 20 {
		if s.Above[i] != 0 || s.Equal[i] != 1 || s.PosEqual[i] != 1 {
			t.Errorf("query %d: above %d, equal %d, posEqual %d; want 0, 1, 1", i, s.Above[i], s.Equal[i], s.PosEqual[i])
		}
	}
}

// unheld is a side whose directions are held by windows.
func unheld(s side) side {
	s.x.Data = nil
	return s
}

func TestTilingDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	x, labels := randomSet(rng, 211, 3, 9)
	q, ql := randomSet(rng, 97, 3, 9)
	for _, self := range []bool{true, false} {
		g := inClassOrder(Float32(x), labels)
		queries := g
		if !self {
			queries = inClassOrder(Float32(q), ql)
		}
		o := Options{Ks: []int{1}, MAPAtR: true}
		want, err := evaluate(t.Context(), queries, g, self, o, tiling{rows: 1000, cols: 1000, workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, tl := range []tiling{{rows: 1, cols: 1, workers: 1}, {rows: 7, cols: 13, workers: 3}, {rows: 64, cols: 211, workers: 8}, {rows: 97, cols: 5, workers: 2}, {rows: 16, cols: 16, workers: 1, integers: 1}, {rows: 32, cols: 48, workers: 3, integers: 1}, {rows: 96, cols: 208, workers: 8, integers: 1},
			{rows: 8, cols: 8, workers: 3, window: 24}, {rows: 5, cols: 9, workers: 2, window: 205}, {rows: 16, cols: 32, workers: 3, integers: 1, window: 48}} {
			queries, g := queries, g
			if tl.window > 0 {
				queries, g = unheld(queries), unheld(g)
			}
			got, err := evaluate(t.Context(), queries, g, self, o, tl)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("self %v, %+v: scores differ from those in one tile (error %v)", self, tl, err)
			}
			counts, err := evaluate(t.Context(), queries, g, self, Options{Ks: o.Ks}, tl) // without MAP@R, columns are counted where they are
			if err != nil {
				t.Fatal(err)
			}
			counts.AP, counts.RP = want.AP, want.RP
			if !reflect.DeepEqual(counts, want) {
				t.Errorf("self %v, %+v: ranks differ when MAP@R is not asked for", self, tl)
			}
		}
	}
}

// Scores follow the rows, whatever their order.
func TestRowOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	x, labels := randomSet(rng, 80, 3, 6)
	want, err := Evaluate(t.Context(), Float32(x), labels, Options{MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	order := rng.Perm(80)
	shuffled, shuffledLabels := matrix.New(80, 3), make([]int, 80)
	f32.Gather(shuffled, x, order)
	for i, r := range order {
		shuffledLabels[i] = labels[r]
	}
	got, err := Evaluate(t.Context(), Float32(shuffled), shuffledLabels, Options{MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range order {
		if got.Above[i] != want.Above[r] || got.Equal[i] != want.Equal[r] || got.PosEqual[i] != want.PosEqual[r] || got.AP[i] != want.AP[r] || got.RP[i] != want.RP[r] {
			t.Errorf("row %d moved to %d: scores differ", r, i)
		}
	}
}

func TestEvaluateRefusals(t *testing.T) {
	x := rowsOf([]float32{1, 0}, []float32{0, 1})
	nan := rowsOf([]float32{1, 0}, []float32{0, float32(math.NaN())})
	self := func(x matrix.Matrix, labels []int, ks ...int) error {
		_, err := Evaluate(t.Context(), Float32(x), labels, Options{Ks: ks})
		return err
	}
	gallery := func(q matrix.Matrix, ql []int, g matrix.Matrix, gl []int) error {
		_, err := EvaluateGallery(t.Context(), Float32(q), ql, Float32(g), gl, Options{})
		return err
	}
	y := []int{1, 1}
	for want, err := range map[string]error{
		"retrieval: no embeddings: there is nothing to retrieve":                                       self(matrix.Matrix{}, nil),
		"retrieval: embeddings: 2 rows, but 3 labels: they must agree":                                 self(x, []int{1, 1, 1}),
		"retrieval: embeddings: row 1 holds NaN or infinity: remove or re-extract it":                  self(nan, y),
		"retrieval: no query has a positive in the gallery: are these the labels of these embeddings?": self(x, []int{1, 2}),
		"retrieval: Recall@0: K is at least 1":                                                         self(x, y, 1, 0),
		"retrieval: no queries: there is nothing to retrieve":                                          gallery(matrix.Matrix{}, nil, x, y),
		"retrieval: no gallery: there is nothing to retrieve":                                          gallery(x, y, matrix.Matrix{}, nil),
		"retrieval: queries have 2 dimensions, the gallery 1: they must come from one model":           gallery(x, y, rowsOf([]float32{1}), []int{1}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestMAPAtRNotAskedFor(t *testing.T) {
	s, err := Evaluate(t.Context(), Float32(rowsOf([]float32{1}, []float32{1})), []int{0, 0}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, scores := range []*Scores{s, {}, {Above: []int32{0, 0}, AP: make([]Range, 1), RP: make([]Range, 1)}} {
		for _, metric := range []func() (Range, bool){scores.MAPAtR, scores.RPrecision} {
			if mean, ok := metric(); ok || mean != (Range{}) {
				t.Errorf("what was not asked for is %v, %v", mean, ok)
			}
		}
	}
}

// A nil context never ends, and vectors that are not what their shape says are refused.
func TestMalformed(t *testing.T) {
	x, labels := Float32(rowsOf([]float32{1, 0}, []float32{0, 1})), []int{0, 0}
	altered := x
	altered.Rows = 3
	if _, err := Evaluate(nil, x, labels, Options{Ks: []int{1}, MAPAtR: true, Clustering: true}); err != nil {
		t.Error(err)
	}
	if _, err := EvaluateGallery(nil, x, labels, x, labels, Options{}); err != nil {
		t.Error(err)
	}
	if _, err := Neighbours(nil, x, 1); err != nil {
		t.Error(err)
	}
	if _, err := NeighboursIn(nil, x, x, 1); err != nil {
		t.Error(err)
	}

	for _, wrong := range []Vectors{altered, {Rows: 2, Cols: 2}, {Rows: -1, Cols: 2}, Float32(matrix.New(-1, 2)), Float32(matrix.Matrix{Rows: 2, Cols: 2})} {
		if _, err := Evaluate(t.Context(), wrong, make([]int, max(wrong.Rows, 0)), Options{}); err == nil {
			t.Errorf("%d×%d: evaluated", wrong.Rows, wrong.Cols)
		}
		if _, err := NeighboursIn(t.Context(), x, wrong, 1); err == nil {
			t.Errorf("%d×%d: searched", wrong.Rows, wrong.Cols)
		}
	}
	for _, size := range [][2]int{{-1, -2}, {1 << 32, 1 << 32}, {1, 3}} {
		if _, err := Float64(size[0], size[1], []float64{1, 2}); err == nil {
			t.Errorf("two numbers are %d rows of %d", size[0], size[1])
		}
	}
}

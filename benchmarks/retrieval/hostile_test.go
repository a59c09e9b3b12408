package retrieval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A hostileSet is vectors of which float32, or even float64, cannot tell how similar they
// are.
type hostileSet struct {
	kind   string
	cols   int
	rows   [][]float64 // what the vectors are, whichever precision they are in
	labels []int
	narrow bool // in float32
}

func (s hostileSet) vectors() Vectors {
	if !s.narrow {
		return float64s(len(s.rows), s.cols, slices.Concat(s.rows...))
	}
	x := matrix.New(len(s.rows), s.cols)
	for i, row := range s.rows {
		for k, v := range row {
			x.Row(i)[k] = float32(v)
		}
	}
	return Float32(x)
}

// hostileKinds change rows of normal deviates.
var hostileKinds = []struct {
	name   string
	change func(rng *rand.Rand, s *hostileSet)
}{
	{"ordinary", func(*rand.Rand, *hostileSet) {}},
	{"collapsed to a point", func(rng *rand.Rand, s *hostileSet) { s.collapse(rng, func(int) int { return 0 }) }},
	{"collapsed by class", func(rng *rand.Rand, s *hostileSet) { s.collapse(rng, func(i int) int { return s.labels[i] }) }},
	{"collapsed to two opposite points", func(rng *rand.Rand, s *hostileSet) {
		s.collapse(rng, func(int) int { return 0 })
		s.scale(func() float64 { return float64(1 - 2*rng.IntN(2)) })
	}},
	{"lattice", func(rng *rand.Rand, s *hostileSet) {
		s.each(func(float64) float64 { return float64(rng.IntN(5) - 2) })
	}},
	{"signs", func(rng *rand.Rand, s *hostileSet) { s.each(func(v float64) float64 { return math.Copysign(1, v) }) }},
	{"angles of a polygon", func(rng *rand.Rand, s *hostileSet) {
		n := 1 + rng.IntN(40)
		for _, row := range s.rows {
			sin, cos := math.Sincos(2 * math.Pi * float64(rng.IntN(n)) / float64(n))
			clear(row)
			row[0] = cos
			row[min(1, s.cols-1)] += sin
		}
	}},
	{"an ulp apart", func(rng *rand.Rand, s *hostileSet) {
		for i := 1; i < len(s.rows); i++ {
			row := s.rows[i]
			copy(row, s.rows[rng.IntN(i)])
			k := rng.IntN(s.cols)
			row[k] = math.Nextafter(row[k], float64(rng.IntN(3)-1))
			if s.narrow {
				row[k] = float64(math.Nextafter32(float32(row[k]), float32(rng.IntN(3)-1)))
			}
		}
	}},
	{"coordinates of all sizes", func(rng *rand.Rand, s *hostileSet) {
		s.each(func(v float64) float64 { return v * math.Pow(10, s.reach()*(2*rng.Float64()-1)) })
	}},
}

// collapse leaves little of what distinguishes rows of one centre.
func (s *hostileSet) collapse(rng *rand.Rand, centreOf func(i int) int) {
	spread := math.Pow(10, -1-12*rng.Float64())
	centres := map[int][]float64{}
	for i, row := range s.rows {
		c := centreOf(i)
		if centres[c] == nil {
			centres[c] = slices.Clone(row)
		}
		for k := range row {
			row[k] = centres[c][k] + spread*row[k]
		}
	}
}

func (s *hostileSet) each(f func(v float64) float64) {
	for _, row := range s.rows {
		for k, v := range row {
			row[k] = f(v)
		}
	}
}

// scale multiplies each row by a number.
func (s *hostileSet) scale(f func() float64) {
	for _, row := range s.rows {
		by := f()
		for k := range row {
			row[k] *= by
		}
	}
}

// reach is how many powers of ten there are beside 1.
func (s *hostileSet) reach() float64 {
	if s.narrow {
		return 36
	}
	return 290
}

// newHostileSet is of the kind and the dimensions of another set, or draws them.
func newHostileSet(rng *rand.Rand, like *hostileSet) hostileSet {
	s := hostileSet{cols: []int{1, 2, 2, 3, 5, 8, 17, 40}[rng.IntN(8)], narrow: rng.IntN(2) == 0}
	kind := hostileKinds[rng.IntN(len(hostileKinds))]
	if like != nil {
		s.cols = like.cols
		kind = hostileKinds[slices.IndexFunc(hostileKinds, func(k struct {
			name   string
			change func(*rand.Rand, *hostileSet)
		}) bool {
			return k.name == like.kind
		})]
	}
	s.kind = kind.name
	classes := 1 + rng.IntN(6)
	for range 2 + rng.IntN(22) {
		row := make([]float64, s.cols)
		for k := range row {
			row[k] = rng.NormFloat64()
		}
		s.rows, s.labels = append(s.rows, row), append(s.labels, rng.IntN(classes))
	}
	kind.change(rng, &s)
	if rng.IntN(3) == 0 { // huge and tiny rows
		s.scale(func() float64 { return math.Pow(10, s.reach()*(2*rng.Float64()-1)) })
	}
	if rng.IntN(3) == 0 {
		for range len(s.rows) / 3 {
			copy(s.rows[rng.IntN(len(s.rows))], s.rows[rng.IntN(len(s.rows))])
		}
	}
	for _, row := range s.rows {
		for k, v := range row {
			if s.narrow {
				v = float64(float32(max(-math.MaxFloat32, min(v, math.MaxFloat32))))
			}
			row[k] = max(-math.MaxFloat64, min(v, math.MaxFloat64))
		}
		if !slices.ContainsFunc(row, func(v float64) bool { return v != 0 }) {
			row[rng.IntN(s.cols)] = 1
		}
	}
	return s
}

// An exactRow is integers in the ratios of a row, their sum of squares, and its root.
type exactRow struct {
	q      []*big.Int
	square *big.Int
	root   *big.Float
}

func exactly(row []float64) exactRow {
	least := math.MaxInt
	exponents := make([]int, len(row))
	for k, v := range row {
		if v != 0 {
			_, exponents[k] = math.Frexp(v)
			least = min(least, exponents[k])
		}
	}
	e := exactRow{square: new(big.Int)}
	for k, v := range row {
		fraction, _ := math.Frexp(v)
		q := big.NewInt(int64(math.Ldexp(fraction, 53)))
		if v != 0 {
			q.Lsh(q, uint(exponents[k]-least))
		}
		e.q = append(e.q, q)
		e.square.Add(e.square, new(big.Int).Mul(q, q))
	}
	e.root = new(big.Float).SetPrec(exactBits).SetInt(e.square)
	e.root.Sqrt(e.root)
	return e
}

func (e exactRow) times(o exactRow) *big.Int {
	sum := new(big.Int)
	for k := range e.q {
		sum.Add(sum, new(big.Int).Mul(e.q[k], o.q[k]))
	}
	return sum
}

// An exactPair is a similarity: product/√(length of the query · square), of which a
// square with a sign can be compared.
type exactPair struct {
	positive bool
	row      int
	signed   *big.Int // product² with its sign
	square   *big.Int
	t        *big.Float // 1 − S to [exactBits]
}

func (p exactPair) compare(o exactPair) int {
	return new(big.Int).Mul(p.signed, o.square).Cmp(new(big.Int).Mul(o.signed, p.square))
}

const exactBits = 400

// truth returns the pairs of a query, the most similar first.
func truth(q exactRow, label int, gallery []exactRow, gl []int, self int) []exactPair {
	var all []exactPair
	for j, g := range gallery {
		if j == self {
			continue
		}
		product := q.times(g)
		signed := new(big.Int).Mul(product, new(big.Int).Abs(product))
		s := new(big.Float).SetPrec(exactBits).SetInt(product)
		s.Quo(s, q.root).Quo(s, g.root)
		all = append(all, exactPair{gl[j] == label, j, signed, g.square, s.Sub(big.NewFloat(1).SetPrec(exactBits), s)})
	}
	slices.SortStableFunc(all, func(a, b exactPair) int { return b.compare(a) })
	return all
}

// ranked returns the true AP@R and R-precision with ties for the query, or against it.
func rankedTruth(all []exactPair, positivesFirst bool) (ap, rp float64) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b exactPair) int {
		if c := b.compare(a); c != 0 || a.positive == b.positive {
			return c
		}
		if a.positive == positivesFirst {
			return -1
		}
		return 1
	})
	ranking := make([]candidate, len(all))
	for i, p := range all {
		ranking[i].positive = p.positive
	}
	_, ap, rp = metrics(ranking, 1)
	return ap, rp
}

// hostileSets is how many sets are drawn; GPW_HOSTILE asks for another number, and
// GPW_HOSTILE_SEED for another seed.
func hostileSets(t *testing.T) (sets int, seed uint64) {
	t.Helper()
	sets, seed = 150, 1
	if text := os.Getenv("GPW_HOSTILE"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		sets = n
	}
	if text := os.Getenv("GPW_HOSTILE_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	return sets, seed
}

// Ranges hold the truth, which is exact: similarities are compared as quotients of
// integers. And every bound that decides a pair holds for it.
func TestHostileSets(t *testing.T) {
	sets, seed := hostileSets(t)
	queries, undecided := 0, 0
	for set := range sets {
		rng := rand.New(rand.NewPCG(seed, uint64(set)))
		q := newHostileSet(rng, nil)
		g := q
		self := rng.IntN(2) == 0
		if !self {
			g = newHostileSet(rng, &q)
			if rng.IntN(2) == 0 { // some queries are in the gallery too
				copy(g.rows[0], q.rows[0])
				g.narrow = g.narrow && q.narrow
			}
		}
		h := &hostile{t: t, set: set, q: q, g: g, self: self, rng: rng}
		h.gallery = make([]exactRow, len(g.rows))
		for j, row := range g.rows {
			h.gallery[j] = exactly(row)
		}
		h.test()
		queries, undecided = queries+h.queries, undecided+h.undecided
		if t.Failed() {
			t.Fatalf("seed %d, set %d: %s, %d×%d and %d rows, float32 %v and %v", seed, set, q.kind, len(q.rows), q.cols, len(g.rows), q.narrow, g.narrow)
		}
	}
	t.Logf("seed %d: %d sets, %d queries, %d undecided", seed, sets, queries, undecided)
	if undecided*3 > queries {
		t.Errorf("%d of %d queries are undecided: ranges that hold everything say nothing", undecided, queries)
	}
}

// A hostile test is of one set.
type hostile struct {
	t       *testing.T
	set     int
	q, g    hostileSet
	self    bool
	rng     *rand.Rand
	gallery []exactRow

	queries, undecided int
}

func (h *hostile) test() {
	t := h.t
	qv, gv := h.q.vectors(), h.g.vectors()
	queries := inClassOrder(qv, h.q.labels)
	gallery := queries
	if !h.self {
		gallery = inClassOrder(gv, h.g.labels)
	}
	o := Options{Ks: []int{1, 2, 5}, MAPAtR: true}
	s, err := evaluate(t.Context(), queries, gallery, h.self, o, tiling{rows: 16, cols: 16, workers: 1})
	if err != nil {
		return // no query has a positive
	}
	h.queries, h.undecided = s.Queries-s.WithoutPositives, s.Undecided
	k := 1 + h.rng.IntN(len(h.gallery))
	var lists *Lists
	if h.self {
		lists, err = Neighbours(t.Context(), qv, k)
	} else {
		lists, err = NeighboursIn(t.Context(), qv, gv, k)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := newDoubles(queries, gallery)
	for i, row := range h.q.rows {
		self := -1
		if h.self {
			self = i
		}
		all := truth(exactly(row), h.q.labels[i], h.gallery, h.g.labels, self)
		h.bounds(&d, i, all)
		h.neighbours(&d, i, all, lists.Of[i])
		if s.Above[i] >= 0 {
			h.ranges(s, i, all)
		}
	}
	h.paths(s, queries, gallery)
}

// ranges tests that what is printed of a query holds what is true.
func (h *hostile) ranges(s *Scores, i int, all []exactPair) {
	best := all[slices.IndexFunc(all, func(p exactPair) bool { return p.positive })]
	above, equal := 0, 0
	for _, p := range all {
		switch c := p.compare(best); {
		case p.positive:
		case c > 0:
			above++
		case c == 0:
			equal++
		}
	}
	low, high := int(s.Above[i]), int(s.Above[i]+s.Equal[i])
	if above < low || above+equal > high {
		h.t.Errorf("query %d: %d negatives above the best positive and %d as similar, outside %d to %d", i, above, equal, low, high)
	}
	if s.Undecided == 0 && (above != low || above+equal != high) {
		h.t.Errorf("query %d: %d negatives above the best positive and %d as similar, want %d to %d, for nothing is undecided", i, low, high-low, above, above+equal)
	}
	var ap, rp Range
	ap.Low, rp.Low = rankedTruth(all, false)
	ap.High, rp.High = rankedTruth(all, true)
	for name, r := range map[string][2]Range{"AP@R": {s.AP[i], ap}, "R-precision": {s.RP[i], rp}} {
		got, want := r[0], r[1]
		if got.Low > want.Low+eps || got.High < want.High-eps {
			h.t.Errorf("query %d: %s is %v to %v, outside %v to %v", i, name, want.Low, want.High, got.Low, got.High)
		}
		if got.Low < 0 || got.Low > got.Expected || got.Expected > got.High || got.High > 1 {
			h.t.Errorf("query %d: %s %+v is no range", i, name, got)
		}
		if s.Undecided == 0 && (!near(got.Low, want.Low) || !near(got.High, want.High)) {
			h.t.Errorf("query %d: %s is %v to %v, want %v to %v, for nothing is undecided", i, name, got.Low, got.High, want.Low, want.High)
		}
	}
}

// bounds tests that similarities are as near to the truth as is supposed, in float32 and
// in float64.
func (h *hostile) bounds(d *doubles, i int, all []exactPair) {
	query := slices.Index(d.q.rows, i)
	sims, fine := matrix.New(1, d.g.x.Rows), matrix.New(1, d.g.x.Rows)
	f32.MulNT(sims, d.q.x.Slice(query, query+1), d.g.x)
	f32.MulNTFine(fine, d.q.x.Slice(query, query+1), d.g.x)
	within := func(what string, p exactPair, got, bound float64) {
		off := new(big.Float).SetPrec(exactBits).Sub(p.t, new(big.Float).SetPrec(exactBits).SetFloat64(got))
		if off.Abs(off).Cmp(big.NewFloat(bound)) > 0 {
			h.t.Errorf("query %d, row %d: 1 − S is %.25g, %s %v, further off than %v", i, p.row, p.t, what, got, bound)
		}
	}
	for _, p := range all {
		row := slices.Index(d.g.rows, p.row)
		within("float32 says", p, 1-float64(sims.Row(0)[row]), error32(d.q.x.Cols))
		x, y := d.q.x.Row(query), d.g.x.Row(row)
		bound := func(weights []float64) float64 {
			return errorOf(math.Sqrt(weighted(x, weights)*weighted(y, weights))*(1+1e-12), d.q.x.Cols)
		}
		within("float32 in short chunks says", p, 1-float64(fine.Row(0)[row]), bound(f32.FineWeights(d.q.x.Cols)))
		within("float32 in the fastest order says", p, 1-f32.FastDot(x, y), bound(f32.FastWeights(d.q.x.Cols)))
		product, difference := d.product(query, row), d.difference(query, row)
		within("the product says", p, product.at, product.high-product.at)
		within("the difference says", p, difference.at, d.unit*(math.Sqrt(2*difference.at)+difference.at+2*d.unit))
	}
}

// neighbours tests that a list is in the true order but for what float64 cannot tell,
// without doubles or gaps.
func (h *hostile) neighbours(d *doubles, i int, all []exactPair, list []Neighbour) {
	if want := min(len(all), len(list)); len(list) > len(all) || want < min(len(all), 1) {
		h.t.Errorf("query %d: %d neighbours of %d", i, len(list), len(all))
	}
	listed := map[int]bool{}
	var last exactPair
	far := func(a, b exactPair) bool { // a is less similar than b, by more than float64 may be wrong
		by := new(big.Float).SetPrec(exactBits).Sub(a.t, b.t)
		at, _ := a.t.Float64()
		return by.Cmp(big.NewFloat(4*float64(len(list))*d.radius(max(0, at)))) > 0
	}
	for k, n := range list {
		p := all[slices.IndexFunc(all, func(p exactPair) bool { return p.row == n.Row })]
		if n.Similarity > 1 || n.Similarity < -1 {
			h.t.Errorf("query %d: similarity %v", i, n.Similarity)
		}
		if k > 0 && far(last, p) {
			h.t.Errorf("query %d: row %d is before row %d", i, last.row, p.row)
		}
		last = p
		listed[n.Row] = true
	}
	if len(listed) != len(list) {
		h.t.Errorf("query %d: rows are listed twice: %v", i, list)
	}
	for _, p := range all {
		if len(list) > 0 && !listed[p.row] && far(last, p) {
			h.t.Errorf("query %d: row %d is left out", i, p.row)
		}
	}
}

// paths tests that workers, tiles, integers, and leaving out MAP@R change nothing.
func (h *hostile) paths(want *Scores, queries, gallery side) {
	for _, tl := range []tiling{{rows: 256, cols: 512, workers: 2}, {rows: 5, cols: 3, workers: 3}, {rows: 16, cols: 32, workers: 1, integers: 1}, {rows: 4, cols: 4, workers: 2, window: 8}} {
		if tl.window > 0 {
			queries, gallery = unheld(queries), unheld(gallery)
		}
		for _, mapAtR := range []bool{true, false} {
			got, err := evaluate(h.t.Context(), queries, gallery, h.self, Options{Ks: want.Ks, MAPAtR: mapAtR}, tl)
			if err != nil {
				h.t.Fatal(err)
			}
			if !mapAtR { // what MAP@R finds undecided is not known
				got.AP, got.RP, got.Undecided = want.AP, want.RP, want.Undecided
			}
			if !reflect.DeepEqual(got, want) {
				h.t.Errorf("tiles %+v, MAP@R %v: got %+v, want %+v", tl, mapAtR, got, want)
			}
		}
	}
}

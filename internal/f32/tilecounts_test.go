package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Counts and open pairs together equal the result of comparing every similarity, whatever
// is skipped.
func TestCount(t *testing.T) {
	onEveryPath(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(5, 6))
		for _, shape := range [][2]int{{16, 16}, {40, 33}, {100, 70}, {7, 200}} {
			for name, g := range wordSets(rng, shape[1], 37) {
				k := newCounted(rng, wordSets(rng, shape[0], 37)[name], g, false)
				k.test(t, fmt.Sprintf("%s, %v", name, shape))
				k = newCounted(rng, g, g, true)
				k.test(t, fmt.Sprintf("%s, %d that search themselves", name, shape[1]))
			}
		}
	})
}

// A counted is a search whose counts are compared.
type counted struct {
	*Prefilter
	Thresholds
	sims         Matrix
	got, between []int
	listed       []map[int]bool // of the queries that list, the rows that were
}

// newCounted has thresholds around similarities, or at them, so that something is open.
func newCounted(rng *rand.Rand, q, g Matrix, both bool) *counted {
	k := &counted{sims: New(q.Rows, g.Rows), got: make([]int, q.Rows), between: make([]int, q.Rows), listed: make([]map[int]bool, q.Rows)}
	k.Low, k.High = make([]float32, q.Rows), make([]float32, q.Rows)
	s := search(q, g)
	s.Both = both
	MulNT(k.sims, q, g)
	for i := range q.Rows {
		s.Lo[i] = int32(i / 5 * 5 % g.Rows)
		s.Hi[i] = min(s.Lo[i]+5, int32(g.Rows))
		at := k.sims.Row(i)[rng.IntN(g.Rows)]
		around := 1e-5 * float32(i%3) * max(at, -at)
		k.Low[i], k.High[i] = at-around, at+around
		switch inf := float32(math.Inf(1)); {
		case i%11 == 0:
			k.Low[i], k.High[i] = inf, inf
		case i%7 == 0: // lists the few that reach its most similar row but two
			row := slices.Sorted(slices.Values(k.sims.Row(i)))
			k.Low[i], k.High[i] = row[max(0, len(row)-3)], inf
			k.listed[i] = map[int]bool{}
		}
	}
	k.Prefilter = NewPrefilter(s)
	return k
}

func (k *counted) test(t *testing.T, what string) {
	t.Helper()
	var tally TileCounts
	for from := 0; from < k.sims.Rows; from += 32 {
		start := 0
		if k.Both {
			start = from
		}
		for ; start < k.sims.Cols; start += 48 {
			k.add(t, what, &tally, from, min(from+32, k.sims.Rows), start, min(start+48, k.sims.Cols))
		}
	}
	for i := range k.got {
		above, between := 0, 0
		for j := range k.sims.Cols {
			a, b := k.compare(i, j)
			above, between = above+a, between+b
		}
		if k.got[i] != above || k.between[i] != between {
			t.Fatalf("%s: query %d: %d above %v and %d between, want %d and %d", what, i, k.got[i], k.High[i], k.between[i], above, between)
		}
	}
}

// list notes a listed pair. What is below the threshold by more than rounding is none.
func (k *counted) list(t *testing.T, what string, p Listed) {
	t.Helper()
	i, j := int(p.Query), int(p.Row)
	s := k.sims.Row(i)[j]
	if k.listed[i] == nil || k.listed[i][j] || math.Abs(float64(s)-float64(p.Similarity)) > k.Rounding() || float64(s) < float64(k.Low[i])-k.Rounding()*2 {
		t.Fatalf("%s: query %d lists row %d with %v, whose similarity is %v; its threshold is %v", what, i, j, p.Similarity, s, k.Low[i])
	}
	if got := k.Similarity(p.Pair); got != s {
		t.Fatalf("%s: query %d, row %d: similarity %v, want the bits of %v", what, i, j, got, s)
	}
	k.listed[i][j] = true
	if s >= k.Low[i] {
		k.between[i]++
	}
}

// add counts a tile, one similarity after the other where Count would not.
func (k *counted) add(t *testing.T, what string, tally *TileCounts, from, to, start, end int) {
	t.Helper()
	if !k.count(tally, from, to, start, end) {
		for i := from; i < to; i++ {
			for j := start; j < end; j++ {
				k.addPair(i, j)
				if k.Both && j >= to {
					k.addPair(j, i)
				}
			}
		}
		return
	}
	for i, n := range tally.Queries {
		k.got[from+i] += int(n)
	}
	if k.Both {
		for j, n := range tally.Gallery {
			k.got[start+j] += int(n)
		}
	}
	for _, p := range tally.Between {
		k.between[p.Query]++
	}
	for _, p := range tally.Listed {
		k.list(t, what, p)
	}
}

// count is Count with the thresholds of the tile.
func (k *counted) count(tally *TileCounts, from, to, start, end int) bool {
	var cols Thresholds
	if k.Both {
		cols = Thresholds{k.Low[start:end], k.High[start:end]}
	}
	return k.Count(tally, from, to, start, end, Thresholds{k.Low[from:to], k.High[from:to]}, cols)
}

func (k *counted) addPair(i, j int) {
	above, between := k.compare(i, j)
	k.got[i] += above
	k.between[i] += between
}

// compare tells whether a gallery row that query i does not skip is above its thresholds,
// or between them.
func (k *counted) compare(i, j int) (above, between int) {
	s := k.sims.Row(i)[j]
	switch {
	case j >= int(k.Lo[i]) && j < int(k.Hi[i]):
	case s > k.High[i]:
		return 1, 0
	case s >= k.Low[i]:
		return 0, 1
	}
	return 0, 0
}

// Rows that differ leave few pairs open in 8 bits and fewer in 16, and the next tile
// allocates nothing. Where many are open, the whole block is counted in 16 bits. Where
// rows are all equal, 16 bits are too few as well.
func TestOpenPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const rows = 256
	x := normal(rng, rows, 24)
	k := newCounted(rng, x, x, true)
	deciding(k)
	for i := range k.High {
		k.High[i] = slices.Max(k.sims.Row(i)) / 2
		k.Low[i] = k.High[i]
	}
	c := k.Prefilter
	var tally TileCounts
	tally.rows, tally.cols = k.Thresholds, k.Thresholds
	for _, l := range []struct {
		*level
		oneIn int
	}{{c.in8, 30}, {c.in16(), 1000}} {
		if !c.count(l.level, 1, &tally, 0, rows, 0, rows) {
			t.Fatal("rows that differ: the tile is given up")
		}
		if n, most := len(tally.open), rows*rows/l.oneIn; n == 0 || n > most {
			t.Errorf("%d bits: %d open pairs, want some, and at most %d of %d", l.queries.bits, n, most, rows*rows)
		}
	}
	if n := testing.AllocsPerRun(5, func() { k.count(&tally, 0, rows, 0, rows) }); n > 0 || tally.undecidedIn8 != 0 {
		t.Errorf("%v allocations a tile, beyond %d; want none, and 8 bits to be enough", n, tally.undecidedIn8)
	}
	for i := 1; i < rows; i++ {
		for c := range x.Row(i) {
			x.Row(i)[c] = x.Row(0)[c] + 0.1*x.Row(i)[c]
		}
	}
	if !deciding(newCounted(rng, x, x, true)).count(&tally, 0, rows, 0, rows) || tally.undecidedIn8 != 1 {
		t.Errorf("rows of little difference: beyond %d; want them counted, in 16 bits", tally.undecidedIn8)
	}
	for i := range rows {
		copy(x.Row(i), x.Row(0))
	}
	if deciding(newCounted(rng, x, x, true)).count(&tally, 0, rows, 0, rows) {
		t.Errorf("rows that are all equal: not given up, with %d open", len(tally.open))
	}
	wantPanic(t, "no tile of whole panels", func() { k.count(&tally, 0, 17, 32, rows) })
	wantPanic(t, "no tile of whole panels", func() { k.Count(&tally, 0, 16, 32, rows+1, Thresholds{}, Thresholds{}) })
	wantPanic(t, "no tile of whole panels", func() { k.count(&tally, 16, 32, 0, rows) })
	wantPanic(t, "0 and 0 thresholds for 16 queries", func() { k.Count(&tally, 0, 16, 32, rows, Thresholds{}, Thresholds{}) })
}

// deciding has no query that lists.
func deciding(k *counted) *counted {
	for i := range k.High {
		k.High[i] = max(k.Low[i], min(k.High[i], 1e30))
	}
	return k
}

// Where thresholds are so low that a tile lists too many, it is left to float32, and so are the
// next ones, more of them each time; once it is counted, so is the next.
func TestListingWaits(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	x := normal(rng, 64, 24)
	k := newCounted(rng, x, x, true)
	var tally TileCounts
	try := func(lowest bool) bool {
		for i := range k.Low {
			k.High[i], k.Low[i] = float32(math.Inf(1)), slices.Max(k.sims.Row(i))
			if lowest {
				k.Low[i] = -1e30
			}
		}
		return k.count(&tally, 0, 64, 0, 64)
	}
	var tries []int
	for n := range 60 {
		if waits := tally.waiting > 0; try(true) {
			t.Fatal("all pairs are listed by integers")
		} else if !waits {
			tries = append(tries, n)
		}
	}
	if want := []int{0, 3, 8, 17, 26, 35, 44, 53}; !slices.Equal(tries, want) {
		t.Errorf("tried at %v, want %v", tries, want)
	}
	tally.waiting = 0
	if !try(false) || !try(false) || tally.failed != 0 {
		t.Errorf("thresholds that are high enough: not counted, after %d that failed", tally.failed)
	}
}

// The kernels agree with the portable implementation on all integers, whichever cells
// they inspect.
func TestClassify(t *testing.T) {
	if !vnni {
		t.Skip("this machine has no kernels for integers")
	}
	rng := rand.New(rand.NewPCG(9, 10))
	for _, bits := range []int{8, 16} {
		for _, depth := range []int{1, 2, 7, 256, 550} {
			for range 20 {
				testClassify(t, rng, bits, depth)
			}
		}
	}
}

func testClassify(t *testing.T, rng *rand.Rand, bits, depth int) {
	t.Helper()
	x, y := randomIntegers(rng, bits, depth), randomIntegers(rng, bits, depth)
	scale := int32(math.MaxInt32)
	if bits == 8 {
		scale = int32(depth+4) * 1 << 13
	}
	var rows, cols bounds
	var look cells
	for k := range panelRows {
		for _, b := range []*bounds{&rows, &cols} {
			b.low[k] = rng.Int32N(scale) - scale/2
			b.high[k] = b.low[k] + rng.Int32N(scale/2)
		}
		look[k] = uint16(rng.Uint32())
	}
	var want, got struct {
		aboveRows, aboveCols [panelRows]int32
		open                 [2]cells
		any                  uint16
	}
	got.aboveRows[3], want.aboveRows[3], got.aboveCols[5], want.aboveCols[5] = 7, 7, 9, 9
	got.any = classify(x, y, 0, 0, &rows, &cols, &look, got.aboveRows[:], got.aboveCols[:], &got.open)
	want.any = classifyGeneric(x, y, 0, 0, &rows, &cols, &look, want.aboveRows[:], want.aboveCols[:], &want.open)
	if got != want {
		t.Fatalf("%d bits, depth %d: got %v, want %v", bits, depth, got, want)
	}
}

// randomIntegers has a panel with many of the largest.
func randomIntegers(rng *rand.Rand, bits, depth int) *quantized {
	w := &quantized{bits: bits, depth: depth, panels: make([]int32, panelRows*depth), offsets: make([]int32, panelRows)}
	most := 1<<(bits-1) - 1
	for i := range w.panels {
		for at := 0; at < 32; at += bits {
			q := []int{-most, most, 0, rng.IntN(2*most+1) - most}[rng.IntN(4)]
			w.panels[i] |= int32(uint32(q) & (1<<bits - 1) << at)
			if bits == 8 {
				w.offsets[i%panelRows] -= 128 * int32(q)
			}
		}
	}
	return w
}

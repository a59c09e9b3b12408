package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Counts and open pairs together are what comparing every similarity gives, whatever is skipped.
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
	sims       Matrix
	thresholds []float32 // similarities, so that something is open
	lo, hi     []int32
	coarse     *Coarse
	got        []int
}

func newCounted(rng *rand.Rand, q, g Matrix, both bool) *counted {
	k := &counted{New(q.Rows, g.Rows), make([]float32, q.Rows), make([]int32, q.Rows), make([]int32, q.Rows), nil, make([]int, q.Rows)}
	MulNT(k.sims, q, g)
	for i := range q.Rows {
		k.lo[i] = int32(i / 5 * 5 % g.Rows)
		k.hi[i] = min(k.lo[i]+5, int32(g.Rows))
		k.thresholds[i] = k.sims.Row(i)[rng.IntN(g.Rows)]
		if i%11 == 0 {
			k.thresholds[i] = float32(math.Inf(1))
		}
	}
	gallery := NewWords(g)
	queries := gallery
	if !both {
		queries = NewWords(q)
	}
	k.coarse = NewCoarse(queries, gallery, k.thresholds, k.lo, k.hi)
	return k
}

func (k *counted) test(t *testing.T, what string) {
	t.Helper()
	var tally Tally
	for from := 0; from < k.sims.Rows; from += 32 {
		start := 0
		if k.coarse.both {
			start = from
		}
		for ; start < k.sims.Cols; start += 48 {
			k.add(&tally, from, min(from+32, k.sims.Rows), start, min(start+48, k.sims.Cols))
		}
	}
	for i, got := range k.got {
		want := 0
		for j := range k.sims.Cols {
			want += k.above(i, j)
		}
		if got != want {
			t.Fatalf("%s: query %d: %d above %v, want %d", what, i, got, k.thresholds[i], want)
		}
	}
}

// add counts a tile, one similarity after the other where Count would not.
func (k *counted) add(tally *Tally, from, to, start, end int) {
	if !k.coarse.Count(tally, from, to, start, end) {
		for i := from; i < to; i++ {
			for j := start; j < end; j++ {
				k.got[i] += k.above(i, j)
				if k.coarse.both && j >= to {
					k.got[j] += k.above(j, i)
				}
			}
		}
		return
	}
	for i, n := range tally.Queries {
		k.got[from+i] += int(n)
	}
	if k.coarse.both {
		for j, n := range tally.Gallery {
			k.got[start+j] += int(n)
		}
	}
	for _, p := range tally.Open {
		k.got[p.A] += k.above(int(p.A), int(p.B))
	}
}

// above is 1 if a gallery row that query i does not skip is above its threshold.
func (k *counted) above(i, j int) int {
	if j >= int(k.lo[i]) && j < int(k.hi[i]) || k.sims.Row(i)[j] <= k.thresholds[i] {
		return 0
	}
	return 1
}

// A tile is given up only where many pairs are open, and few are where rows differ. Nothing is allocated for the next one.
func TestOpenShare(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const rows = 256
	x := normal(rng, rows, 512)
	k := newCounted(rng, x, x, true)
	var tally Tally
	for range 2 {
		if !k.coarse.Count(&tally, 0, rows, 0, rows) {
			t.Fatal("rows that differ: the tile is given up")
		}
	}
	if n := len(tally.Open); n == 0 || n > rows*rows/50 {
		t.Errorf("%d open pairs of %d, want some, but not one in fifty", n, rows*rows)
	}
	if n := testing.AllocsPerRun(5, func() { k.coarse.Count(&tally, 0, rows, 0, rows) }); n > 0 {
		t.Errorf("%v allocations a tile", n)
	}
	for i := range rows {
		copy(x.Row(i), x.Row(0))
	}
	if newCounted(rng, x, x, true).coarse.Count(&tally, 0, rows, 0, rows) {
		t.Errorf("rows that are all equal: not given up, with %d open", len(tally.Open))
	}
	wantPanic(t, "no tile of whole panels", func() { k.coarse.Count(&tally, 0, 17, 32, rows) })
	wantPanic(t, "no tile of whole panels", func() { k.coarse.Count(&tally, 0, 16, 32, rows+1) })
	wantPanic(t, "no tile of whole panels", func() { k.coarse.Count(&tally, 16, 32, 0, rows) })
	wantPanic(t, "they do not fit", func() { NewCoarse(NewWords(x), NewWords(x), k.thresholds[1:], k.lo, k.hi) })
}

// The kernel agrees with its twin on all words, and whichever cells it looks at.
func TestJudge(t *testing.T) {
	if !words {
		t.Skip("this machine has no kernel for words")
	}
	rng := rand.New(rand.NewPCG(9, 10))
	const most = math.MaxInt16
	half := func() uint32 {
		return uint32(uint16([]int16{-most, most, 0, int16(rng.IntN(2*most+1) - most)}[rng.IntN(4)]))
	}
	for _, depth := range []int{1, 2, 7, 256, 550} {
		for range 20 {
			a, b := make([]int32, depth*panelRows), make([]int32, depth*panelRows)
			for i := range a {
				a[i], b[i] = int32(half()<<16|half()), int32(half()<<16|half())
			}
			var rows, cols bounds
			var look cells
			for k := range panelRows {
				for _, b := range []*bounds{&rows, &cols} {
					b.low[k] = rng.Int32() - 1<<30
					b.high[k] = b.low[k] + rng.Int32N(1<<30)
				}
				look[k] = uint16(rng.Uint32())
			}
			var want, got struct {
				aboveRows, aboveCols [panelRows]int32
				open                 [2]cells
				any                  uint16
			}
			got.aboveRows[3], want.aboveRows[3], got.aboveCols[5], want.aboveCols[5] = 7, 7, 9, 9
			got.any = judge(a, b, &rows, &cols, &look, got.aboveRows[:], got.aboveCols[:], &got.open)
			want.any = judgeGo(a, b, &rows, &cols, &look, want.aboveRows[:], want.aboveCols[:], &want.open)
			if got != want {
				t.Fatalf("depth %d: got %v, want %v", depth, got, want)
			}
		}
	}
}

package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// A memoryKeeper keeps results in memory, and makes the blocks of one part of several.
type memoryKeeper struct {
	kept        map[int][]Result
	part, parts int
	made        []int
	fail        int // the block that cannot be kept, from 1
}

func (m *memoryKeeper) Kept(block int) ([]Result, bool) { r, ok := m.kept[block]; return r, ok }
func (m *memoryKeeper) Mine(block int) bool             { return m.parts == 0 || block%m.parts == m.part }

func (m *memoryKeeper) Keep(block int, results []Result) error {
	if m.fail == block+1 {
		return errors.New("no space")
	}
	m.kept[block] = results
	m.made = append(m.made, block)
	return nil
}

// blockRules are those of neighbouring fields, for sets of n and m rows.
func blockRules(rng *rand.Rand, n, m int) map[string]Rules {
	groups := func(n int) []int {
		g := make([]int, n)
		for i := range g {
			g[i] = rng.IntN(4)
		}
		return g
	}
	labels := func(n int) [][]int {
		l := make([][]int, n)
		for i := range l {
			l[i] = []int{rng.IntN(5), 5 + rng.IntN(5)}
		}
		return l
	}
	return map[string]Rules{
		"cosine": {}, "euclidean": {Similarity: Euclidean}, "dot": {Similarity: Dot}, "no copies": {NoCopies: true},
		"groups": {Groups: groups(n), GalleryGroups: groups(m)}, "group negatives": {Groups: groups(n), GalleryGroups: groups(m), SameClassOnly: true},
		"re-ranked":      {Reranking: Reranking{K1: 5, K2: 2, Lambda: 0.3}},
		"several labels": {Labels: labels(n), GalleryLabels: labels(m)},
	}
}

// Block by block, by parts in any order, in windows, and of some queries only: every
// query has the result that it has when all are ranked at a time, for every rule, and so
// have the sums.
func TestBlocksDoNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	x, xl := randomSet(rng, 131, 3, 9) // many ties
	y, yl := prefilterSet(rng, 97, 3, 9)
	for name, rules := range blockRules(rng, x.Rows, y.Rows) {
		for _, self := range []bool{true, false} {
			o := Options{Ks: []int{1, 3, 500}, MAPAtR: true, Depth: 7, Rules: rules}
			gallery, labels := y, yl
			if self {
				gallery, labels = x, xl
				o.Rules.GalleryGroups, o.Rules.GalleryLabels = nil, nil
			}
			q, g := o.Rules.sides(Float32(x), xl, Float32(gallery), labels, self)
			of := func(o Options, tl tiling) *Scores {
				t.Helper()
				q, g := q, g
				if tl.window > 0 {
					q, g = unheld(q), unheld(g)
				}
				s, err := evaluate(t.Context(), q, g, self, o, tl)
				if err != nil {
					t.Fatal(name, self, err)
				}
				return s
			}
			want := of(o, tiling{rows: 256, cols: 512, workers: 1})
			if got := of(o, tiling{rows: 8, cols: 16, workers: 2, window: 40}); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, self %v: other scores in windows", name, self)
			}

			if rules.Reranking.On() {
				o.Only = []int{1, 2}
				if _, err := evaluate(t.Context(), q, g, self, o, tiles); err == nil || !strings.Contains(err.Error(), "re-ranking is of all queries at a time") {
					t.Errorf("re-ranking of two queries: %v", err)
				}
				continue
			}

			m := &memoryKeeper{kept: map[int][]Result{}, parts: 3}
			blocks := tiling{rows: 8, cols: 16, workers: 2, window: 24, block: 16}
			for _, part := range []int{2, 0, 1} {
				m.part, o.Keeper = part, m
				s, err := evaluate(t.Context(), unheld(q), unheld(g), self, o, blocks)
				var missing *IncompleteError
				if part != 1 && (!errors.As(err, &missing) || missing.Blocks != 9) {
					t.Fatalf("%s: part %d: %v", name, part, err)
				}
				if part == 1 && (err != nil || !reflect.DeepEqual(s, want)) {
					t.Errorf("%s, self %v: other scores by parts (%v)", name, self, err)
				}
			}
			if slices.Sort(m.made); !slices.Equal(m.made, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}) {
				t.Errorf("%s: made the blocks %v", name, m.made)
			}

			o.Keeper, o.Only = nil, SampleOf(40, x.Rows, 5)
			heard := make([]bool, x.Rows)
			o.Profile = func(query int, _ *Profile) { heard[query] = true }
			some := of(o, blocks)
			for k, row := range o.Only {
				if some.Above[k] != want.Above[row] || some.Equal[k] != want.Equal[row] || some.AP[k] != want.AP[row] || some.RP[k] != want.RP[row] || heard[row] != (want.Above[row] >= 0) {
					t.Fatalf("%s, self %v: query %d of the sample has another result", name, self, row)
				}
				heard[row] = false
			}
			if some.Queries != 40 || slices.Contains(heard, true) {
				t.Errorf("%s: %d queries, and profiles of others: %v", name, some.Queries, slices.Contains(heard, true))
			}
		}
	}
}

// What is kept is not made again, an evaluation that ends early keeps what it made, and
// results of other queries are refused. The queries that are heard of are those that are
// compared here.
func TestKeeper(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	x, labels := randomSet(rng, 100, 3, 9)
	s := inClassOrder(Float32(x), labels)
	tl := tiling{rows: 8, cols: 16, workers: 2, block: 16}
	var heard atomic.Int64
	m := &memoryKeeper{kept: map[int][]Result{}, fail: 4}
	o := Options{Ks: []int{1}, Keeper: m, Compared: func(n int) { heard.Add(int64(n)) }}
	if _, err := evaluate(t.Context(), s, s, true, o, tl); err == nil || err.Error() != "no space" || len(m.kept) != 3 {
		t.Fatalf("a keeper that fails: %v, with %d blocks", err, len(m.kept))
	}
	m.fail, m.made = 0, nil
	heard.Store(0)
	got, err := evaluate(t.Context(), s, s, true, o, tl)
	want, _ := evaluate(t.Context(), s, s, true, Options{Ks: []int{1}}, tiles)
	if err != nil || !reflect.DeepEqual(got, want) || !slices.Equal(m.made, []int{3, 4, 5, 6}) || heard.Load() != 52 {
		t.Errorf("continued: %v, made %v, heard of %d", err, m.made, heard.Load())
	}
	m.kept[2][3].Row++
	if _, err := evaluate(t.Context(), s, s, true, o, tl); err == nil || !strings.Contains(err.Error(), "block 2 is not of its queries") {
		t.Errorf("results of other queries: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m.kept = map[int][]Result{}
	if _, err := evaluate(ctx, s, s, true, o, tl); !errors.Is(err, context.Canceled) || len(m.kept) > 0 {
		t.Errorf("an ended context: %v, and %d blocks are kept", err, len(m.kept))
	}
	for _, only := range [][]int{{-1}, {100}, {3, 3}, {5, 2}} {
		if _, err := evaluate(t.Context(), s, s, true, Options{Ks: []int{1}, Only: only}, tl); err == nil || !strings.Contains(err.Error(), "Options.Only are rows, ascending") {
			t.Errorf("queries %v: %v", only, err)
		}
	}
}

// Blocks are whole tiles, cover all queries, and are small where rows are wide.
func TestBlocks(t *testing.T) {
	for _, c := range []struct{ queries, cols, size, blocks int }{
		{1, 512, 1024, 1}, {1024, 512, 1024, 1}, {1025, 512, 1024, 2}, {60502, 512, 1024, 60}, {1e6, 128, 15872, 64}, {1e7, 128, 16384, 611}, {1e7, 4096, 4096, 2442},
	} {
		if size, blocks := Blocks(c.queries, c.cols); size != c.size || blocks != c.blocks {
			t.Errorf("%d×%d: %d blocks of %d, want %d of %d", c.queries, c.cols, blocks, size, c.blocks, c.size)
		}
	}
}

// A sample has distinct rows, each as often as any other, and its intervals contain the
// figures of all queries as often as they say.
func TestSampleIntervals(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	x, labels := prefilterSet(rng, 400, 4, 20)
	all, err := Evaluate(t.Context(), Float32(x), labels, Options{Ks: []int{1}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	ap, _ := all.MAPAtR()
	times, recall, mapr := make([]int, x.Rows), 0, 0
	const samples, n = 1000, 60
	for seed := range samples {
		s := &Scores{Ks: []int{1}, Queries: n, Sample: &Sample{Of: x.Rows, Seed: uint64(seed)}}
		only := SampleOf(n, x.Rows, uint64(seed))
		if len(only) != n || !slices.IsSorted(only) {
			t.Fatalf("sample %v", only)
		}
		for _, row := range only {
			times[row]++
			s.Above, s.AP = append(s.Above, all.Above[row]), append(s.AP, all.AP[row])
		}
		if low, high := s.RecallInterval(1); low <= all.Recall(1) && all.Recall(1) <= high {
			recall++
		}
		if low, high := s.MAPAtRInterval(); low <= ap.Expected && ap.Expected <= high {
			mapr++
		}
	}
	for name, hits := range map[string]int{"Recall@1": recall, "MAP@R": mapr} {
		if hits < 925 || hits > 980 {
			t.Errorf("%s of all is within %d of %d intervals of 95 %%", name, hits, samples)
		}
	}
	if least, most := slices.Min(times), slices.Max(times); least < 105 || most > 200 {
		t.Errorf("rows are drawn %d to %d times, want about %d", least, most, samples*n/x.Rows)
	}

	whole := &Scores{Above: []int32{0, 0, 1}, Sample: &Sample{Of: 3}}
	if low, high := whole.RecallInterval(1); low != high || math.Abs(low-2.0/3) > 1e-15 {
		t.Errorf("of all queries: %v to %v", low, high)
	}
	sure := &Scores{Above: []int32{0, 0, 0}, Sample: &Sample{Of: 1e6}}
	// Wilson's interval of 3 of 3: n/(n + z²) to 1.
	if low, high := sure.RecallInterval(1); math.Abs(low-3/(3+1.959963984540054*1.959963984540054)) > 1e-5 || high != 1 {
		t.Errorf("3 of 3: %v to %v", low, high)
	}
	if fmt.Sprint(SampleOf(9, 3, 1)) != "[0 1 2]" || len(SampleOf(-1, 3, 1)) != 0 {
		t.Error("a sample of more than there are is all of them")
	}
}

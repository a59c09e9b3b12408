package retrieval

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// Against sorting all similarities; sets with many ties, lists that are longer than the
// gallery.
func TestNeighboursBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 40 {
		x, _ := randomSet(rng, 1+rng.IntN(700), 1+rng.IntN(3), 5)
		g, k := x, 1+rng.IntN(20)
		if trial%5 == 0 {
			k = 1000
		}
		self := trial%2 == 0
		var lists *Lists
		var err error
		if self {
			lists, err = Neighbours(t.Context(), Float32(x), k)
		} else {
			g, _ = randomSet(rng, 1+rng.IntN(700), x.Cols, 5)
			lists, err = NeighboursIn(t.Context(), Float32(x), Float32(g), k)
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range x.Rows {
			all := candidates(x.Row(i), 0, g, make([]int, g.Rows), -1)
			var want []int
			for j := range all {
				if !self || j != i {
					want = append(want, j)
				}
			}
			slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(all[b].similarity, all[a].similarity) })
			want = want[:min(k, len(want))]
			same := slices.EqualFunc(lists.Of[i], want, func(n Neighbour, row int) bool {
				square := all[row].similarity / f32.Dot(x.Row(i), x.Row(i)) // of the cosine, with its sign
				return n.Row == row && math.Abs(math.Copysign(math.Sqrt(math.Abs(square)), square)-float64(n.Similarity)) < 1e-7
			})
			if !same {
				t.Fatalf("trial %d, self %v, k %d: query %d has %v, want rows %v", trial, self, k, i, lists.Of[i], want)
			}
		}
	}
}

func TestKeysDescend(t *testing.T) {
	values := []float32{float32(math.Inf(1)), 1, 0.5, 1e-40, 0, -1e-40, -0.5, -1, float32(math.Inf(-1))}
	before := uint64(0)
	for _, v := range values {
		for row := range 3 {
			k := key(v, row)
			if k <= before {
				t.Errorf("the key of %v at row %d does not follow the one before", v, row)
			}
			before = k
			if similarity, r := ofKey(k); similarity != v || r != row {
				t.Errorf("key of %v at %d is read as %v at %d", v, row, similarity, r)
			}
		}
	}
	if key(float32(math.Copysign(0, -1)), 1) != key(0, 1) {
		t.Error("0 and −0 differ")
	}
}

func TestPartition(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n := 1 + rng.IntN(50)
		keys := make([]uint64, n)
		for i, v := range rng.Perm(n) {
			keys[i] = uint64(v)
		}
		k := 1 + rng.IntN(n)
		partition(keys, k)
		if k < n && slices.Max(keys[:k]) != uint64(k-1) {
			t.Fatalf("the first %d of %d keys are not the smallest: %v", k, n, keys)
		}
	}
}

func TestNeighboursRefusals(t *testing.T) {
	x := rowsOf([]float32{1, 0}, []float32{1, 0}, []float32{1, 0})
	nan := x.Clone()
	nan.Data[1] = float32(math.NaN())
	self := func(x matrix.Matrix, k int) error {
		_, err := Neighbours(t.Context(), Float32(x), k)
		return err
	}
	in := func(q, g matrix.Matrix) error {
		_, err := NeighboursIn(t.Context(), Float32(q), Float32(g), 1)
		return err
	}
	for want, err := range map[string]error{
		"ask for 1 at least":       self(x, 0),
		"nothing to retrieve":      in(x, matrix.New(0, 2)),
		"must come from one model": in(x, matrix.New(3, 4)),
		"queries: row 0":           in(nan, x),
		"gallery: row 0":           in(x, nan),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Lists that are collected for some queries at a time are those of all queries, by
// float32 and by integers, with directions in memory and in windows.
func TestEachNeighbours(t *testing.T) {
	defer func(held int) { heldBytes = held }(heldBytes)
	rng := rand.New(rand.NewPCG(5, 6))
	x, _ := randomSet(rng, 200, 6, 5)
	y, _ := randomSet(rng, 120, 6, 5)
	for _, held := range []int{heldBytes, 0} {
		heldBytes = held
		queries := inClassOrder(Float32(x), nil)
		q, g := bothInClassOrder(Float32(x), nil, Float32(y), nil)
		for _, self := range []bool{true, false} {
			if self {
				q, g = queries, queries
			} else {
				q, g = bothInClassOrder(Float32(x), nil, Float32(y), nil)
			}
			for _, integers := range []int{0, 1} {
				for _, k := range []int{3, 300} {
					tl := tiling{rows: 16, cols: 32, workers: 2, integers: integers, window: 32}
					want := listsOf(t, q, g, self, k, tl)
					l := newLists(t.Context(), q, g, self, k, tl)
					if n := l.atOnce(16 * l.held * 50); n != 48 {
						t.Fatalf("%d queries of 50 at once", n)
					}
					next := 0
					undecided, err := l.eachBlock(48, func(query int, list []Neighbour) error {
						if query != next || !slices.Equal(list, want.Of[query]) {
							t.Fatalf("self %v, %d neighbours: query %d after %d has %v, want %v", self, k, query, next-1, list, want.Of[query])
						}
						next++
						return nil
					})
					if err != nil || next != x.Rows || undecided != want.Undecided {
						t.Errorf("self %v: %d queries, %d undecided of %d, error %v", self, next, undecided, want.Undecided, err)
					}
				}
			}
		}
	}

	heldBytes = 256 << 20
	full := errors.New("the disk is full")
	if _, _, err := EachNeighbours(t.Context(), Float32(x), nil, 2, func(query int, _ []Neighbour) error {
		if query > 9 {
			return full
		}
		return nil
	}); err != full {
		t.Errorf("error %v", err)
	}
	z := Float32(y)
	lists, err := NeighboursIn(t.Context(), Float32(x), z, 4)
	if err != nil {
		t.Fatal(err)
	}
	copies, undecided, err := EachNeighbours(t.Context(), Float32(x), &z, 4, func(query int, list []Neighbour) error {
		if !slices.Equal(list, lists.Of[query]) {
			t.Fatalf("query %d has %v, want %v", query, list, lists.Of[query])
		}
		return nil
	})
	if err != nil || copies != lists.Copies || undecided != lists.Undecided || copies == 0 {
		t.Errorf("%d copies, %d undecided, error %v; want %d, %d", copies, undecided, err, lists.Copies, lists.Undecided)
	}
}

package benchmarks

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/f32"
)

// Against sorting all similarities; sets with many ties, lists that are longer than the gallery.
func TestNeighboursBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 40 {
		x, _ := randomSet(rng, 1+rng.IntN(700), 1+rng.IntN(3), 5)
		g, k := x, 1+rng.IntN(20)
		if trial%5 == 0 {
			k = 1000
		}
		self := trial%2 == 0
		var got [][]Neighbour
		var err error
		if self {
			got, err = Neighbours(x, k)
		} else {
			g, _ = randomSet(rng, 1+rng.IntN(700), x.Cols, 5)
			got, err = NeighboursIn(x, g, k)
		}
		if err != nil {
			t.Fatal(err)
		}
		s := f32.New(x.Rows, g.Rows)
		f32.MulNT(s, x, g)
		for i := range x.Rows {
			var want []Neighbour
			for j, v := range s.Row(i) {
				if !self || j != i {
					want = append(want, Neighbour{j, v})
				}
			}
			slices.SortStableFunc(want, func(a, b Neighbour) int { return cmp.Compare(b.Similarity, a.Similarity) })
			want = want[:min(k, len(want))]
			if !slices.Equal(got[i], want) {
				t.Fatalf("trial %d, self %v, k %d: query %d has %v, want %v", trial, self, k, i, got[i], want)
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
	x := f32.New(3, 2)
	nan := f32.New(3, 2)
	nan.Data[1] = float32(math.NaN())
	for want, try := range map[string]func() ([][]Neighbour, error){
		"ask for 1 at least":       func() ([][]Neighbour, error) { return Neighbours(x, 0) },
		"nothing to retrieve":      func() ([][]Neighbour, error) { return NeighboursIn(x, f32.New(0, 2), 1) },
		"must come from one model": func() ([][]Neighbour, error) { return NeighboursIn(x, f32.New(3, 4), 1) },
		"queries: row 0":           func() ([][]Neighbour, error) { return NeighboursIn(nan, x, 1) },
		"gallery: row 0":           func() ([][]Neighbour, error) { return NeighboursIn(x, nan, 1) },
	} {
		if _, err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

package retrieval

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// Lists of neighbours are the same to the bit in windows of any size, of integers or not,
// among rows with near ties and copies.
func TestNeighboursInWindows(t *testing.T) {
	for name, change := range prefilterSets {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(31, 32))
			for _, d := range []int{1, 3, 40} {
				x, labels := prefilterSet(rng, 150, d, 30)
				change(rng, x, labels)
				y, others := prefilterSet(rng, 90, d, 30)
				change(rng, y, others)
				copy(y.Data[:20*d], x.Data)
				s, q := inClassOrder(Float32(x), labels), inClassOrder(Float32(y), others)
				for _, self := range []bool{true, false} {
					if self {
						q = s
					}
					for _, k := range []int{1, 4, 149} {
						want := listsOf(t, q, s, self, k, tiling{rows: 256, cols: 512, workers: 1})
						for _, tl := range []tiling{{rows: 8, cols: 16, workers: 2, window: 24}, {rows: 5, cols: 9, workers: 1, window: 65}, {rows: 16, cols: 32, workers: 3, integers: 1, window: 48}, {rows: 16, cols: 16, workers: 1, integers: 1, window: 16}} {
							if got := listsOf(t, unheld(q), unheld(s), self, k, tl); !reflect.DeepEqual(got, want) {
								t.Fatalf("%d dimensions, self %v, %d neighbours, %+v: other lists", d, self, k, tl)
							}
						}
					}
				}
			}
		})
	}
}

// Whatever holds directions gives the same to the bit where none may be held.
func TestLittleMemory(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	x, labels := prefilterSet(rng, 600, 20, 40)
	prefilterSets["near ties"](rng, x, labels)
	y, others := prefilterSet(rng, 530, 20, 40)
	wide := make([]float64, len(x.Data))
	for i, v := range x.Data {
		wide[i] = float64(v) * (1 + 1e-12*rng.Float64())
	}
	v, err := Float64(x.Rows, x.Cols, wide)
	if err != nil {
		t.Fatal(err)
	}
	all := []Vectors{Float32(x), v}
	gallery := Float32(y)

	answers := func() (got []any) {
		t.Helper()
		add := func(answer any, err error) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, answer)
		}
		for _, x := range all {
			lists, err := Neighbours(t.Context(), x, 7)
			add(lists, err)
			lists, err = NeighboursIn(t.Context(), x, gallery, 7)
			add(lists, err)
			expanded, err := Expansion{K: 3, Alpha: 2}.Expand(t.Context(), x, nil)
			add(expanded, err)

			o := Options{Ks: []int{1, 5}, MAPAtR: true}
			o.Rules.Reranking = Reranking{K1: 6, K2: 3, Lambda: 0.3}
			scores, err := Evaluate(t.Context(), x, labels, o)
			add(scores, err)
			scores, err = EvaluateGallery(t.Context(), x, labels, gallery, others, o)
			add(scores, err)

			nearest, _, _, err := NearestCentroid(t.Context(), x, labels, nil, nil)
			add(nearest, err)
			nearest, _, _, err = NearestCentroid(t.Context(), x, labels, &gallery, others)
			add(nearest, err)
			clusters, _, err := Cluster(t.Context(), x, labels, 1)
			add(clusters, err)

			pairs, err := PairsOf(x, labels)
			add(tilesOf(t, pairs), err)
			pairs, err = PairsBetween(x, labels, gallery, others)
			add(tilesOf(t, pairs), err)
		}
		return got
	}

	want := answers()
	defer func(held int, t tiling) { heldBytes, tiles = held, t }(heldBytes, tiles)
	heldBytes, tiles.window = 0, tiles.rows
	for k, got := range answers() {
		if !reflect.DeepEqual(got, want[k]) {
			t.Errorf("answer %d, a %T, is another", k, got)
		}
	}
}

// tilesOf are copies of the similarities of all tiles.
func tilesOf(t *testing.T, p *Pairs) map[string][]float32 {
	t.Helper()
	var mu sync.Mutex
	tiles := map[string][]float32{}
	err := p.Tiles(t.Context(), 2, func() func(PairTile) {
		return func(tile PairTile) {
			mu.Lock()
			defer mu.Unlock()
			tiles[fmt.Sprint(tile.From, tile.Start, tile.S.Rows, tile.S.Cols)] = slices.Clone(tile.S.Data)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return tiles
}

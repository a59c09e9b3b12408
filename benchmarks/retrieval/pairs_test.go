package retrieval

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

// Every pair is in one tile, with its similarity, and its labels tell which kind it is.
func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x, xl := randomSet(r, 700, 9, 40)
	y, yl := randomSet(r, 300, 9, 50)
	own, err := PairsOf(Float32(x), xl)
	if err != nil {
		t.Fatal(err)
	}
	between, err := PairsBetween(Float32(x), xl, Float32(y), yl)
	if err != nil {
		t.Fatal(err)
	}

	for _, p := range []*Pairs{own, between} {
		queries, gallery := p.Labels()
		var mu sync.Mutex
		seen := make([]int, len(queries)*len(gallery))
		blocks, positives, all := 0, int64(0), int64(0)
		unit, other := make([]float64, p.Cols()), make([]float64, p.Cols())

		err := p.Tiles(t.Context(), 3, func() func(PairTile) {
			return func(tile PairTile) {
				mu.Lock()
				defer mu.Unlock()
				for i := range tile.S.Rows {
					from, to := p.Segment(tile.From + i)
					p.Query(tile.From+i, unit)
					for j := tile.First(i); j < tile.S.Cols; j++ {
						row := tile.Start + j
						seen[(tile.From+i)*len(gallery)+row]++
						all++
						if same := queries[tile.From+i] == gallery[row]; same != (row >= from && row < to) {
							t.Fatalf("row %d of label %d is not in %d to %d", row, gallery[row], from, to)
						} else if same {
							positives++
						}

						s := float64(tile.S.Row(i)[j])
						if apart := p.Apart(tile.From+i, row); math.Abs(1-apart-s) > p.Error32() {
							t.Fatalf("S = %v in float32 and %v in float64", s, 1-apart)
						}
						p.doubles.g.direction(row, other)
						if want := dot64(unit, other); math.Abs(s-want) > 1e-6 {
							t.Fatalf("S = %v, want %v", s, want)
						}
					}
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}

		for k, n := range seen {
			if i, j := k/len(gallery), k%len(gallery); n > 1 || n == 0 && (!p.Self() || j > i) || n == 1 && p.Self() && j <= i {
				t.Fatalf("pair %d, %d is in %d tiles", i, j, n)
			}
		}
		if counted, negatives := p.Count(); counted != positives || counted+negatives != all {
			t.Errorf("%d and %d pairs, want %d of %d", counted, negatives, positives, all)
		}
		if err := p.Blocks(t.Context(), 2, func() func(from, to int) {
			return func(from, to int) { mu.Lock(); blocks += to - from; mu.Unlock() }
		}); err != nil || blocks != len(queries) {
			t.Errorf("blocks of %d rows, %v; want %d", blocks, err, len(queries))
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := own.Tiles(ctx, 0, func() func(PairTile) { return func(PairTile) {} }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := PairsBetween(Float32(x), xl, Float32(y.Columns(0, 5)), yl); err == nil {
		t.Error("queries and gallery of 9 and 5 dimensions are accepted")
	}
}

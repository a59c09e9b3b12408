package retrieval

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// Neighbours, and whether float64 can order them, do not depend on the order in which the
// rows of the gallery come: here they come in random orders, as from many workers, among
// them near ties and copies.
func TestNeighboursInAnyOrder(t *testing.T) {
	for name, change := range prefilterSets {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(21, 22))
			for _, d := range []int{1, 2, 3} {
				x, labels := prefilterSet(rng, 120, d, 40)
				change(rng, x, labels)
				s := inClassOrder(Float32(x), labels)
				for _, k := range []int{1, 2, 3, 5, 7, 119, 120} {
					want := listsOf(t, s, s, true, k, tiling{rows: 256, cols: 512, workers: 1})
					for range 3 {
						if got := arrived(t, rng, s, k); !reflect.DeepEqual(got, want) {
							t.Fatalf("%d dimensions, %d neighbours: in another order %d undecided for %d, equal lists: %v", d, k, got.Undecided, want.Undecided, reflect.DeepEqual(got.Of, want.Of))
						}
					}
				}
			}
		})
	}
}

// arrived are the lists of rows that search each other, which come in a random order.
func arrived(t *testing.T, rng *rand.Rand, s side, k int) *Lists {
	t.Helper()
	l := listsIn(t.Context(), s, s, true, k, tiling{rows: 256, cols: 512, workers: 1})
	n := len(s.rows)
	var w worker
	all := l.tile(&w, 0, n, 0, n)
	pairs := make([]int, n*n)
	for p := range pairs {
		pairs[p] = p
	}
	rng.Shuffle(len(pairs), func(a, b int) { pairs[a], pairs[b] = pairs[b], pairs[a] })
	for _, p := range pairs {
		l.addPair(p/n, p%n, all.Row(p / n)[p%n])
	}

	lists, err := l.neighbours()
	if err != nil {
		t.Fatal(err)
	}
	return lists
}

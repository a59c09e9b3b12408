package compare

import (
	"strings"
	"testing"
)

// The table of 80 rows of 5 seeds on 98 classes of 60 queries in 8 metrics: reading, and
// marking the best and its ties.
func BenchmarkTies(b *testing.B) {
	store := open(b)
	var rows []Row
	for k := range 80 {
		f := fakeRow{label: strings.Repeat("x", k+1), seeds: []uint64{0, 1, 2, 3, 4}, better: float64(k) / 1000, perClass: 60}
		rows = append(rows, keep(b, store, "cars", 98, f))
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			Read(store, rows)
		}
	})
	set := Read(store, rows)
	b.Run("ties", func(b *testing.B) {
		for b.Loop() {
			for _, m := range []string{"recall@1", "recall@2", "recall@4", "recall@8", "recall@16", "recall@32", "map_at_r", "r_precision"} {
				set.Ties(m)
			}
		}
	})
}

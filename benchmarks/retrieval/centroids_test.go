package retrieval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Against the definition, of sets with equal centroids, of classes of one row and of rows
// that cancel out.
func TestNearestCentroidBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	ties, cancelling := 0, 0
	for trial := range 100 {
		x, labels := randomSet(rng, 2+rng.IntN(40), 1+rng.IntN(3), 1+rng.IntN(8))
		g, gl, self := x, labels, trial%2 == 0
		var gallery *Vectors
		if !self {
			g, gl = randomSet(rng, 1+rng.IntN(40), x.Cols, 1+rng.IntN(8))
			v := Float32(g)
			gallery = &v
		}
		found, counted, without, err := NearestCentroid(t.Context(), Float32(x), labels, gallery, gl)
		if err != nil {
			t.Fatal(err)
		}
		if without > 0 {
			cancelling++
		}
		for i := range x.Rows {
			similarity := map[int]float64{}
			size := map[int]int{}
			sums := map[int][]float64{}
			for j := range g.Rows {
				if sums[gl[j]] == nil {
					sums[gl[j]] = make([]float64, g.Cols)
				}
				if self && i == j {
					continue
				}
				size[gl[j]]++
				length, _ := products(g.Row(j), g.Row(j))
				for k, v := range g.Row(j) {
					sums[gl[j]][k] += float64(v) / math.Sqrt(length)
				}
			}
			for class, sum := range sums {
				dot, square := 0.0, 0.0
				for k, v := range sum {
					dot += v * float64(x.Row(i)[k])
					square += v * v
				}
				if square > 1e-20 {
					length, _ := products(x.Row(i), x.Row(i))
					similarity[class] = dot / math.Sqrt(square*length)
				}
			}
			if counted[i] != (size[labels[i]] > 0) {
				t.Fatalf("trial %d: query %d is counted: %v", trial, i, counted[i])
			}
			var want Range
			if own, has := similarity[labels[i]]; has && counted[i] {
				above, equal := 0, 0
				for class, s := range similarity {
					switch {
					case class == labels[i]:
					case s > own+1e-12:
						above++
					case s > own-1e-12:
						equal++
					}
				}
				if above == 0 {
					want = Range{Expected: 1 / float64(1+equal), High: 1}
					if equal == 0 {
						want.Low = 1
					} else {
						ties++
					}
				}
			}
			if found[i] != want {
				t.Fatalf("trial %d, self %v: query %d has %v, want %v", trial, self, i, found[i], want)
			}
		}
	}
	if ties == 0 || cancelling == 0 {
		t.Errorf("%d ties and %d sets with a class that cancels: the test shows nothing", ties, cancelling)
	}
}

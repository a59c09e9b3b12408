package retrieval

import (
	"math/rand/v2"
	"testing"
)

// around returns 10 classes of 20 rows about one direction, each class about a point at a
// distance of spread and its rows a fifth of that about it, and their labels.
func around(spread float64) (Vectors, []int) {
	const classes, perClass, dim = 10, 20, 24
	rng := rand.New(rand.NewPCG(21, 22))
	var data []float64
	var labels []int
	for class := range classes {
		var centre [dim]float64
		for k := range centre {
			centre[k] = rng.NormFloat64()
		}
		for range perClass {
			for k := range dim {
				direction := 0.0
				if k == 0 {
					direction = 1
				}
				data = append(data, direction+spread*(centre[k]+0.2*rng.NormFloat64()))
			}
			labels = append(labels, class)
		}
	}
	return float64s(len(labels), dim, data), labels
}

// K-means depends on differences alone, so classes that are as far apart beside their own
// width are found as well however near all of them are to one direction. Where float64
// has lost the differences, no figure is given.
func TestClustersOfCollapsedEmbeddings(t *testing.T) {
	for _, spread := range []float64{1e-2, 1e-4, 1e-7, 1e-10, 1e-12} {
		x, labels := around(spread)
		s, err := Evaluate(t.Context(), x, labels, Options{Ks: []int{1}, Clustering: true})
		if err != nil {
			t.Fatal(err)
		}
		if s.Clustering == nil || s.Clustering.NMI.High < 0.99 || s.Clustering.NMI.Low < 0.9 {
			t.Errorf("spread %v: %+v, classes five times as far apart as they are wide", spread, s.Clustering)
		}
	}
	x, labels := around(1e-17)
	s, err := Evaluate(t.Context(), x, labels, Options{Ks: []int{1}, Clustering: true})
	if err != nil {
		t.Fatal(err)
	}
	if s.Clustering != nil || s.NoClustering == "" {
		t.Errorf("rows that float64 cannot tell apart: %+v, %q", s.Clustering, s.NoClustering)
	}
}

// Lists say how many hold an order that float64 does not know; copies have the order of
// their rows and are no such case.
func TestUndecidedNeighbours(t *testing.T) {
	for spread, want := range map[float64]bool{1e-2: false, 1e-15: true} {
		x, _ := around(spread)
		lists, err := Neighbours(t.Context(), x, 5)
		if err != nil {
			t.Fatal(err)
		}
		if lists.Undecided > 0 != want || (UndecidedRemark(lists.Undecided) != "") != want {
			t.Errorf("spread %v: %d undecided, want some: %v", spread, lists.Undecided, want)
		}
	}
	x := float64s(4, 2, []float64{1, 2.5, 1, 2.5, 1, 2.5, 3, 1})
	if lists, err := Neighbours(t.Context(), x, 3); err != nil || lists.Undecided > 0 {
		t.Errorf("copies: %+v, %v", lists, err)
	}
}

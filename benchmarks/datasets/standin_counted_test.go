package datasets

import (
	"slices"
	"testing"
)

// At scale 1 the second version of In-Shop has what its README says of the partition, and
// what was counted there of queries and gallery.
func TestInShopSizes(t *testing.T) {
	s, err := findStandIn("inshop_v2", 1)
	if err != nil {
		t.Fatal(err)
	}
	sizes := s.sizes(1, 1)
	train := slices.Sorted(slices.Values(sizes[0]))
	if least, median, most := train[0], train[len(train)/2], train[len(train)-1]; least != 1 || median != 4 || most != 162 {
		t.Errorf("training classes of %d to %d rows, median %d, want 1, 162, 4", least, most, median)
	}
	if n := slices.Index(train, 2); n != 12 {
		t.Errorf("%d training classes have one row, want 12", n)
	}
	if slices.IsSorted(sizes[0]) {
		t.Error("the sizes are in ascending order, want a random one")
	}

	part, err := StandInPartition("inshop_v2", 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	counted := map[int]int{}
	for _, p := range part {
		counted[p]++
	}
	if counted[0] != 25882 || counted[1] != 14218 || counted[2] != 12612 {
		t.Errorf("the partition has %v, want 25882, 14218, 12612", counted)
	}
	queries, gallery, row := map[int]int{}, map[int]int{}, 25882
	for class, n := range sizes[1] {
		for _, p := range part[row : row+n] {
			if p == 1 {
				queries[class]++
			} else {
				gallery[class]++
			}
		}
		row += n
	}
	one := func(of map[int]int) (n, most int) {
		for _, k := range of {
			most = max(most, k)
			if k == 1 {
				n++
			}
		}
		return n, most
	}
	if n, most := one(queries); n != 13 || most != 66 || len(queries) != 3985 {
		t.Errorf("%d classes have one query, the most %d, want 13 and 66", n, most)
	}
	if n, most := one(gallery); n != 433 || most != 65 || len(gallery) != 3985 {
		t.Errorf("%d classes have one row in the gallery, the most %d, want 433 and 65", n, most)
	}
}

// A small scale has the same range: single rows, a median of 4, and rows in proportion up
// to the tail.
func TestInShopSizesOfAScale(t *testing.T) {
	s, err := findStandIn("inshop_v2", 0.1)
	if err != nil {
		t.Fatal(err)
	}
	train := slices.Sorted(slices.Values(s.sizes(0.1, 1)[0]))
	sum := 0
	for _, n := range train {
		sum += n
	}
	if len(train) != 400 || train[0] != 1 || train[200] != 4 || sum < 2400 || sum > 2700 {
		t.Errorf("%d classes with %d rows, from %d, median %d", len(train), sum, train[0], train[200])
	}
}

func TestInShopV2IsAnotherSet(t *testing.T) {
	d := mustStandIn(t, "inshop_v2", 0.02, 1)
	if d.Name != "synthetic_inshop_v2" {
		t.Errorf("it is called %s", d.Name)
	}
	const want = "494e2a6290e83c410fb36c03397e8c840ccb28fb4f293945f6f6fc5e14c270a7"
	if d.Checksum != want {
		t.Errorf("checksum %s, want %s", d.Checksum, want)
	}
	part, err := StandInPartition("inshop_v2", 0.02, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ByPartition(d.Labels, part); err != nil {
		t.Error(err)
	}
}

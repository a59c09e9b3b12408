package train

import (
	"reflect"
	"slices"
	"testing"
)

// Every row is validated on once, no class is on both sides of a fold, and folds differ
// by one class at most.
func TestFoldsAreDisjoint(t *testing.T) {
	var labels []int
	for i := range 97 {
		labels = append(labels, 100+(i*i)%11)
	}
	all := len(classes(labels))
	for _, n := range []int{2, 3} {
		folds, err := Folds(labels, n, "data", 3)
		if err != nil {
			t.Fatal(err)
		}
		seen := make([]int, len(labels))
		for _, f := range folds {
			for _, row := range f.Validation {
				seen[row]++
				for _, other := range f.Train {
					if labels[other] == labels[row] {
						t.Fatalf("class %d is on both sides", labels[row])
					}
				}
			}
			if len(f.Train)+len(f.Validation) != len(labels) || !slices.IsSorted(f.Train) || !slices.IsSorted(f.Validation) {
				t.Errorf("%d and %d rows of %d", len(f.Train), len(f.Validation), len(labels))
			}
			taken := map[int]bool{}
			for _, row := range f.Validation {
				taken[labels[row]] = true
			}
			if have := len(taken); have != all/n && have != all/n+1 {
				t.Errorf("a fold of %d has %d of %d classes", n, have, all)
			}
		}
		for row, times := range seen {
			if times != 1 {
				t.Errorf("row %d is validated on %d times", row, times)
			}
		}
	}
}

// The folds are those of the data set and the seed.
func TestFoldsDependOnSeed(t *testing.T) {
	labels := make([]int, 60)
	for i := range labels {
		labels[i] = i / 3
	}
	get := func(key string, seed uint64) []Fold {
		folds, err := Folds(labels, 4, key, seed)
		if err != nil {
			t.Fatal(err)
		}
		return folds
	}
	if !reflect.DeepEqual(get("a", 1), get("a", 1)) {
		t.Error("the same seed gives other folds")
	}
	if reflect.DeepEqual(get("a", 1), get("a", 2)) || reflect.DeepEqual(get("a", 1), get("b", 1)) {
		t.Error("another seed, or other data, gives the same folds")
	}
}

func TestFoldsRefused(t *testing.T) {
	labels := []int{0, 0, 1, 1, 2, 2, 3, 3, 4, 4}
	for n, want := range map[int]string{
		1: "train: 1 folds: take 2 or more",
		3: "train: 3 folds of 5 training classes: a fold needs 2 classes or more, so take at most 2 folds",
	} {
		if _, err := Folds(labels, n, "", 0); err == nil || err.Error() != want {
			t.Errorf("%d folds: %v, want %s", n, err, want)
		}
	}
}

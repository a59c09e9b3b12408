package inspect

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rolled puts the labels by places later, and the last ones first.
func rolled(labels []int, by int) []int {
	k := (len(labels) - by) % len(labels)
	return slices.Concat(labels[k:], labels[:k])
}

// Labels one off are found in sorted sets of few classes too, and none where rows and
// labels fit, where rows are random, and where classes pass into each other.
func TestShiftedByOne(t *testing.T) {
	for _, classes := range []int{8, 10, 20, 40} {
		for _, by := range []int{0, 1, -1} {
			s := clusters(classes, 400/classes)
			s.Labels = rolled(s.Labels, by)
			found, ok := stepOf(nearestOf(t, s), s.Labels)
			if ok != (by != 0) || found.shift != by {
				t.Errorf("%d classes, %d off: found %+v, %v", classes, by, found, ok)
			}
		}
	}

	s := clusters(8, 50)
	s.Labels = rolled(s.Labels, 1)
	r := inspected(t, s)
	want := "near rows share labels if the label of each is taken 1 later: 396 of 396 then, 382 now"
	if k := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Name == "out_of_step" }); k < 0 || !strings.Contains(r.Findings[k].Text, want) {
		t.Errorf("findings %+v, want one with %q", r.Findings, want)
	}
}

func TestNoShiftByOne(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 5))
		s := clusters(8, 50)
		for i := range s.X.narrow { // neither class nor order
			s.X.narrow[i] = float32(rng.NormFloat64())
		}
		if found, ok := stepOf(nearestOf(t, s), s.Labels); ok {
			t.Errorf("random rows, seed %d: found %+v", seed, found)
		}

		// A film: each row is the one before, moved a little, and labels cut it anywhere.
		for i := testDim; i < len(s.X.narrow); i++ {
			s.X.narrow[i] = s.X.narrow[i-testDim] + 0.2*float32(rng.NormFloat64())
		}
		if found, ok := stepOf(nearestOf(t, s), s.Labels); ok {
			t.Errorf("a film, seed %d: found %+v", seed, found)
		}
	}
}

func nearestOf(t *testing.T, s *Subject) []pair {
	t.Helper()
	valid := make([]int, s.X.N)
	for i := range valid {
		valid[i] = i
	}
	pairs, err := s.X.nearestPairs(t.Context(), valid, 1)
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

package analysis

import (
	"math"
	"slices"
	"testing"
)

func TestShown(t *testing.T) {
	var c TrainingHistory
	for step := range 11 {
		c.Batches = append(c.Batches, &Scatter{Step: step})
	}
	for n, want := range map[int][]int{1: {10}, 2: {0, 10}, 3: {0, 5, 10}, 4: {0, 3, 7, 10}} {
		var got []int
		for _, cloud := range c.SampleBatches(n) {
			got = append(got, cloud.Step)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d of 11: %v, want %v", n, got, want)
		}
	}
	if got := c.SampleBatches(11); len(got) != 11 {
		t.Errorf("%d of 11", len(got))
	}
	if got := (&TrainingHistory{}).SampleBatches(4); len(got) != 0 {
		t.Errorf("of none: %v", got)
	}
}

// A number over seeds is held against a count over all seeds for each step. Seeds end at
// different steps, and the number is not defined for all of them.
func TestOverSeeds(t *testing.T) {
	nan := math.NaN()
	values := [][]float64{ // by seed, of the steps 0, 2, 4, …
		{3, 1, nan, 4, 0.1},
		{5, nan, nan, 8},
		{7, 2, nan, 0, 0.1},
		{0.1},
	}
	of := func(seed int) (all []WeightStats) {
		for k, v := range values[seed] {
			all = append(all, WeightStats{Step: 2 * k, Loss: v})
		}
		return all
	}
	h := &TrainingHistory{Seed: 7, Stats: of(1)} // the longest is not the first
	for _, seed := range []int{0, 2, 3} {
		h.Others = append(h.Others, SeedStats{Seed: uint64(seed), Stats: of(seed)})
	}

	got := h.OverSeeds(func(m WeightStats) float64 { return m.Loss })
	if len(got) != 5 {
		t.Fatalf("%d steps of 5: %+v", len(got), got)
	}
	for k, p := range got {
		seeds := 0
		var defined []float64
		for _, v := range values {
			if k < len(v) {
				seeds++
				if !math.IsNaN(v[k]) {
					defined = append(defined, v[k])
				}
			}
		}
		if p.Step != 2*k || p.Seeds != seeds {
			t.Errorf("place %d is step %d of %d seeds, want step %d of %d", k, p.Step, p.Seeds, 2*k, seeds)
		}
		if len(defined) == 0 {
			if !math.IsNaN(p.Mean) || !math.IsNaN(p.Low) || !math.IsNaN(p.High) {
				t.Errorf("step %d has no number and is %+v", p.Step, p)
			}
			continue
		}
		mean := 0.0
		for _, v := range defined {
			mean += v / float64(len(defined))
		}
		if math.Abs(p.Mean-mean) > 1e-12 || p.Low != slices.Min(defined) || p.High != slices.Max(defined) || p.Mean < p.Low || p.Mean > p.High {
			t.Errorf("step %d is %+v, want the mean %v of %v", p.Step, p, mean, defined)
		}
	}

	one := &TrainingHistory{Stats: of(0)}
	for k, p := range one.OverSeeds(func(m WeightStats) float64 { return m.Loss }) {
		if v := values[0][k]; p.Seeds != 1 || !math.IsNaN(v) && (p.Mean != v || p.Low != v || p.High != v) {
			t.Errorf("of one seed step %d is %+v, not %v", p.Step, p, v)
		}
	}
	if got := new(TrainingHistory).OverSeeds(func(m WeightStats) float64 { return 1 }); len(got) != 0 {
		t.Errorf("of no step: %v", got)
	}
}

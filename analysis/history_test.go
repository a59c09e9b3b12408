package analysis

import (
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

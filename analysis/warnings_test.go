package analysis

import (
	"slices"
	"testing"

	"gpwbench/losses"
)

func TestRemarks(t *testing.T) {
	for _, test := range []struct {
		name   string
		moment WeightStats
		want   []string
	}{
		{"well", well, nil},
		{"nothing", WeightStats{}, []string{"there are no pairs: take a batch of two rows or more"}},
		{"one class", WeightStats{Positive: SideStats{Pairs: 30, Mean: 0.5}}, []string{"there are no negatives: all rows are of one class"}},
		{"one class that is drawn together", WeightStats{Positive: well.Positive}, []string{"there are no negatives: all rows are of one class"}},
		{"no class of two", alone, []string{"there are no positives: no class has two rows"}},
		{"no weight", silent, []string{"no pair has weight: the loss is satisfied as far as these similarities tell, or its miner leaves nothing"}},
		{"no weight, and a value", but(func(m *WeightStats) { *m = silent; m.Loss = 0.2 }), []string{"no pair has weight although L is not 0: it has no slope at these similarities"}},
		{"distance 0", but(func(m *WeightStats) {
			*m = point
			m.Loss, m.Positive.Low, m.Negative.Low = 0.2, 1, 1-1e-15
		}), []string{"collapse: all embeddings point the same way, with a mean similarity of 1.000", "no pair has weight although L is not 0: all pairs are at distance 0, where its slope is taken as 0"}},
		{"one point", point, []string{"collapse: all embeddings point the same way, with a mean similarity of 1.000", "no pair has weight: the loss is satisfied as far as these similarities tell, or its miner leaves nothing"}},
		{"nearly", apart, nil},
		{"one pair", ruledMoment, []string{"one pair has 60 % of the weight"}},
		{"one pair and its image", mirrored, []string{"the weight is divided as among 3.9 ordered pairs", "the positive pairs have less than a thousandth of the weight"}},
		{"one of few", but(func(m *WeightStats) {
			m.Positive, m.Negative = SideStats{Pairs: 2, Mass: 0.05, Largest: 0.5, Effective: 2}, SideStats{Pairs: 10, Mass: 0.95, Largest: 1, Effective: 1}
		}), []string{"one pair has 95 % of the weight"}},
		{"most of few", few, nil},
		{"attracted", attracted, []string{"the negative pairs have less than a thousandth of the weight"}},
		{"balanced", balanced, nil},
	} {
		if got := test.moment.Warnings(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestRemarksOn: what the pairs of a batch tell beside their moment. In classes of 2, 1
// and 1 two anchors lack a positive; in classes of one each all do, which has a sentence
// of its own.
func TestRemarksOn(t *testing.T) {
	for _, test := range []struct {
		labels []int
		g      func(i, j int) float64
		want   []string
	}{
		{[]int{0, 0, 1, 2}, func(i, j int) float64 { return sign(i+j != 1) }, []string{"2 of 4 anchors have no positive: no other row is of that class"}},
		{[]int{0, 0, 1}, func(i, j int) float64 { return sign(i == 0 || i+j != 1) }, []string{
			"1 pair has a gradient of the other sign: a positive pushed apart or a negative drawn near",
			"1 of 3 anchors has no positive: no other row is of that class",
		}},
		{[]int{0, 1, 2}, func(i, j int) float64 { return 1 }, []string{"there are no positives: no class has two rows"}},
		{[]int{0, 0, 1, 1}, func(i, j int) float64 { return sign(i/2 != j/2) }, nil},
	} {
		m := len(test.labels)
		s, g := make([]float64, m*m), make([]float64, m*m)
		for k := range s {
			i, j := k/m, k%m
			s[k] = 0.1 * float64(1+(i+j)%3)
			if i == j {
				s[k] = 1
			} else {
				g[k] = test.g(i, j)
			}
		}
		b, err := losses.NewBatch(s, test.labels)
		if err != nil {
			t.Fatal(err)
		}
		if got := StatsOf(b, g).Warnings(); !slices.Equal(got, test.want) {
			t.Errorf("classes %v: %q, want %q", test.labels, got, test.want)
		}
	}
}

// sign is 1 where it is true, else −1.
func sign(positive bool) float64 {
	if positive {
		return 1
	}
	return -1
}

package analysis

import (
	"slices"
	"testing"
)

func TestRemarks(t *testing.T) {
	for _, test := range []struct {
		name   string
		moment Moment
		want   []string
	}{
		{"well", well, nil},
		{"nothing", Moment{}, []string{"there are no pairs: take a batch of two rows or more"}},
		{"one class", Moment{Positive: Kind{Pairs: 30, Mean: 0.5}}, []string{"there are no negatives: all rows are of one class"}},
		{"one class that is drawn together", Moment{Positive: well.Positive}, []string{"there are no negatives: all rows are of one class"}},
		{"no class of two", alone, []string{"there are no positives: no class has two rows"}},
		{"no weight", silent, []string{"no pair has weight: the loss is satisfied, or its miner leaves nothing"}},
		{"one point", point, []string{"collapse: all embeddings point the same way, with a mean similarity of 1.000", "no pair has weight: the loss is satisfied, or its miner leaves nothing"}},
		{"nearly", apart, nil},
		{"one pair", ruledMoment, []string{"one pair has 60 % of the weight"}},
		{"one pair and its image", mirrored, []string{"the weight is divided as among 3.9 ordered pairs", "the positive pairs have less than a thousandth of the weight"}},
		{"one of few", but(func(m *Moment) {
			m.Positive, m.Negative = Kind{Pairs: 2, Mass: 0.05, Largest: 0.5, Effective: 2}, Kind{Pairs: 10, Mass: 0.95, Largest: 1, Effective: 1}
		}), []string{"one pair has 95 % of the weight"}},
		{"most of few", few, nil},
		{"attracted", attracted, []string{"the negative pairs have less than a thousandth of the weight"}},
		{"balanced", balanced, nil},
	} {
		if got := test.moment.Remarks(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

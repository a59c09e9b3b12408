package metrics

import "gpwbench/benchmarks/retrieval"

var mrr = Metric{
	Name: "mrr", Title: "MRR", Family: Retrieval, Most: 1,
	Aliases: []string{"mean_reciprocal_rank", "reciprocal_rank"},
	Doc:     "mean of 1/rank of the best positive",
	Source:  "Voorhees, The TREC-8 Question Answering Track Report, 1999",
	Needs:   Best,
	Query: func(p *retrieval.Profile, _ Parameters) retrieval.Range {
		b := p.Best
		return retrieval.Range{
			Low:      1 / float64(b.Above+b.Tied+1),
			Expected: expectedReciprocal(b),
			High:     1 / float64(b.Above+1),
		}
	},
}

// expectedReciprocal is the mean of 1/rank of the first of p positives in a random order
// of them and e negatives. The first j are negatives and the next is not with the
// probability Π_{i<j} (e−i)/(e+p−i) · p/(e+p−j).
func expectedReciprocal(b retrieval.Tier) float64 {
	sum, none := 0.0, 1.0
	for j := range b.Tied + 1 {
		left := float64(b.Tied + b.Positives - j)
		sum += none * float64(b.Positives) / left / float64(b.Above+j+1)
		none *= float64(b.Tied-j) / left
	}
	return max(1/float64(b.Above+b.Tied+1), min(sum, 1/float64(b.Above+1)))
}

package metrics

import "gpwbench/benchmarks/retrieval"

var precision = Metric{
	Name: "precision", Title: "P", Family: Retrieval, Parameter: K, Default: 10, Most: 1,
	Aliases: []string{"p"},
	Doc:     "share of positives among the K most similar rows; the divisor is K, also where the gallery or the class has fewer",
	Source:  "Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.4",
	Needs:   FirstK,
	Query: func(p *retrieval.Profile, at Parameters) retrieval.Range {
		return ranged(p, func(p *retrieval.Profile) float64 { return found(p, at.K) / float64(at.K) })
	},
}

// found is the expected number of positives among the first k.
func found(p *retrieval.Profile, k int) float64 {
	sum := 0.0
	eachPlace(p, k, func(a place) { sum += a.share })
	return sum
}

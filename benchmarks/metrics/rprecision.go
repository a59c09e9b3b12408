package metrics

import "gpwbench/benchmarks/retrieval"

var rPrecision = Metric{
	Name: "r_precision", Title: "R-precision", Family: Retrieval, Most: 1,
	Aliases: []string{"rp", "r-precision", "precision@r", "p@r"},
	Doc:     "share of positives among the R most similar rows, R being the number of positives of the query",
	Source:  "Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.4",
	Needs:   FirstR,
	Query: func(p *retrieval.Profile, _ Parameters) retrieval.Range {
		return ranged(p, func(p *retrieval.Profile) float64 { return found(p, p.Positives) / float64(p.Positives) })
	},
}

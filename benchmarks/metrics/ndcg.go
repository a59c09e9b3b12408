package metrics

import (
	"math"

	"gpwbench/benchmarks/retrieval"
)

var ndcg = Metric{
	Name: "ndcg", Title: "nDCG", Family: Retrieval, Parameter: K, Default: 10, Most: 1,
	Doc:    "Σ_{i≤K} relevant(i)/log₂(i+1), over its value for a ranking with all positives first",
	Source: "Järvelin and Kekäläinen, ACM TOIS 20(4), 2002, with the gains 0 and 1; ties as in McSherry and Najork, ECIR 2008",
	Needs:  FirstK,
	Query: func(p *retrieval.Profile, at Parameters) retrieval.Range {
		ideal := 0.0
		for rank := 1; rank <= min(at.K, p.Positives); rank++ {
			ideal += discount(rank)
		}
		return ranged(p, func(p *retrieval.Profile) float64 {
			sum := 0.0
			eachPlace(p, at.K, func(a place) { sum += a.share * discount(a.rank) })
			return min(sum/ideal, 1)
		})
	},
}

func discount(rank int) float64 { return 1 / math.Log2(float64(rank+1)) }

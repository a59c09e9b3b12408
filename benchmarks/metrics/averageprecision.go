package metrics

import "gpwbench/benchmarks/retrieval"

var mapAtR = Metric{
	Name: "map_at_r", Title: "MAP@R", Family: Retrieval, Most: 1,
	Aliases: []string{"map@r", "mapr"},
	Doc:     "mean of (1/R) Σ_{i≤R} precision(i)·relevant(i), R being the number of positives of the query",
	Source:  "Musgrave, Belongie and Lim, A Metric Learning Reality Check, ECCV 2020, section 3.2",
	Needs:   FirstR,
	Query: func(p *retrieval.Profile, _ Parameters) retrieval.Range {
		return averagePrecision(p, p.Positives)
	},
}

var mapAtK = Metric{
	Name: "map", Title: "MAP", Family: Retrieval, Parameter: K, Default: 100, Most: 1,
	Doc:    "mean of (1/min(K, R)) Σ_{i≤K} precision(i)·relevant(i), so that a perfect ranking has 1 for any K",
	Source: "the metric of the Google Landmarks Retrieval challenge with divisor min(K, R); other codes divide by R or by the positives found",
	Needs:  FirstK,
	Query: func(p *retrieval.Profile, at Parameters) retrieval.Range {
		return averagePrecision(p, at.K)
	},
}

var fullMAP = Metric{
	Name: "map", Title: "MAP", Family: Retrieval, Most: 1,
	Aliases: []string{"mean_average_precision"},
	Doc:     "mean of (1/R) Σ precision(i)·relevant(i) over the whole ranking, the mAP of re-identification",
	Source:  "average precision as in Manning, Raghavan and Schütze, 2008, section 8.4; scikit-learn's average_precision_score without ties",
	Needs:   EveryRank,
	Query: func(p *retrieval.Profile, _ Parameters) retrieval.Range {
		return averagePrecision(p, p.Positives+p.Negatives)
	},
}

// averagePrecision is that of the first k ranks, over the positives that they can hold.
func averagePrecision(p *retrieval.Profile, k int) retrieval.Range {
	possible := float64(min(k, p.Positives))
	return ranged(p, func(p *retrieval.Profile) float64 {
		sum := 0.0
		eachPlace(p, k, func(a place) { sum += a.share * a.upto / float64(a.rank) })
		return sum / possible
	})
}

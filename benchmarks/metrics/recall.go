package metrics

import "gpwbench/benchmarks/retrieval"

var recall = Metric{
	Name: "recall", Title: "Recall", Family: Retrieval, Parameter: K, Default: 1, Most: 1,
	Aliases: []string{"r", "hit", "cmc", "hit_rate"},
	Doc:     "share of queries with fewer than K negatives strictly above the best positive: ties count for the query",
	Source:  "evaluations/ret_metric.py of research-ms-loss; the Recall@K of metric learning, which is the hit rate of information retrieval",
	Needs:   Best,
	Query: func(p *retrieval.Profile, at Parameters) retrieval.Range {
		r := bestRecall(p, at.K)
		return retrieval.Range{Low: r.Low, Expected: r.High, High: r.High}
	},
}

var recallPessimistic = Metric{
	Name: "recall_pessimistic", Title: "Recall, ties against", Family: Retrieval, Parameter: K, Default: 1, Most: 1,
	Doc:    "Recall@K with ties against the query",
	Source: "the lower end of the range that ties leave open",
	Needs:  Best,
	Query: func(p *retrieval.Profile, at Parameters) retrieval.Range {
		return exactly(bestRecall(p, at.K).Low)
	},
}

var recallExpected = Metric{
	Name: "recall_expected", Title: "Recall, expected", Family: Retrieval, Parameter: K, Default: 1, Most: 1,
	Doc:    "expectation of Recall@K over random orders of ties",
	Source: "1 − C(e, r)/C(e+p, r) for e negatives and p positives that tie for r places",
	Needs:  Best,
	Query:  func(p *retrieval.Profile, at Parameters) retrieval.Range { return bestRecall(p, at.K) },
}

// bestRecall is Recall@k of one query.
func bestRecall(p *retrieval.Profile, k int) retrieval.Range {
	b := p.Best
	r := retrieval.Range{Expected: retrieval.ExpectedHit(b.Above, b.Tied, b.Positives, k)}
	if b.Above+b.Tied < k {
		r.Low = 1
	}
	if b.Above < k {
		r.High = 1
	}
	return r
}

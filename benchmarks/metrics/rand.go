package metrics

import (
	"context"

	"gpwbench/benchmarks/retrieval"
)

var ari = Metric{
	Name: "ari", Title: "ARI", Family: Clustering, Least: -0.5, Most: 1,
	Aliases: []string{"adjusted_rand"},
	Doc:     "pairs of rows that k-means clusters and classes agree on, adjusted for chance; the mean over the starts",
	Source:  "Hubert and Arabie, Journal of Classification 2, 1985; scikit-learn's adjusted_rand_score",
	Whole: func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		return e.clustered(ctx, func(c *retrieval.Clustering) retrieval.Spread { return c.ARI })
	},
}

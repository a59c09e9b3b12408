package metrics

import (
	"context"
	"errors"

	"gpwbench/benchmarks/retrieval"
)

var nmi = Metric{
	Name: "nmi", Title: "NMI", Family: Clustering, Most: 1,
	Doc:    "mutual information of k-means clusters and classes over the mean of their entropies; the mean over the starts",
	Source: "Strehl and Ghosh, JMLR 3, 2002, with the arithmetic mean as in scikit-learn's normalized_mutual_info_score",
	Whole: func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		return e.clustered(ctx, func(c *retrieval.Clustering) retrieval.Spread { return c.NMI })
	},
}

var ami = Metric{
	Name: "ami", Title: "AMI", Family: Clustering, Least: -1, Most: 1,
	Doc:    "mutual information of k-means clusters and classes, adjusted for chance; the mean over the starts",
	Source: "Vinh, Epps and Bailey, JMLR 11, 2010, with the arithmetic mean as in scikit-learn's adjusted_mutual_info_score",
	Whole: func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		return e.clustered(ctx, func(c *retrieval.Clustering) retrieval.Spread { return c.AMI })
	},
}

// clustered returns a figure of the clustering of the queries, which is made once.
func (e *Evaluation) clustered(ctx context.Context, figure func(*retrieval.Clustering) retrieval.Spread) (Value, error) {
	c, err := once(e, "clustering", func() (*retrieval.Clustering, error) {
		c, why, err := retrieval.Cluster(ctx, e.Queries.Vectors, e.Queries.Labels, e.options.Starts)
		if e.Scores != nil {
			e.Scores.Clustering, e.Scores.NoClustering = c, why
		}
		if err == nil && why != "" {
			err = errors.New(why)
		}
		return c, err
	})
	if err != nil {
		return Value{}, err
	}
	s := figure(c)
	return Value{Range: retrieval.Range{Low: s.Low, Expected: s.Mean, High: s.High}}, nil
}

package metrics

import (
	"context"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/structure"
)

var uniformity = Metric{
	Name: "uniformity", Title: "Uniformity", Family: Structure, Least: -8, Most: 0, Lower: true,
	Doc:    "logarithm of the mean of exp(−2‖x − y‖²) over all pairs of rows at length 1",
	Source: "Wang and Isola, ICML 2020, with t = 2",
	Whole: ofRows(func(ctx context.Context, p *retrieval.Pairs) (structure.Figure, error) {
		return structure.Uniformity(ctx, p, 0)
	}),
}

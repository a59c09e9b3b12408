package metrics

import (
	"context"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/structure"
)

var alignment = Metric{
	Name: "alignment", Title: "Alignment", Family: Structure, Most: 4, Lower: true,
	Doc:    "mean squared distance of two rows of one class, at length 1, over all such pairs",
	Source: "Wang and Isola, ICML 2020, with α = 2; positive pairs are those of a class",
	Whole: ofRows(func(_ context.Context, p *retrieval.Pairs) (structure.Figure, error) {
		v, err := structure.Alignment(p)
		return structure.Figure{Low: v, Value: v, High: v}, err
	}),
}

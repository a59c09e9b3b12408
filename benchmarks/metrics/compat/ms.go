package compat

import (
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

var ms = Tool{
	Name: "ms", Title: "research-ms-loss", Aliases: []string{"ms_loss", "research_ms_loss", "retmetric"},
	Source: "ret_benchmark/data/evaluations/ret_metric.py at b68507d; the trainer prints recall@1 with three digits",
	variants: func(gallery bool) []variant {
		v := variant{
			rules: rules{similarity: retrieval.Dot, self: largest, lonely: stops},
			format: func(name string, v float64) string {
				if name == "recall@1" {
					return fmt.Sprintf("%.3f", v)
				}
				return digits(v)
			},
			stop: "IndexError: a class of one row has no second largest similarity",
			differences: []difference{
				{"similarity", "rows are compared by inner product as given, ours by cosine", func(r *rules) { r.similarity = retrieval.Cosine }},
				{"self", "the largest similarity of the class is taken for the query's own and left out, ours leaves it out by index", func(r *rules) { r.self = leftOut }},
				{"lonely", "a query without a positive stops the tool, ours leaves it out of the mean", func(r *rules) { r.lonely = notCounted }},
			},
			figures: []figure{hit("recall@1", 1)},
		}
		for _, k := range []int{1, 2, 4, 8} {
			v.figures = append(v.figures, hit(fmt.Sprintf("recall_k(%d)", k), k))
		}
		if gallery {
			v.stop = "ValueError: a query without a positive has no largest similarity"
			v.differences = append(v.differences[:1], v.differences[2])
		}
		return []variant{v}
	},
}

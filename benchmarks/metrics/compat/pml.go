package compat

import "gpwbench/benchmarks/retrieval"

var pml = Tool{
	Name: "pml", Title: "pytorch-metric-learning", Aliases: []string{"pytorch_metric_learning", "accuracycalculator"},
	Source: "AccuracyCalculator.get_accuracy of 2.9.0 with its defaults",
	Omits:  "NMI and AMI depend on the random starts of faiss",
	variants: func(bool) []variant {
		return []variant{{
			rules:  rules{similarity: retrieval.Euclidean, ordered: true},
			format: func(_ string, v float64) string { return digits(v) },
			differences: []difference{
				{"similarity", "rows are compared by distance as given, ours by cosine", func(r *rules) { r.similarity = retrieval.Cosine }},
				{"ties", "equal distances stand in the order of faiss, ours count for the query in Recall@K", func(r *rules) { r.ordered = false }},
			},
			figures: []figure{
				same("mean_average_precision", "map"),
				same("mean_average_precision_at_r", "map_at_r"),
				same("mean_reciprocal_rank", "mrr"),
				hit("precision_at_1", 1),
				same("r_precision", "r_precision"),
			},
		}}
	},
}

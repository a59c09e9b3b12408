package metrics

import "gpwbench/benchmarks/verification"

var rocAUC = Metric{
	Name: "roc_auc", Title: "ROC AUC", Family: Verification, Most: 1,
	Aliases: []string{"auc", "auroc"},
	Doc:     "probability that a pair of one class is more similar than a pair of two, over all pairs, with half for ties",
	Source:  "Hanley and McNeil, Radiology 143, 1982; scikit-learn's roc_auc_score",
	Whole:   ofPairs(func(s *verification.Scores) verification.Figure { return s.AUC }),
}

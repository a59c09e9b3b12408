package metrics

import "gpwbench/benchmarks/verification"

var balancedAccuracy = Metric{
	Name: "balanced_accuracy", Title: "Best balanced accuracy", Family: Verification, Most: 1,
	Aliases: []string{"best_balanced_accuracy"},
	Doc:     "largest mean, over thresholds, of the share of the pairs of one class that are accepted and of the pairs of two that are rejected",
	Source:  "Youden, Cancer 3, 1950: (J + 1)/2; the maximum over scikit-learn's roc_curve",
	Whole:   ofPairs(func(s *verification.Scores) verification.Figure { return s.Balanced.Figure }),
}

var balancedThreshold = Metric{
	Name: "balanced_threshold", Title: "Best-balanced threshold", Family: Verification, Least: -1, Most: 1, Plain: true, Neither: true,
	Aliases: []string{"best_balanced_threshold"},
	Doc:     "similarity from which pairs are accepted at the best balanced accuracy, the largest of several",
	Source:  "as balanced_accuracy",
	Whole:   thresholdOf(func(s *verification.Scores) verification.Point { return s.Balanced }),
}

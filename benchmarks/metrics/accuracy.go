package metrics

import "gpwbench/benchmarks/verification"

var accuracy = Metric{
	Name: "accuracy", Title: "Best accuracy", Family: Verification, Most: 1,
	Aliases: []string{"best_accuracy"},
	Doc:     "largest share of all pairs that one threshold is right about; where pairs of one class are rare, accepting none is right about most",
	Source:  "the maximum over scikit-learn's roc_curve",
	Whole:   ofPairs(func(s *verification.Scores) verification.Figure { return s.Accuracy.Figure }),
}

var accuracyThreshold = Metric{
	Name: "accuracy_threshold", Title: "Best-accuracy threshold", Family: Verification, Least: -1, Most: 1, Plain: true,
	Aliases: []string{"best_threshold"},
	Doc:     "similarity from which pairs are accepted at the best accuracy, the largest of several",
	Source:  "as accuracy",
	Whole:   thresholdOf(func(s *verification.Scores) verification.Point { return s.Accuracy }),
}

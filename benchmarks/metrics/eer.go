package metrics

import "gpwbench/benchmarks/verification"

var eer = Metric{
	Name: "eer", Title: "EER", Family: Verification, Most: 1, Lower: true,
	Aliases: []string{"equal_error_rate"},
	Doc:     "rate at which as many pairs of two classes are accepted as pairs of one class are rejected, on the ROC curve with straight lines",
	Source:  "ISO/IEC 19795-1; the root of fpr = 1 − tpr on scikit-learn's roc_curve",
	Whole:   ofPairs(func(s *verification.Scores) verification.Figure { return s.EER.Figure }),
}

var eerThreshold = Metric{
	Name: "eer_threshold", Title: "EER threshold", Family: Verification, Least: -1, Most: 1, Plain: true, Neither: true,
	Doc:    "similarity from which pairs are accepted at the equal error rate, that of the last pair of one class",
	Source: "as EER",
	Whole:  thresholdOf(func(s *verification.Scores) verification.Point { return s.EER }),
}

package metrics

import (
	"context"

	"gpwbench/benchmarks/verification"
)

var accuracy = Metric{
	Name: "accuracy", Title: "Best accuracy", Family: Verification, Most: 1,
	Aliases: []string{"best_accuracy"},
	Doc:     "largest share of all pairs that one threshold is right about; where pairs of one class are rare, accepting none is right about most",
	Source:  "the maximum over scikit-learn's roc_curve",
	Whole: func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		s, notes, err := e.verified(ctx)
		if err != nil {
			return Value{}, err
		}
		if s.Accuracy.None {
			notes = append(notes, "the best accuracy is that of accepting no pair: pairs of one class are rare, and no threshold accepts more of them than of others")
		}
		return figure(s.Accuracy.Figure, notes), nil
	},
}

var accuracyThreshold = Metric{
	Name: "accuracy_threshold", Title: "Best-accuracy threshold", Family: Verification, Least: -1, Most: 1, Plain: true, Neither: true,
	Aliases: []string{"best_threshold"},
	Doc:     "similarity from which pairs are accepted at the best accuracy, the largest of several",
	Source:  "as accuracy",
	Whole:   thresholdOf(func(s *verification.Scores) verification.Point { return s.Accuracy }),
}

package metrics

import (
	"context"
	"slices"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/verification"
)

var tarAtFAR = Metric{
	Name: "tar", Title: "TAR", Family: Verification, Most: 1,
	Aliases:   []string{"tpr", "true_accept_rate"},
	Parameter: Rate, Default: 0.001, RateOf: "far",
	Doc:    "largest share of the pairs of one class that a threshold accepts which accepts no more than that rate of the pairs of two",
	Source: "ISO/IEC 19795-1; the largest tpr with fpr ≤ FAR on scikit-learn's roc_curve, not interpolated",
	Whole: func(ctx context.Context, e *Evaluation, at Parameters) (Value, error) {
		p, notes, err := e.atFAR(ctx, at.Rate)
		if err != nil {
			return Value{}, err
		}
		return figure(p.Figure, notes), nil
	},
}

// atFAR returns the point of a false accept rate that is asked.
func (e *Evaluation) atFAR(ctx context.Context, far float64) (verification.Point, []string, error) {
	s, notes, err := e.verified(ctx)
	if err != nil {
		return verification.Point{}, nil, err
	}
	return s.AtFAR[slices.Index(s.FARs, far)], notes, nil
}

// less is 1 less a range.
func less(r retrieval.Range) retrieval.Range {
	return retrieval.Range{Low: 1 - r.High, Expected: 1 - r.Expected, High: 1 - r.Low}
}

package metrics

import (
	"context"
	"errors"
	"fmt"
)

var opis = Metric{
	Name: "opis", Title: "OPIS", Family: Verification, Most: 0.25, Lower: true,
	Aliases: []string{"threshold_inconsistency"},
	Doc:     "variance between classes of what a threshold achieves (harmonic mean of sensitivity and specificity), mean over thresholds of FAR 1 % to 10 %",
	Source:  "Zhang et al., Threshold-Consistent Margin Loss for Open-World Deep Metric Learning, ICLR 2024 (arXiv 2307.04047)",
	Whole: func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		s, notes, err := e.verified(ctx)
		if err != nil {
			return Value{}, err
		}
		if s.OPIS == nil {
			return Value{}, errors.New(s.NoOPIS)
		}
		notes = append(notes, fmt.Sprintf("OPIS is over %d classes and Euclidean distances %.4g to %.4g", s.OPIS.Classes, s.OPIS.From, s.OPIS.To))
		return Value{Range: exactly(s.OPIS.Score), Notes: notes}, nil
	},
}

package metrics

import (
	"context"
	"errors"
	"slices"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/verification"
)

var errCosines = errors.New("it is of cosines alone")

// verified returns the verification of all pairs, which is made once for all metrics of
// pairs that are asked, with the notes that belong to each.
func (e *Evaluation) verified(ctx context.Context) (*verification.Scores, []string, error) {
	if e.Rules.Similarity != retrieval.Cosine {
		return nil, nil, errCosines
	}

	s, err := once(e, "verification", func() (*verification.Scores, error) {
		o := e.askedOfPairs()
		if e.Gallery == nil {
			return verification.Evaluate(ctx, e.Queries.Vectors, e.Queries.Labels, o)
		}
		return verification.EvaluateGallery(ctx, e.Queries.Vectors, e.Queries.Labels, e.Gallery.Vectors, e.Gallery.Labels, o)
	})
	if err != nil {
		return nil, nil, reason(err)
	}

	notes := s.Remarks()
	if e.Rules.Groups != nil || e.Rules.NoCopies {
		notes = append(notes, "verification takes all pairs, also those of one group and those of copies")
	}
	return s, notes, nil
}

// askedOfPairs is what all asked metrics of pairs need, and no pass more.
func (e *Evaluation) askedOfPairs() verification.Options {
	o := verification.Options{AUCOnly: true, Sample: e.options.Pairs, Seed: e.options.Seed}
	for _, v := range e.Values {
		switch {
		case v.Family != Verification || v.Name == "roc_auc":
			continue
		case v.Name == "opis":
			o.OPIS = true
			continue
		case v.Parameter == Rate && !slices.Contains(o.FARs, v.Rate):
			o.FARs = append(o.FARs, v.Rate)
		}
		o.AUCOnly = false
	}
	return o
}

// figure is the value of a figure of pairs.
func figure(f verification.Figure, notes []string) Value {
	return Value{Range: retrieval.Range{Low: f.Low, Expected: f.Value, High: f.High}, Notes: notes}
}

// ofPairs makes the function of a metric that is a figure of the verification.
func ofPairs(of func(s *verification.Scores) verification.Figure) func(context.Context, *Evaluation, Parameters) (Value, error) {
	return func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		s, notes, err := e.verified(ctx)
		if err != nil {
			return Value{}, err
		}
		return figure(of(s), notes), nil
	}
}

// thresholdOf makes the function of a metric that is the threshold of a point.
func thresholdOf(of func(s *verification.Scores) verification.Point) func(context.Context, *Evaluation, Parameters) (Value, error) {
	return func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		s, notes, err := e.verified(ctx)
		if err != nil {
			return Value{}, err
		}
		p := of(s)
		if p.None {
			return Value{}, errors.New("no threshold is as good as accepting no pair")
		}
		return Value{Range: exactly(p.Threshold), Notes: notes}, nil
	}
}

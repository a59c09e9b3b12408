package metrics

import (
	"context"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/structure"
)

// pairs returns the pairs of the queries, of which metrics of structure are.
func (e *Evaluation) pairs() (p *retrieval.Pairs, notes []string, err error) {
	if e.Gallery != nil {
		notes = []string{"metrics of structure are of the queries alone"}
	}
	p, err = once(e, "pairs", func() (*retrieval.Pairs, error) {
		return retrieval.PairsOf(e.Queries.Vectors, e.Queries.Labels)
	})
	return p, notes, err
}

// ofRows makes the function of a metric of structure.
func ofRows(of func(ctx context.Context, p *retrieval.Pairs) (structure.Figure, error)) func(context.Context, *Evaluation, Parameters) (Value, error) {
	return func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		p, notes, err := e.pairs()
		if err != nil {
			return Value{}, err
		}
		f, err := of(ctx, p)
		if err != nil {
			return Value{}, reason(err)
		}
		return Value{Range: retrieval.Range{Low: f.Low, Expected: f.Value, High: f.High}, Notes: notes}, nil
	}
}

// ofSpectrum makes the function of a metric of the singular values, which are computed
// once.
func ofSpectrum(of func(values []float64) (float64, error)) func(context.Context, *Evaluation, Parameters) (Value, error) {
	return func(ctx context.Context, e *Evaluation, _ Parameters) (Value, error) {
		p, notes, err := e.pairs()
		if err != nil {
			return Value{}, err
		}
		values, err := once(e, "singular values", func() ([]float64, error) { return structure.SingularValues(ctx, p, 0) })
		if err != nil {
			return Value{}, err
		}
		v, err := of(values)
		if err != nil {
			return Value{}, reason(err)
		}
		return Value{Range: exactly(v), Notes: notes}, nil
	}
}

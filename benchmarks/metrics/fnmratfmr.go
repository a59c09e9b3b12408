package metrics

import "context"

var fnmrAtFMR = Metric{
	Name: "fnmr", Title: "FNMR", Family: Verification, Most: 1, Lower: true,
	Aliases:   []string{"frr", "fnr"},
	Parameter: Rate, Default: 0.001, RateOf: "fmr",
	Doc:    "smallest share of the pairs of one class that a threshold rejects which accepts no more than that rate of the pairs of two",
	Source: "ISO/IEC 19795-1; 1 less TAR at that FAR. OML's fnmr@fmr interpolates the quantile of the distances of pairs of two classes",
	Whole: func(ctx context.Context, e *Evaluation, at Parameters) (Value, error) {
		p, notes, err := e.atFAR(ctx, at.Rate)
		if err != nil {
			return Value{}, err
		}
		v := figure(p.Figure, notes)
		v.Range = less(v.Range)
		return v, nil
	},
}

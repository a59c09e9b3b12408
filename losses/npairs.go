package losses

import "gpwbench/internal/f64"

// NPairs is the (N+1)-tuplet loss over all positive pairs of the batch:
//
//	L = (1/|P|) Σ_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − S_ip)})
//
// A positive competes with the anchor's negatives, and not with its other positives. The
// source is Sohn, NIPS 2016, as the General Pair Weighting paper reads it. The vectors
// have unit length, and every positive pair is a tuplet of its own. It is the same as
// [NTXent] with temperature 1/s. A positive pair without negatives has the value 0 and
// counts in |P|.
type NPairs struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"scale of the similarities, an inverse temperature"`
}

// EvalAnchor implements [AnchorLoss].
func (l NPairs) EvalAnchor(a *Anchor) (sum, terms float64) {
	terms = float64(len(a.Pos))
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return 0, terms
	}

	all := LogSumExp(Scaled(a.GNeg, a.Neg, l.Scale, 0))
	pull := 0.0
	for k, s := range a.Pos {
		z := all - l.Scale*s
		value, share := SoftplusSlope(z)
		sum += value
		a.GPos[k] = -l.Scale * share
		pull += share
	}

	f64.Scale(a.GNeg, a.GNeg, l.Scale*pull, 0)
	return sum, terms
}

var npairs = Spec{
	Name:     "npairs",
	Title:    "N-pairs",
	Cite:     "Sohn, NIPS 2016",
	Year:     2016,
	Family:   Tuples,
	Formula:  "L = (1/|P|) Σ_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − S_ip)})",
	Table1:   Axes{N},
	Revision: 1,
	Presets: []Preset{
		{Name: "all_pairs", Source: "Sohn, NIPS 2016, over all positive pairs of unit vectors", Form: "losses.NPairs", Value: NPairs{Scale: 1}, Oracle: "golden npair_allpairs"},
	},
}

package losses

// BinLifted is half the sum of [BinomialDeviance] and [LiftedStar] with the same scales.
// A weight depends on the pair's own similarity and on the anchor's other pairs of the
// same kind:
//
//	L = ½ L_binomial + ½ L_lifted*
//
// It is a row of Table 1 and of the ablation of Wang et al., CVPR 2019. The paper says
// that the weights are averaged, but not with which prefactors. The half sum is this
// project's reading, and Scaled is another. An anchor that lacks one side keeps the
// binomial half of the other.
type BinLifted struct {
	Alpha  float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
	Beta   float64 `yaml:"beta" alias:"scale_neg" sym:"β" in:"(0,inf)" doc:"scale of the negatives"`
	Lambda float64 `yaml:"lambda" alias:"base,thresh,margin" sym:"λ" in:"[-1,1]" doc:"threshold of the binomial half"`

	// Scaled is BinomialDeviance.Scaled of the binomial half. With it both halves have
	// weights between 0 and 2, over m, so neither half hides the other. That is the
	// reading of Table 1 in which all rows of the ablation are on one scale. Without it
	// negatives weigh up to β in the binomial half, which hides the other half.
	Scaled bool
}

// EvalAnchor implements [AnchorLoss].
func (l BinLifted) EvalAnchor(a *Anchor) (sum, terms float64) {
	star, _ := LiftedStar{Alpha: l.Alpha, Beta: l.Beta}.EvalAnchor(a)
	pos, neg := a.Scratch(len(a.Pos)), a.Scratch(len(a.Neg))
	copy(pos, a.GPos)
	copy(neg, a.GNeg)

	binomial, _ := BinomialDeviance(l).EvalAnchor(a)
	average(a.GPos, pos)
	average(a.GNeg, neg)
	return (star + binomial) / 2, 1
}

func average(g, other []float64) {
	for k := range g {
		g[k] = (g[k] + other[k]) / 2
	}
}

var binlifted = Spec{
	Name:     "binlifted",
	Title:    "BinLifted",
	Cite:     "Wang et al., CVPR 2019, Table 1 and ablation",
	Year:     2019,
	Family:   Tuples,
	Formula:  "L = ½ L_binomial + ½ L_lifted*",
	Table1:   Axes{S, N},
	Revision: 1,
	Presets: []Preset{
		{Name: "half", Source: "half the sum of binomial_deviance.gpw and lifted_structure.star", Form: "losses.BinLifted", Value: BinLifted{Alpha: 2, Beta: 40, Lambda: 0.5}, Oracle: "golden binlifted_half"},
		{Name: "deep_metric", Source: "half the sum of binomial_deviance.deep_metric and lifted_structure.deep_metric; the authors' earlier code does not have the row: the same as half", Code: codeDeepMetric, Form: "losses.BinLifted", Value: BinLifted{Alpha: 2, Beta: 40, Lambda: 0.5}, Oracle: "golden binlifted_half"},
		{Name: "scaled", Source: "half the sum of binomial_deviance.scaled and lifted_structure.star: the ablation's row on the scale of the others", Form: "losses.ScaledBinLifted", Value: BinLifted{Alpha: 2, Beta: 40, Lambda: 0.5, Scaled: true}, Oracle: "finite differences; the halves"},
	},
}

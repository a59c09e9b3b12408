package losses

// BinLifted is half the sum of [BinomialDeviance] and [LiftedStar] with the same scales: weights that depend on a pair's own
// similarity and on the anchor's other pairs of the same kind.
//
//	L = ½ L_binomial + ½ L_lifted*
//
// A row of Table 1 and of the ablation of Wang et al., CVPR 2019, which says that the weights are averaged and not with which
// prefactors: the half sum is this project's reading.
type BinLifted struct {
	Alpha  float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
	Beta   float64 `yaml:"beta" alias:"scale_neg" sym:"β" in:"(0,inf)" doc:"scale of the negatives"`
	Lambda float64 `yaml:"lambda" alias:"base,thresh,margin" sym:"λ" in:"[-1,1]" doc:"threshold of the binomial half"`
}

// Anchor implements [Anchored].
func (l BinLifted) Anchor(a *Anchor) (sum, terms float64) {
	star, _ := LiftedStar{Alpha: l.Alpha, Beta: l.Beta}.Anchor(a)
	pos, neg := a.Scratch(len(a.Pos)), a.Scratch(len(a.Neg))
	copy(pos, a.GPos)
	copy(neg, a.GNeg)
	binomial, _ := BinomialDeviance(l).Anchor(a)
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
	Uses:     Self | NegRel,
	Revision: 1,
	Presets: []Preset{
		{Name: "half", Source: "half the sum of binomial_deviance.gpw and lifted_structure.star", Value: BinLifted{Alpha: 2, Beta: 40, Lambda: 0.5}, Oracle: "golden binlifted_half"},
	},
}

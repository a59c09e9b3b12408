package losses

// TCM is the threshold-consistent margin. It is a regulariser that moves the hard pairs
// of all classes towards the same two similarities:
//
//	L = λ₊ mean over positives S ≤ m₊ of (m₊ − S)
//	  + λ₋ mean over negatives S ≥ m₋ of (S − m₋)
//
// The source is Zhang et al., ICLR 2024, which adds it to another loss. A pair exactly at
// its margin counts in the divisor. The two sides are separate means. A batch that lacks
// one has the other.
type TCM struct {
	LambdaPos float64 `yaml:"lambda_pos" sym:"λ₊" in:"[0,inf)" doc:"weight of the positives' mean"`
	LambdaNeg float64 `yaml:"lambda_neg" sym:"λ₋" in:"[0,inf)" doc:"weight of the negatives' mean"`
	MarginPos float64 `yaml:"margin_pos" sym:"m₊" in:"[-1,1]" doc:"similarity up to which a positive is pulled"`
	MarginNeg float64 `yaml:"margin_neg" sym:"m₋" in:"[-1,1]" doc:"similarity from which a negative is pushed"`
}

// EvalSides implements [PerSideLoss].
func (l TCM) EvalSides(a *Anchor) (pos, neg SideSum) {
	for k, s := range a.Pos {
		if s <= l.MarginPos {
			pos.Sum, pos.Terms = pos.Sum+l.LambdaPos*(l.MarginPos-s), pos.Terms+1
			a.GPos[k] = -l.LambdaPos
		}
	}

	for k, s := range a.Neg {
		if s >= l.MarginNeg {
			neg.Sum, neg.Terms = neg.Sum+l.LambdaNeg*(s-l.MarginNeg), neg.Terms+1
			a.GNeg[k] = l.LambdaNeg
		}
	}

	return pos, neg
}

var tcm = Spec{
	Name:     "tcm",
	Title:    "TCM",
	Cite:     "Zhang et al., ICLR 2024",
	Year:     2024,
	Family:   Pairwise,
	Formula:  "L = λ₊ mean_{P, S≤m₊} (m₊ − S) + λ₋ mean_{N, S≥m₋} (S − m₋)",
	Traits:   CountDivisor,
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.TCM", Value: TCM{LambdaPos: 1, LambdaNeg: 1, MarginPos: 0.9, MarginNeg: 0.5}, Oracle: "golden tcm"},
	},
}
